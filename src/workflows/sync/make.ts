import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KprepError } from "../../errors.ts";
import { timed } from "../../host/machine/durations.ts";
import { make } from "../../host/process/make.ts";
import type { Progress } from "../../host/progress.ts";
import { isSplit, parseProgressLine } from "../../kernel/kbuild/progress-line.ts";
import type { StageTime } from "../../report/sync/sync-report.ts";
import type { MakeAction } from "../../tree/plan/action.ts";
import type { Tree } from "../../tree/tree.ts";

export interface StageRequest {
	action: MakeAction;
	tree: Tree;
	/** ARCH word of the target. */
	arch: string;
	/** NAME=VALUE words: the same settings that the tree's GNUmakefile will hand to later makes. */
	words: string[];
	/** As those settings have it: PATH and what else the build's programs read. */
	env?: Record<string, string>;
	jobs: number;
	/** Stop as soon as the configuration is split. */
	untilSplit: boolean;
	/** Called with the process group of make when it starts. */
	onStart: (pid: number) => void;
	/** Called with what each line of its output names. */
	onNamed: (what: string) => void;
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/** Runs one make of the plan, its lines shown as progress. Stopping at the SPLIT line of old trees is no failure; an abort is "interrupted". */
export async function runStage(request: StageRequest): Promise<StageTime> {
	const { action, tree, progress, untilSplit, onStart } = request;
	throwIfInterrupted(request);
	const lines: Record<string, number> = {};
	const reached = new AbortController();
	const stop = () => reached.abort();
	request.signal?.addEventListener("abort", stop, { once: true });
	const before = markerTime(tree.output);
	const onLine = (line: string) => {
		const parsed = parseProgressLine(line);
		if (parsed === null) return;
		request.onNamed(parsed.what);
		lines[parsed.word] = (lines[parsed.word] ?? 0) + 1;
		progress.note(`${parsed.word} ${parsed.what}`);
		if (untilSplit && isSplit(parsed)) void splitDone(tree.output, before).then(stop);
	};
	progress.step(`make ${action.goals.join(" ")}`, tree.output);
	const asks = action.goals.includes(tree.goals.config) && tree.goals.answers !== "";
	const command = {
		...{
			srctree: tree.path,
			objtree: tree.output,
			goals: action.goals,
			words: request.words,
			env: request.env ?? {},
			jobs: request.jobs,
		},
		...{ progress, signal: reached.signal },
	};
	const run = () => make({ ...command, onStart, onLine, ...(asks ? { input: tree.goals.answers } : {}) });
	try {
		const { seconds } = await timed(`${action.goals.join(" ")} -j${request.jobs}`, progress, run);
		throwIfInterrupted(request);
		return { name: action.goals.join(" "), seconds, lines };
	} catch (error) {
		throwIfInterrupted(request);
		const { explainedFailure } = await import("./failure.ts");
		throw await explainedFailure(error, command, request.arch);
	} finally {
		request.signal?.removeEventListener("abort", stop);
	}
}

function throwIfInterrupted({ signal }: StageRequest): void {
	if (signal?.aborted)
		throw new KprepError("interrupted", "interrupted", "interrupted while make was running");
}

/** The line comes before scripts/basic/split-include runs, and MARKER is touched when it is through (Makefile, up to 2.6.17). */
async function splitDone(objtree: string, before: number | undefined): Promise<void> {
	for (let waited = 0; waited < 10_000 && markerTime(objtree) === before; waited += 20) await sleep(20);
}

function markerTime(objtree: string): number | undefined {
	return statSync(join(objtree, "include/config/MARKER"), { throwIfNoEntry: false })?.mtimeMs;
}
