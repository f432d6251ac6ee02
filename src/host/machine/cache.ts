import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type ErrorFacts, KprepError } from "../../errors.ts";

/** Folder for what can be fetched again: package lists, downloads. Not made by this. */
export function cacheFolder(): string {
	return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "kprep");
}

/** Runs what writes into the cache. Its failures are told as cacheFailure() tells them, those without a path included. */
export async function inCache<T>(work: () => Promise<T>, folder = cacheFolder()): Promise<T> {
	try {
		return await work();
	} catch (error) {
		throw cacheFailure(error, { folder, inside: true }) ?? error;
	}
}

/**
 * What the system refused below the cache, and how to keep it elsewhere: "no-space", "read-only" or "no-permission"; null
 * when `error` is something else, or is about another place. `inside`: an error that names no path is about the cache.
 */
export function cacheFailure(
	error: unknown,
	{ folder = cacheFolder(), inside = false } = {},
): KprepError | null {
	const { code, path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
	const below = typeof path === "string" && `${resolve(path)}/`.startsWith(`${resolve(folder)}/`);
	const words = error instanceof KprepError && error.kind === "command" ? error.message : "";
	if (!below && !(inside && path === undefined)) return null;
	// ENOENT is also said where nothing can be made in a folder that is there (/proc), and by Node on a read-only file system.
	const why = code === "ENOENT" && syscall === "mkdir" ? (whyNotWritten(path ?? folder) ?? "EPERM") : code;
	if (why === "ENOSPC" || why === "EDQUOT" || (inside && NO_SPACE.test(words)))
		return noCacheSpace(path ?? folder, { cause: error });
	const known = why === undefined ? undefined : REFUSED[why];
	if (known === undefined) return null;
	return new KprepError("missing", known.code, known.what, {
		expected: "a folder that this user may write",
		where: path ?? folder,
		suggestions: ELSEWHERE,
		cause: error,
	});
}

/** The error for a cache whose disk is full. */
export function noCacheSpace(where: string, facts: ErrorFacts = {}): KprepError {
	return new KprepError("missing", "no-space", "no space is left where kprep keeps what it fetches", {
		...facts,
		where,
		suggestions: ["kprep cache prune", ...ELSEWHERE],
	});
}

/** How programs tell of a full disk. */
export const NO_SPACE = /no space left on device|enough free space|disk quota exceeded/i;

const ELSEWHERE = ["the same command with XDG_CACHE_HOME=DIR before it keeps everything in DIR/kprep"];

const REFUSED: Readonly<Record<string, { code: string; what: string }>> = {
	EROFS: { code: "read-only", what: "the folder in which kprep keeps what it fetches is read-only" },
	EACCES: {
		code: "no-permission",
		what: "the folder in which kprep keeps what it fetches may not be written by this user",
	},
	EPERM: {
		code: "no-permission",
		what: "the folder in which kprep keeps what it fetches may not be written by this user",
	},
};

/** The system's word for the nearest folder above `path` that is there. */
function whyNotWritten(path: string): string | undefined {
	for (let at = resolve(path); ; at = dirname(at)) {
		try {
			accessSync(at, constants.W_OK);
			return undefined;
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code !== "ENOENT" || at === dirname(at)) return code;
		}
	}
}
