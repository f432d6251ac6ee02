import { createReadStream, statSync } from "node:fs";
import { KprepError } from "../../errors.ts";
import { attempt } from "../process/run.ts";

/** Calls `feed` with the bytes of a file, or of standard input for "-", as they come. Throws KprepError when the file is not there. */
export async function readLog(
	source: string,
	feed: (chunk: Uint8Array) => void,
	signal: AbortSignal,
): Promise<void> {
	if (source !== "-" && statSync(source, { throwIfNoEntry: false })?.isDirectory() !== false)
		throw new KprepError("missing", "no-log", `there is no log file ${source}`, {
			where: source,
			suggestions: [
				"kprep explain --list shows the diagnoses that can be named in its place",
				"sudo dmesg | kprep explain",
			],
		});
	const stream = source === "-" ? process.stdin : createReadStream(source, { highWaterMark: 1 << 18 });
	const stop = () => stream.destroy(signal.reason as Error);
	signal.addEventListener("abort", stop, { once: true });
	try {
		for await (const chunk of stream) feed(chunk as Uint8Array);
	} finally {
		signal.removeEventListener("abort", stop);
	}
}

/** The kernel's log by the first of these that is allowed to read it; null when none is. */
export async function kernelLog(signal: AbortSignal): Promise<{ text: string; command: string } | null> {
	for (const command of [["dmesg"], ["journalctl", "-k", "-b", "--no-pager", "-o", "cat"]]) {
		try {
			const { status, stdout } = await attempt(command, { timeout: 20_000, keep: 16 * 1024 * 1024, signal });
			if (status === 0 && stdout.trim() !== "") return { text: stdout, command: command.join(" ") };
		} catch (error) {
			if (!(error instanceof KprepError) || error.code !== "tool-missing") throw error;
		}
	}
	return null;
}
