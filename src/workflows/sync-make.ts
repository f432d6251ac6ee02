import { KprepError } from "../errors.ts";
import { timed } from "../host/durations.ts";
import { make } from "../host/make.ts";
import type { Progress } from "../host/progress.ts";
import { isSplit, parseProgressLine } from "../kernel/kbuild/progress-line.ts";
import type { StageTime } from "../report/sync-report.ts";
import type { MakeAction } from "../tree/plan/action.ts";
import type { Tree } from "../tree/tree.ts";

export interface StageRequest {
	action: MakeAction;
	tree: Tree;
	/** NAME=VALUE words: the same settings that the tree's GNUmakefile will hand to later makes. */
	words: string[];
	jobs: number;
	/** Stop as soon as the configuration is split. */
	untilSplit: boolean;
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/** Runs one make of the plan, its lines shown as progress. Stopping at the SPLIT line of old trees is no failure; an abort is "interrupted". */
export async function runStage(request: StageRequest): Promise<StageTime> {
	const { action, tree, progress, untilSplit } = request;
	const lines: Record<string, number> = {};
	const reached = new AbortController();
	const stop = () => reached.abort();
	request.signal?.addEventListener("abort", stop, { once: true });
	const onLine = (line: string) => {
		const parsed = parseProgressLine(line);
		if (parsed === null) return;
		lines[parsed.word] = (lines[parsed.word] ?? 0) + 1;
		progress.note(`${parsed.word} ${parsed.what}`);
		if (untilSplit && isSplit(parsed)) stop();
	};
	progress.step(`make ${action.goals.join(" ")}`, tree.output);
	const asks = action.goals.includes(tree.goals.config) && tree.goals.answers !== "";
	const run = () =>
		make({
			...{
				srctree: tree.path,
				objtree: tree.output,
				goals: action.goals,
				words: request.words,
				jobs: request.jobs,
			},
			...{ progress, signal: reached.signal, onLine },
			...(asks ? { input: tree.goals.answers } : {}),
		});
	try {
		const { seconds } = await timed(`${action.goals.join(" ")} -j${request.jobs}`, progress, run);
		if (request.signal?.aborted)
			throw new KprepError("interrupted", "interrupted", "interrupted while make was running");
		return { name: action.goals.join(" "), seconds, lines };
	} finally {
		request.signal?.removeEventListener("abort", stop);
	}
}
