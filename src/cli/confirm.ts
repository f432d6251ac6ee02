import { createInterface } from "node:readline/promises";
import { KprepError } from "../errors.ts";
import { visible } from "../printable.ts";

/** Asks on the terminal whether to run a command. Throws a usage error where there is no terminal to ask on. */
export async function confirmOnTerminal(command: string): Promise<boolean> {
	if (!process.stdin.isTTY || !process.stderr.isTTY)
		throw new KprepError("usage", "not-confirmed", `this would be run: ${command}`, {
			expected: "--yes, or a terminal to ask on",
			suggestions: ["the same command with --yes", command],
		});
	const lines = createInterface({ input: process.stdin, output: process.stderr });
	try {
		const answer = await lines.question(`${visible(command)}\nRun this? [y/N] `);
		return /^y(es)?$/i.test(answer.trim());
	} catch (error) {
		// Readline's words for Ctrl-C and for the end of the input, which is no answer.
		const { name, message } = error as Error;
		if (name !== "AbortError") throw error;
		if (/Ctrl\+D/.test(message)) return false;
		throw new KprepError("interrupted", "interrupted", "interrupted", { cause: error });
	} finally {
		lines.close();
	}
}
