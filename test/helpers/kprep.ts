import { fileURLToPath } from "node:url";
import { attempt } from "../../src/host/process/run.ts";
import { schemaProblem } from "./schemas.ts";

const BIN = fileURLToPath(new URL("../../bin/run.js", import.meta.url));

/** The real command, for who runs it another way. */
export function kprepCommand(words: string[]): string[] {
	return [process.execPath, BIN, ...words];
}

export interface Ran {
	status: number | null;
	stdout: string;
	stderr: string;
	/** stdout parsed, when it is JSON; else null. */
	json: unknown;
}

/** Runs the real command as a user would: a process of its own, stdin closed; its document is held against the schema. Settings of the machine's user do not reach it. Interrupted after `minutes`. */
export async function kprep(
	words: string[],
	env: Record<string, string | undefined> = {},
	cwd?: string,
	minutes = 10,
): Promise<Ran> {
	const { status, stdout, stderr } = await attempt(kprepCommand(words), {
		env: { XDG_CONFIG_HOME: "/nonexistent", ...env },
		timeout: minutes * 60_000,
		keep: 64 * 1024 * 1024,
		...(cwd === undefined ? {} : { cwd }),
	});
	let json: unknown = null;
	try {
		json = JSON.parse(stdout);
	} catch {
		// Not every command was asked for JSON.
	}
	const problem = json === null || !words.includes("--json") ? null : schemaProblem(words, json);
	if (problem !== null) throw new Error(problem);
	return { status, stdout, stderr, json };
}

/** The --json document of a command that must end with exit status 0. */
export function kprepJson<T>(...words: string[]): Promise<T> {
	return kprepJsonIn<T>({}, words);
}

/** As kprepJson, with variables added to the environment (undefined takes one away). */
export async function kprepJsonIn<T>(env: Record<string, string | undefined>, words: string[]): Promise<T> {
	const { status, json, stdout, stderr } = await kprep([...words, "--json", "-q"], env);
	if (status !== 0) throw new Error(`kprep ${words.join(" ")}: exit ${status}\n${stdout}${stderr}`);
	return json as T;
}
