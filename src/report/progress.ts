import type { Progress } from "../host/progress.ts";
import { printable } from "../printable.ts";
import { draw, say, terminalWidth } from "./output.ts";

/** To the start of the line, and nothing on it (ECMA-48 CR, EL). */
const CLEAR = "\r\x1b[K";

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
		if (shown) draw(CLEAR);
		shown = false;
	};
	const redraw = () => {
		const elapsed = (Date.now() - started) / 1000;
		if (elapsed < 1) return;
		const line = `${current} ${elapsed.toFixed(0)}s${expected} ${note}`;
		draw(CLEAR, line.slice(0, terminalWidth() - 1));
		shown = true;
	};
	return {
		step(name, detail = "") {
			current = printable(detail ? `${name}: ${detail}` : name);
			note = "";
			expected = "";
			if (flags.quiet) return;
			if (live) {
				timer ??= setInterval(redraw, 200).unref();
				redraw();
			} else {
				say(`${current}\n`);
			}
		},
		note(text) {
			note = printable(text);
		},
		expect(text) {
			expected = ` (${text})`;
			if (!live && !flags.quiet) say(`  ${text}\n`);
		},
		warn(text) {
			if (flags.quiet) return;
			clear();
			say(`warning: ${text}\n`);
		},
		verbose(text) {
			if (!flags.verbose) return;
			clear();
			say(`${text}\n`);
		},
		done() {
			clearInterval(timer);
			timer = undefined;
			clear();
		},
	};
}
