import { existsSync } from "node:fs";
import { join } from "node:path";
import { attempt, run } from "../process/run.ts";
import type { Progress } from "../progress.ts";

/** Settings under which git runs no program that the repository names. */
const SAFE = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.pager=cat"];

/** A git clone on this machine, read only. */
export interface GitClone {
	path: string;
	/** It lacks history: what is not found may still be fetched. */
	shallow: boolean;
	/** Address of `origin`; null when it has none. */
	remote: string | null;
}

/** The clone at `path`; null when there is no git at its top, no git program, or git refuses the folder. */
export async function openClone(path: string): Promise<GitClone | null> {
	if (!existsSync(join(path, ".git"))) return null;
	const shallow = await ask(path, ["rev-parse", "--is-shallow-repository"]);
	if (shallow === null) return null;
	return { path, shallow: shallow === "true", remote: await ask(path, ["remote", "get-url", "origin"]) };
}

/** The first of `names` (tags, or abbreviated commits) that the clone has a commit for. */
export async function firstCommit(clone: GitClone, names: string[]): Promise<string | null> {
	for (const name of names) {
		const words = ["rev-parse", "-q", "--verify", "--end-of-options", `${name}^{commit}`];
		if ((await ask(clone.path, words)) !== null) return name;
	}
	return null;
}

/** Text of a file at a commit; null when it is not there. */
export function fileAt(clone: GitClone, commit: string, path: string): Promise<string | null> {
	return ask(clone.path, ["cat-file", "blob", `${commit}:${path}`]);
}

/** Names at the top of the tree of a commit. */
export async function namesAt(clone: GitClone, commit: string): Promise<string[]> {
	return ((await ask(clone.path, ["ls-tree", "--name-only", "-z", commit])) ?? "")
		.split("\0")
		.filter(Boolean);
}

/** The command that writes the tree of a commit as a tar with one folder at its top. */
export function archiveCommand(repository: string, commit: string): string[] {
	return ["git", ...SAFE, "-C", repository, "archive", "--format=tar", "--prefix=linux/", commit];
}

/** Brings one tag of `remote` into a new bare repository `folder`, without history. Throws `command-failed`. */
export async function fetchTag(
	remote: string,
	tag: string,
	folder: string,
	options: { signal?: AbortSignal | undefined; progress: Progress },
): Promise<void> {
	const words = ["clone", "--quiet", "--bare", "--depth", "1", "--branch", tag, "--", remote, folder];
	await run(["git", ...SAFE, ...words], { ...options, env: { GIT_TERMINAL_PROMPT: "0" } });
}

/** Trimmed stdout; null when git is missing or says no. */
async function ask(path: string, words: string[]): Promise<string | null> {
	try {
		const { status, stdout } = await attempt(["git", ...SAFE, "-C", path, ...words], { timeout: 60_000 });
		return status === 0 ? stdout.trim() : null;
	} catch {
		return null;
	}
}
