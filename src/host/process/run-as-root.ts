import { spawn } from "node:child_process";
import { quoted } from "../../kernel/shell-word.ts";
import type { Progress } from "../progress.ts";
import { asRoot } from "./as-root.ts";
import { failureText } from "./failure.ts";
import { attempt } from "./run.ts";

export interface RootRun {
	/** null when it was ended, or cannot be started. */
	status: number | null;
	/** How it ended, for an error. */
	text: string;
	/** It never came to run: no password, or not the right one. */
	denied: boolean;
}

/**
 * Runs `command` as root; its output goes to `progress` for root, else to stderr: what asks for a password needs the
 * terminal, which run() keeps from its programs.
 */
export async function runAsRoot(
	command: string[],
	options: { progress: Progress; signal?: AbortSignal; env?: Record<string, string> },
): Promise<RootRun> {
	const { progress, signal, env } = options;
	const whole = asRoot(command);
	const [file = "", ...args] = whole;
	if (file === command[0]) {
		const result = await attempt(command, { ...options, onLine: (line) => progress.note(line) });
		return { status: result.status, text: failureText(result), denied: false };
	}
	await progress.done();
	const child = spawn(file, args, { stdio: ["inherit", 2, 2], env: { ...process.env, ...env } });
	const stop = () => child.kill();
	signal?.addEventListener("abort", stop, { once: true });
	const [status, error] = await new Promise<[number | null, string | null]>((resolve) => {
		child.once("error", (failure) => resolve([null, failure.message]));
		child.once("exit", (code) => resolve([code, null]));
	});
	signal?.removeEventListener("abort", stop);
	const text = `${whole.map(quoted).join(" ")}: ${error ?? `ended with status ${status}`}`;
	return { status, text, denied: error !== null || status === 1 };
}
