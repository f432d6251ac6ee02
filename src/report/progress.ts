import type { Progress } from "../host/progress.ts";
import { printable } from "./printable.ts";

/**
 * Progress on stderr: one live line on a terminal, plain lines in a log, nothing with --quiet.
 * The first second is silent, so that quick commands print their result only.
 */
export function terminalProgress(flags: { quiet?: boolean; verbose?: boolean }): Progress {
	const live = process.stderr.isTTY === true && !flags.verbose && process.env.TERM !== "dumb";
	const started = Date.now();
	let current = "";
	let note = "";
	let expected = "";
	let shown = false;
	let timer: NodeJS.Timeout | undefined;

	const clear = () => {
		if (shown) process.stderr.write("\r\x1b[K");
		shown = false;
	};
	const draw = () => {
		const elapsed = (Date.now() - started) / 1000;
		if (elapsed < 1) return;
		const width = (process.stderr.columns ?? 80) - 1;
		process.stderr.write(`\r\x1b[K${`${current} ${elapsed.toFixed(0)}s${expected} ${note}`.slice(0, width)}`);
		shown = true;
	};
	return {
		step(name, detail = "") {
			current = detail ? `${name}: ${detail}` : name;
			note = "";
			expected = "";
			if (flags.quiet) return;
			if (live) {
				timer ??= setInterval(draw, 200).unref();
				draw();
			} else {
				process.stderr.write(`${current}\n`);
			}
		},
		note(text) {
			note = printable(text);
		},
		expect(text) {
			expected = ` (${text})`;
			if (!live && !flags.quiet) process.stderr.write(`  ${text}\n`);
		},
		warn(text) {
			if (flags.quiet) return;
			clear();
			process.stderr.write(`warning: ${text}\n`);
		},
		verbose(text) {
			if (!flags.verbose) return;
			clear();
			process.stderr.write(`${text}\n`);
		},
		done() {
			clearInterval(timer);
			timer = undefined;
			clear();
		},
	};
}
