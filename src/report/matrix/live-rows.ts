import type { ManyProgress } from "../../host/progress.ts";
import { printable } from "../../printable.ts";
import { say } from "../output.ts";

interface Row {
	show(text: string): void;
	rename(title: string): void;
	end(): void;
}

/** Rows side by side on a terminal, each with its step, its latest line and its time (listr2). Warnings come at the end. */
export async function liveRows(): Promise<ManyProgress> {
	const { Listr, ListrLogger, PRESET_TIMER, ProcessOutput } = await import("listr2");
	const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
	const warnings = new Set<string>();
	const rows = new Map<string, Row>();
	let running: Promise<unknown> = Promise.resolve();
	return {
		begin(names) {
			const tasks = names.map((name) => {
				const row: Row = { show() {}, rename() {}, end() {} };
				const ended = new Promise<void>((resolve) => {
					row.end = resolve;
				});
				rows.set(name, row);
				return {
					title: printable(name),
					task: (_: unknown, task: { title?: string; output?: unknown }) => {
						row.show = (text) => {
							task.output = text;
						};
						row.rename = (title) => {
							task.title = title;
						};
						return ended;
					},
				};
			});
			running = new Listr(tasks as never, {
				...{ concurrent: true, registerSignalListeners: false },
				rendererOptions: { logger: logger as never, timer: PRESET_TIMER },
			}).run();
		},
		row(name) {
			const row = rows.get(name);
			return {
				step: (step, detail = "") =>
					row?.rename(printable(`${name}: ${step}${detail === "" ? "" : ` ${detail}`}`)),
				note: (text) => row?.show(printable(text)),
				warn: (text) => void warnings.add(printable(`${name}: ${text}`)),
				verbose() {},
				done() {
					row?.rename(printable(name));
					row?.end();
				},
			};
		},
		async done() {
			for (const { end } of rows.values()) end();
			await running;
			for (const warning of warnings) say(`warning: ${warning}\n`);
			warnings.clear();
		},
	};
}
