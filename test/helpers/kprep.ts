import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../bin/run.js", import.meta.url));

export interface Ran {
	status: number | null;
	stdout: string;
	stderr: string;
}

/** Runs the real command as a user would; any exit status is a result. */
export function kprep(words: string[], env: Record<string, string> = {}): Promise<Ran> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [BIN, ...words], {
			stdio: ["ignore", "pipe", "pipe"],
			env: { ...process.env, ...env },
		});
		const texts = { stdout: "", stderr: "" };
		for (const stream of ["stdout", "stderr"] as const)
			child[stream].setEncoding("utf8").on("data", (text: string) => {
				texts[stream] += text;
			});
		child.on("error", reject);
		child.on("close", (status) => resolve({ status, ...texts }));
	});
}

/** The --json document of a command that must end with exit status 0. */
export async function kprepJson<T>(...words: string[]): Promise<T> {
	const { status, stdout, stderr } = await kprep([...words, "--json", "-q"]);
	if (status !== 0) throw new Error(`kprep ${words.join(" ")}: exit ${status}\n${stdout}${stderr}`);
	return JSON.parse(stdout) as T;
}
