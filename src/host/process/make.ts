import { KprepError } from "../../errors.ts";
import { commandsFor, remedyFor } from "../../kernel/failures/catalogue.ts";
import { LogReader } from "../../kernel/failures/reading/log-reader.ts";
import { readMakeFailure } from "../../kernel/kbuild/failure.ts";
import { Root } from "../files/root.ts";
import { type Distribution, readDistribution } from "../machine/distribution.ts";
import { installLine } from "../packages/tools.ts";
import type { Progress } from "../progress.ts";
import { failureText } from "./failure.ts";
import { warnAboutRoot } from "./foreign-code.ts";
import { findProgram } from "./program.ts";
import { attempt, type RunResult } from "./run.ts";

export interface MakeRequest {
	srctree: string;
	/** The same as srctree when the build is in place. */
	objtree: string;
	goals: string[];
	/** NAME=VALUE words for the command line. */
	words?: string[];
	/** -j; left out under a jobserver of a make above. */
	jobs: number;
	/** What goal asks for on stdin; closed when absent, so that no question can block. */
	input?: string;
	env?: Record<string, string | undefined>;
	/** The working folder, which external modules see as $(PWD); default: this process's own. */
	cwd?: string;
	onStart?: (pid: number) => void;
	onLine?: (line: string) => void;
	/** false: whoever calls explains the failure with the facts of its own target; default: the catalogue's words go along. */
	explains?: boolean;
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/** Variables of a calling shell or make that would change what kbuild does without the user having asked for it here. */
const CLEANED = {
	KBUILD_OUTPUT: undefined,
	KBUILD_EXTMOD: undefined,
	LOCALVERSION: undefined,
	KERNELRELEASE: undefined,
	LC_ALL: "C",
};

/**
 * Runs kbuild: `make -C SRCTREE [O=OBJTREE] [-jN] WORDS GOALS`. Throws KprepError "command" whose text has the first
 * error, the last lines and the command, and whose suggestions name the packages of tools that were missing.
 */
export async function make(request: MakeRequest): Promise<RunResult> {
	for (const folder of new Set([request.srctree, request.objtree])) warnAboutRoot(folder, request.progress);
	const command = makeCommand(request);
	const { progress, signal, onStart, onLine, input } = request;
	const result = await attempt(command, {
		env: { ...CLEANED, ...request.env, ...(request.cwd === undefined ? {} : { PWD: request.cwd }) },
		...(request.cwd === undefined ? {} : { cwd: request.cwd }),
		progress,
		signal,
		...(input === undefined ? {} : { input }),
		...(onStart === undefined ? {} : { onStart }),
		...(onLine === undefined ? {} : { onLine }),
	});
	if (result.status === 0 || result.stopped) return result;
	throw makeError(result, request);
}

/** The command line of `make` for a request. */
export function makeCommand({ srctree, objtree, goals, words = [], jobs }: MakeRequest): string[] {
	const underJobserver = /--jobserver-(?:auth|fds)=/.test(process.env.MAKEFLAGS ?? "");
	return [
		"make",
		"-C",
		srctree,
		...(objtree === srctree ? [] : [`O=${objtree}`]),
		...(underJobserver ? [] : [`-j${jobs}`]),
		...words,
		...goals,
	];
}

function makeError(
	result: RunResult,
	{ srctree, explains = true }: Pick<MakeRequest, "srctree" | "explains">,
): KprepError {
	const output = `${result.stderr}\n${result.stdout}`;
	const { first, missing } = readMakeFailure(output.split("\n"));
	const distribution = readDistribution(new Root());
	const install = missing.length === 0 ? null : installLine(missing, distribution);
	return new KprepError("command", "make-failed", failureText(result), {
		...(first === null ? {} : { found: first }),
		...(missing.length === 0 ? {} : { expected: `${missing.join(", ")} on this machine` }),
		where: srctree,
		suggestions: unique([
			...(install === null ? [] : [install]),
			...(explains ? diagnosed(output, distribution) : []),
			...(missing.length > 0 ? ["kprep doctor"] : ["the same command with --verbose"]),
		]),
	});
}

function unique(lines: string[]): string[] {
	return [...new Set(lines)];
}

/** What the catalogue says about the output: its remedy and commands, in the words that `kprep explain` uses. */
function diagnosed(output: string, distribution: Distribution | null): string[] {
	const reader = new LogReader();
	reader.feed(new TextEncoder().encode(output));
	const [top] = reader.finish().diagnoses;
	if (top === undefined) return [];
	const { id } = top.entry;
	return [
		remedyFor(id, top.details),
		...commandsFor(id, top.details, (tools) => installLine(tools, distribution)).filter(compilerIsHere),
	];
}

/** A command that names a compiler which is not on this machine helps nobody here. */
function compilerIsHere(command: string): boolean {
	const named = [...command.matchAll(/(?:^|\s)(?:HOST)?CC=([\w.+/-]+)/g)].map(([, name = ""]) => name);
	return named.every((name) => findProgram(name) !== null);
}
