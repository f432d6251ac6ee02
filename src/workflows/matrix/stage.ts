import { asKprepError, type KprepError } from "../../errors.ts";
import { cacheFailure } from "../../host/machine/cache.ts";
import type { Progress } from "../../host/progress.ts";
import type { Stage } from "../../report/matrix/document.ts";

/** A failure with the stage in which it happened. */
export class StageFailure extends Error {
	readonly stage: Stage;
	readonly error: KprepError;

	constructor(stage: Stage, error: KprepError) {
		super(error.message, { cause: error });
		this.stage = stage;
		this.error = error;
	}
}

/** Does the work of a stage; what it throws becomes a StageFailure, but for an interruption, which ends everything. */
export async function atStage<T>(
	stage: Stage,
	signal: AbortSignal | undefined,
	work: () => Promise<T>,
): Promise<T> {
	signal?.throwIfAborted();
	try {
		return await work();
	} catch (thrown) {
		if (thrown instanceof StageFailure) throw thrown;
		const error = cacheFailure(thrown) ?? asKprepError(thrown);
		if (signal?.aborted || error.kind === "interrupted") throw error;
		throw new StageFailure(stage, error);
	}
}

/** Of what was run for one cell. */
const KEPT_LINES = 200;

/** The same progress, with the last lines kept of everything that is said and run. */
export function recorded(progress: Progress): { progress: Progress; lines: () => string[] } {
	let lines: string[] = [];
	const keep = (text: string) => {
		lines.push(text);
		if (lines.length > 2 * KEPT_LINES) lines = lines.slice(-KEPT_LINES);
	};
	return {
		progress: {
			step(name, detail) {
				keep(detail ? `${name}: ${detail}` : name);
				progress.step(name, detail);
			},
			note: (text) => progress.note(text),
			expect: (text) => progress.expect?.(text),
			warn(text) {
				keep(`warning: ${text}`);
				progress.warn(text);
			},
			verbose(text) {
				keep(text);
				progress.verbose(text);
			},
			done: () => progress.done(),
		},
		lines: () => lines.slice(-KEPT_LINES),
	};
}
