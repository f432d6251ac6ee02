import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** The path that a bare program name leads to on PATH; null when it is not installed. A name with a slash is taken as it is. */
export function findProgram(name: string, path = process.env.PATH ?? ""): string | null {
	const candidates = name.includes("/")
		? [name]
		: path
				.split(delimiter)
				.filter(isAbsolute)
				.map((folder) => join(folder, name));
	return candidates.find(isProgram) ?? null;
}

/**
 * Runs a program that answers at once (`--version`, `git rev-parse`), stdin closed, at most `timeout` ms and 64 MiB.
 * null when it cannot be started or does not end; a status other than 0 is an answer.
 */
export function ask(
	command: string[],
	timeout = 10_000,
	cwd?: string,
	env: Record<string, string | undefined> = {},
): { status: number; stdout: string; stderr: string } | null {
	const [file = "", ...args] = command;
	// Not by the system's own search: an empty or relative folder on PATH would be one of the tree that it is run in.
	const program = findProgram(file, env.PATH ?? process.env.PATH ?? "");
	if (program === null) return null;
	const result = spawnSync(program, args, {
		argv0: file,
		...(cwd === undefined ? {} : { cwd }),
		env: { ...process.env, ...env },
		encoding: "utf8",
		stdio: ["ignore", "pipe", "pipe"],
		timeout,
		maxBuffer: 64 * 1024 * 1024,
	});
	if (result.error !== undefined || result.status === null) return null;
	return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** The first line of `NAME --version`; null when it cannot be run. */
export function versionLine(name: string): string | null {
	const answer = ask([name, "--version"]);
	return answer === null || answer.status !== 0 ? null : (answer.stdout.split("\n")[0]?.trim() ?? null);
}

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}
