import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { quoted } from "../../src/kernel/shell-word.ts";

/** A command on a terminal of its own (script(1) of util-linux, which the barest Debian has). */
export class Pty {
	readonly #child: ChildProcess;
	#output = "";
	readonly #end: Promise<number | null>;

	/** `columns` may be 0, as on serial lines that do not say. */
	constructor(command: string[], env: Record<string, string>, columns: number) {
		const line = `stty cols ${columns} rows 24; echo pid=$$; exec ${command.map(quoted).join(" ")}`;
		this.#child = spawn("script", ["-qec", line, "/dev/null"], { env, stdio: ["pipe", "pipe", "inherit"] });
		this.#child.stdout?.on("data", (chunk: Buffer) => {
			this.#output += chunk.toString("utf8");
		});
		this.#end = new Promise((resolve) => this.#child.on("close", resolve));
	}

	/** All that came to the terminal so far, less the first line. */
	get output(): string {
		return this.#output.replace(/^pid=\d+\r\n/, "");
	}

	/** The command's own process. */
	get pid(): number {
		return Number(/^pid=(\d+)/.exec(this.#output)?.[1]);
	}

	/** As on a keyboard: "\x03" is Ctrl-C. */
	type(text: string): void {
		this.#child.stdin?.write(text);
	}

	/** The exit status, 128 and more for a signal; waits at most `seconds`, then kills and says -1. */
	async ended(seconds = 30): Promise<number | null> {
		const status = await Promise.race([this.#end, sleep(seconds * 1000, -1, { ref: false })]);
		if (status === -1) process.kill(this.pid, "SIGKILL");
		this.#child.stdin?.end();
		return status;
	}
}
