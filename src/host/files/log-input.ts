import { createReadStream, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { attempt } from "../process/run.ts";

/**
 * Calls `feed` with the bytes of a file, of the logs below a folder, or of standard input for "-", as they come. Throws
 * KprepError when the file is not there, or no log is below the folder.
 */
export async function readLog(
	source: string,
	feed: (chunk: Uint8Array) => void,
	signal: AbortSignal,
): Promise<void> {
	const kind = source === "-" ? undefined : statSync(source, { throwIfNoEntry: false });
	if (kind?.isDirectory()) {
		const logs = findLogs(source);
		for (const log of logs) {
			await readLog(log, feed, signal);
			feed(LINE_END);
		}
		if (logs.length > 0) return;
	}
	if (source !== "-" && kind?.isDirectory() !== false)
		throw new KprepError(
			"missing",
			"no-log",
			`${kind?.isDirectory() ? "there is no log below" : "there is no log file"} ${source}`,
			{
				where: source,
				suggestions: [
					"kprep explain --list shows the diagnoses that can be named in its place",
					"sudo dmesg | kprep explain",
				],
			},
		);
	const stream = source === "-" ? process.stdin : createReadStream(source, { highWaterMark: 1 << 18 });
	const stop = () => stream.destroy(signal.reason as Error);
	signal.addEventListener("abort", stop, { once: true });
	try {
		for await (const chunk of stream) feed(chunk as Uint8Array);
	} finally {
		signal.removeEventListener("abort", stop);
	}
}

const LINE_END = new TextEncoder().encode("\n");

/** What builds leave: make and dkms, akmods, bitbake, configure, the installers of NVIDIA and VirtualBox. */
const LOG =
	/^(?:make\.log(?:\.\w+)?|build\.log|config\.log|.*\.failed\.log|log\.do_(?:compile|configure|install|package)\w*(?:\.\d+)?|(?:nvidia-installer|nvidia-uninstall|vbox-setup|vbox-install)\.log(?:\.\d+)?|dmesg(?:\.\d+)?|dkms.*\.log|.*-build\.log)$/;

const MOST_LOGS = 20;
const MOST_FOLDERS = 2000;
const DEEPEST = 6;
/** A log of all of a distribution's kernels; what is larger was not asked for by name. */
const LARGEST_LOG = 1024 * 1024 * 1024;

/** Logs of builds below a folder, the newest last (its error is the one that stands); links are not followed. */
function findLogs(folder: string): string[] {
	const found: { path: string; time: number }[] = [];
	let folders = 0;
	const look = (place: string, depth: number): void => {
		if (depth > DEEPEST || folders++ > MOST_FOLDERS) return;
		for (const entry of readdirSync(place, { withFileTypes: true })) {
			const path = join(place, entry.name);
			if (entry.isDirectory()) look(path, depth + 1);
			else if (entry.isFile() && LOG.test(entry.name)) {
				const { mtimeMs, size } = statSync(path);
				if (size <= LARGEST_LOG) found.push({ path, time: mtimeMs });
			}
		}
	};
	look(folder, 0);
	return found
		.sort((a, b) => a.time - b.time)
		.slice(-MOST_LOGS)
		.map(({ path }) => path);
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
