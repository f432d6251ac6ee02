import { openRepository, type Repository } from "../git/repository.ts";
import { attempt, run } from "../process/run.ts";
import type { Progress } from "../progress.ts";

/** For repositories that kprep itself has just made: no hooks of the user's templates. */
const SAFE = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];

/** A git clone on this machine, read only. */
export interface GitClone {
	path: string;
	repository: Pick<Repository, "command" | "env">;
	/** It lacks history: what is not found may still be fetched. */
	shallow: boolean;
	/** Address of `origin`; null when it has none. */
	remote: string | null;
}

/**
 * The clone at `path`; null when there is no git at its top, no git program, or git refuses the folder. Nothing that
 * the clone names is run. It is to be closed.
 */
export function openClone(path: string): GitClone | null {
	const repository = openRepository(path);
	if (repository === null) return null;
	const shallow = repository.ask(["rev-parse", "--is-shallow-repository"]);
	if (shallow === null) {
		repository.close();
		return null;
	}
	return { path, repository, shallow: shallow === "true", remote: repository.setting("remote.origin.url") };
}

/** The first of `names` (tags, or abbreviated commits) that the clone has a commit for. */
export async function firstCommit(clone: GitClone, names: string[]): Promise<string | null> {
	for (const name of names) {
		const words = ["rev-parse", "-q", "--verify", "--end-of-options", `${name}^{commit}`];
		if ((await ask(clone, words)) !== null) return name;
	}
	return null;
}

/** Text of a file at a commit; null when it is not there. */
export function fileAt(clone: GitClone, commit: string, path: string): Promise<string | null> {
	return ask(clone, ["cat-file", "blob", `${commit}:${path}`]);
}

/** Names at the top of the tree of a commit. */
export async function namesAt(clone: GitClone, commit: string): Promise<string[]> {
	return ((await ask(clone, ["ls-tree", "--name-only", "-z", commit])) ?? "").split("\0").filter(Boolean);
}

/** The command that writes the tree of a commit as a tar with one folder at its top, and its variables. */
export function archiveCommand(
	{ command, env }: GitClone["repository"],
	commit: string,
): { command: string[]; env: Record<string, string | undefined> } {
	return { command: [...command, "archive", "--format=tar", "--prefix=linux/", commit], env };
}

/** Brings one tag of `remote` into a new bare repository `folder`, without history; gives how to run git on it. Throws `command-failed`. */
export async function fetchTag(
	remote: string,
	tag: string,
	folder: string,
	options: { signal?: AbortSignal | undefined; progress: Progress },
): Promise<GitClone["repository"]> {
	const words = ["clone", "--quiet", "--bare", "--depth", "1", "--branch", tag, "--", remote, folder];
	await run(["git", ...SAFE, ...words], { ...options, env: { GIT_TERMINAL_PROMPT: "0" } });
	return { command: ["git", ...SAFE, "-C", folder], env: {} };
}

/** Trimmed stdout; null when git is missing or says no. */
async function ask({ repository: { command, env } }: GitClone, words: string[]): Promise<string | null> {
	try {
		const { status, stdout } = await attempt([...command, ...words], { env, timeout: 60_000 });
		return status === 0 ? stdout.trim() : null;
	} catch {
		return null;
	}
}
