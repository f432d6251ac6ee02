import { printable } from "./printable.ts";

/** Who must act on a failure; fixes the exit status (CONTRACT: 2, 3, 4, 5, 70, 130). */
export type ErrorKind = "usage" | "missing" | "command" | "busy" | "bug" | "interrupted";

const EXIT: Record<ErrorKind, number> = {
	usage: 2,
	missing: 3,
	command: 4,
	busy: 5,
	bug: 70,
	interrupted: 130,
};

export interface ErrorFacts {
	/** What should have been there. */
	expected?: string;
	/** What was there instead. */
	found?: string;
	/** The file, line or command it was found in. */
	where?: string;
	/** Commands or steps to try next, most useful first. */
	suggestions?: string[];
	cause?: unknown;
}

/** The one error that crosses folders: what failed, expected, found, where, and what to type next. */
export class KprepError extends Error {
	override readonly name = "KprepError";
	readonly kind: ErrorKind;
	/** Stable kebab-case word for scripts, such as `target-not-found`. */
	readonly code: string;
	readonly suggestions: string[];
	readonly expected: string | undefined;
	readonly found: string | undefined;
	readonly where: string | undefined;

	constructor(kind: ErrorKind, code: string, message: string, facts: ErrorFacts = {}) {
		super(message, facts.cause === undefined ? {} : { cause: facts.cause });
		this.kind = kind;
		this.code = code;
		this.suggestions = facts.suggestions ?? [];
		this.expected = facts.expected;
		this.found = facts.found;
		this.where = facts.where;
	}

	get exitStatus(): number {
		return EXIT[this.kind];
	}

	/**
	 * All of it as text, without colour: message, expected, found, where, suggestions. A line each, whatever a path or a
	 * log brings: none of them can look like another.
	 */
	toText(): string {
		const lines = [this.message];
		if (this.expected !== undefined) lines.push(`  expected: ${this.expected}`);
		if (this.found !== undefined) lines.push(`  found:    ${this.found}`);
		if (this.where !== undefined) lines.push(`  where:    ${this.where}`);
		for (const suggestion of this.suggestions) lines.push(`  try:      ${suggestion}`);
		return lines.map(printable).join("\n");
	}
}

/** Runs `work`, and turns anything thrown that is not a KprepError by `wrap`. */
export function asKprepError(error: unknown): KprepError {
	if (error instanceof KprepError) return error;
	const message = error instanceof Error ? error.message : String(error);
	const found = errnoError(error);
	return (
		found ??
		new KprepError("bug", "bug", `kprep itself failed: ${message}`, {
			cause: error,
			suggestions: ["run the same command with --verbose and report what it prints"],
		})
	);
}

const ERRNO: Record<string, [code: string, what: string, ...suggestions: string[]]> = {
	ENOSPC: ["no-space", "no space left", "free some space (df -h), then run the same command again"],
	EDQUOT: ["no-space", "the disk quota is used up", "free some space, then run the same command again"],
	EROFS: ["read-only", "the file system is read-only", "work on a copy", "-O DIR keeps the build elsewhere"],
	EACCES: [
		"no-permission",
		"permission denied",
		"run as a user who may write there",
		"-O DIR keeps the build elsewhere",
	],
	EPERM: ["no-permission", "operation not permitted", "run as a user who may do this"],
	ENOENT: ["not-found", "no such file or folder", "check the path"],
	ENOTDIR: ["not-found", "not a folder", "check the path"],
	EISDIR: ["not-a-file", "a folder where a file was expected", "check the path"],
	ENAMETOOLONG: ["path-too-long", "the path is too long", "move the tree to a shorter path"],
	ELOOP: ["link-loop", "a loop of symbolic links", "check the path"],
	EMFILE: ["too-many-files", "too many open files", "raise the limit (ulimit -n), then run again"],
	EIO: ["io-error", "the disk answered with an error", "look at dmesg"],
};

/** What the system refused, as an environment error; null when `error` is not a system error that users can act on. */
function errnoError(error: unknown): KprepError | null {
	const { code, path, syscall } = (error ?? {}) as { code?: string; path?: string; syscall?: string };
	const known = code === undefined ? undefined : ERRNO[code];
	if (known === undefined) return null;
	const [name, what, ...suggestions] = known;
	return new KprepError("missing", name, `${what}${path ? `: ${path}` : ""}`, {
		where: [syscall, path].filter(Boolean).join(" "),
		suggestions,
		cause: error,
	});
}
