import { statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { KprepError } from "../../errors.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { attempt } from "../process/run.ts";
import { logStream, untilDrained } from "./log-stream.ts";
import { entriesOf, onDisk } from "./names.ts";

/** The logs that a name stands for: the file itself, "-", or those of builds below a folder. Throws KprepError "missing" for neither. */
export function logsOf(source: string): string[] {
	if (source === "-") return [source];
	const kind = statSync(source, { throwIfNoEntry: false });
	if (kind !== undefined && !kind.isDirectory()) return [source];
	const logs = kind === undefined ? [] : findLogs(source);
	if (logs.length > 0) return logs;
	throw new KprepError(
		"missing",
		"no-log",
		`${kind === undefined ? "there is no log file" : "there is no log below"} ${source}`,
		{
			where: source,
			suggestions: [
				"kprep explain --list shows the diagnoses that can be named in its place",
				"sudo dmesg | kprep explain",
			],
		},
	);
}

/**
 * Calls `feed` with the bytes of a log, or of standard input for "-", as they come; of gzip, with what is packed in it,
 * `most` bytes of it: a small file may hold more than anybody reads. True when that was not all. Throws KprepError
 * "missing" for what is no text, and for an empty file.
 */
export async function readLog(
	source: string,
	feed: (chunk: Uint8Array) => void,
	signal: AbortSignal,
	most = MOST_UNPACKED,
): Promise<boolean> {
	const stream = source === "-" ? process.stdin : logStream(source);
	const stop = () => stream.destroy(signal.reason as Error);
	signal.addEventListener("abort", stop, { once: true });
	let empty = true;
	let cut = false;
	try {
		const pieces = untilDrained(stream)[Symbol.asyncIterator]();
		const { value: first, done } = await pieces.next();
		empty = done === true;
		if (!empty) {
			const all = startingWith(first as Uint8Array, pieces);
			if (first[0] === 0x1f && first[1] === 0x8b) cut = await unpack(all, feed, source, most);
			else {
				refuseBinary(first as Uint8Array, source);
				for await (const piece of all) feed(piece);
			}
		}
	} finally {
		signal.removeEventListener("abort", stop);
		stream.destroy();
	}
	if (empty && source !== "-")
		throw new KprepError("missing", "no-log", `${source} is empty`, {
			where: source,
			suggestions: ["sudo dmesg | kprep explain"],
		});
	return cut;
}

async function* startingWith(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
	yield first;
	yield* { [Symbol.asyncIterator]: () => rest };
}

/**
 * Feeds what is packed in gzip, piece by piece, at most `most` bytes; true when there was more. Throws KprepError
 * "missing" for a damaged one.
 */
async function unpack(
	pieces: AsyncIterable<Uint8Array>,
	feed: (chunk: Uint8Array) => void,
	source: string,
	most: number,
): Promise<boolean> {
	const gzip = createGunzip();
	let left = most;
	try {
		await pipeline(pieces, gzip, async (unpacked: AsyncIterable<Uint8Array>) => {
			for await (const piece of unpacked) {
				feed(piece.subarray(0, Math.max(0, left)));
				left -= piece.length;
				if (left < 0) return;
			}
		});
	} catch (error) {
		if (left < 0) return true;
		if (gzip.errored === null || gzip.errored !== error) throw error;
		throw new KprepError("missing", "no-log", `${source} is no whole gzip file`, {
			...{ where: source, cause: error },
			suggestions: [`zcat ${quoted(source)} | kprep explain`],
		});
	}
	return left < 0;
}

const MAGICS: readonly (readonly [magic: string, what: string, how: (file: string) => string])[] = [
	["\x7fELF", "an ELF file, such as a module", (file) => `kprep explain --module ${file}`],
	["\xfd7zXZ\0", "packed with xz", (file) => `xzcat ${file} | kprep explain`],
	["\x28\xb5\x2f\xfd", "packed with zstd", (file) => `zstdcat ${file} | kprep explain`],
	["BZh", "packed with bzip2", (file) => `bzcat ${file} | kprep explain`],
	["LPKSHHRH", "a journal of systemd", (file) => `journalctl --file ${file} -k | kprep explain`],
	["PK\x03\x04", "a zip archive", (file) => `unzip -p ${file} | kprep explain`],
	["\x89PNG", "a picture", () => "sudo dmesg | tail -50 | kprep explain"],
	["\xff\xd8\xff", "a picture", () => "sudo dmesg | tail -50 | kprep explain"],
];

/** Text has hardly a control character but white space and escapes; UTF-16 has a mark in front. */
function refuseBinary(chunk: Uint8Array, source: string): void {
	const start = Buffer.from(chunk.subarray(0, 8)).toString("latin1");
	const file = source === "-" ? "FILE" : quoted(source);
	const known = MAGICS.find(([magic]) => start.startsWith(magic));
	const head = chunk.subarray(0, 4096);
	const controls = head.filter((byte) => byte < 9 || (byte > 13 && byte < 27)).length;
	const wide = start.startsWith("\xff\xfe") || start.startsWith("\xfe\xff");
	if (known === undefined && (wide || controls < Math.max(SOME_CONTROLS, head.length / 20))) return;
	throw new KprepError(
		"missing",
		"no-log",
		`${source === "-" ? "standard input" : source} is no log: it is ${known?.[1] ?? "no text"}`,
		{
			where: source,
			suggestions: [known === undefined ? `strings ${file} | kprep explain` : known[2](file)],
		},
	);
}

/** A ring buffer that was saved with holes, or a serial console, may have some. */
const SOME_CONTROLS = 32;

/** What builds leave: make and dkms, akmods, bitbake, configure, the installers of NVIDIA and VirtualBox. */
const LOG =
	/^(?:make\.log(?:\.\w+)?|build\.log|config\.log|.*\.failed\.log|log\.do_(?:compile|configure|install|package)\w*(?:\.\d+)?|(?:nvidia-installer|nvidia-uninstall|vbox-setup|vbox-install)\.log(?:\.\d+)?|dmesg(?:\.\d+)?|dkms.*\.log|.*-build\.log)$/;

/** More than the log of a distribution's whole kernel. */
const MOST_UNPACKED = 128 * 1024 * 1024;

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
		for (const { name, kind } of entriesOf(place)) {
			const path = join(place, name);
			if (kind === "folder") look(path, depth + 1);
			else if (kind === "file" && LOG.test(name)) {
				const { mtimeMs, size } = statSync(onDisk(path));
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
