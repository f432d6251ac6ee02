import type { ManyProgress, Progress } from "../../host/progress.ts";

/** Rows shown one after another on a single progress, each line with its row's name: for logs. */
export function namedRows(progress: Progress): ManyProgress {
	return {
		begin() {},
		row: (name) => ({
			step: (step, detail) => progress.step(`${name}: ${step}`, detail),
			note: (text) => progress.note(`${name}: ${text}`),
			expect: (text) => progress.expect?.(`${name}: ${text}`),
			warn: (text) => progress.warn(`${name}: ${text}`),
			verbose: (text) => progress.verbose(`${name}: ${text}`),
			done() {},
		}),
		done: () => progress.done(),
	};
}
