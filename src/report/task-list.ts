import type { Progress } from "../host/progress.ts";
import { printable } from "../printable.ts";
import { say } from "./output.ts";

interface Step {
	title: string;
	/** Ends the step; it is drawn as done. */
	end(): void;
	ended: Promise<void>;
	show: (text: string) => void;
	rename: (title: string) => void;
}

/**
 * Progress of a long job as a task list on stderr, each step with its elapsed time and latest line (listr2). For
 * terminals only. Warnings are printed between two steps, so that they do not tear the list.
 */
export async function taskList(): Promise<Progress> {
	const { Listr, ListrLogger, PRESET_TIMER, ProcessOutput } = await import("listr2");
	const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
	let current: Step | null = null;
	let warnings: string[] = [];
	let shown: Promise<void> = Promise.resolve();
	const sayWarnings = () => {
		for (const warning of warnings) say(`warning: ${warning}\n`);
		warnings = [];
	};
	const show = async (step: Step) => {
		sayWarnings();
		const list = new Listr(
			[
				{
					title: step.title,
					task: (_, task) => {
						step.show = (text) => {
							task.output = text;
						};
						step.rename = (title) => {
							task.title = title;
						};
						return step.ended;
					},
				},
			],
			{ registerSignalListeners: false, rendererOptions: { logger: logger as never, timer: PRESET_TIMER } },
		);
		await list.run();
		sayWarnings();
	};
	return {
		step(name, detail = "") {
			current?.end();
			const step = newStep(printable(detail ? `${name}: ${detail}` : name));
			current = step;
			shown = shown.then(() => show(step));
		},
		note(text) {
			current?.show(printable(text));
		},
		expect(text) {
			if (current === null) return;
			current.title += ` (${text})`;
			current.rename(current.title);
		},
		warn(text) {
			warnings.push(printable(text));
		},
		verbose() {},
		async done() {
			current?.end();
			current = null;
			await shown;
			sayWarnings();
		},
	};
}

function newStep(title: string): Step {
	let end = () => {};
	const ended = new Promise<void>((resolve) => {
		end = resolve;
	});
	return { title, end, ended, show() {}, rename() {} };
}
