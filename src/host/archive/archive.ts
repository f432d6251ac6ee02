import { availableParallelism } from "node:os";
import { KprepError } from "../../errors.ts";
import { readHead } from "../files/files.ts";
import { run } from "../process/run.ts";

/**
 * The command that writes an archive decompressed to stdout, on all cores where its format and the program allow it;
 * null for a plain tar. Told by its first bytes, not by its name. Throws when it is no archive that kprep reads.
 */
export function decompression(file: string): string[] | null {
	const head = readHead(file, 512);
	const cores = availableParallelism();
	const starts = (...bytes: number[]) => bytes.every((byte, at) => head[at] === byte);
	// An explicit count: with -T0 xz also applies a memory limit that can put it back on one core (xz 5.4).
	if (starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0))
		return ["xz", `-T${cores}`, "--memlimit-decompress=1GiB", "-dc", "--", file];
	if (starts(0x28, 0xb5, 0x2f, 0xfd)) return ["zstd", "-q", "-dc", "--", file];
	if (starts(0x1f, 0x8b)) return ["gzip", "-dc", "--", file];
	if (starts(0x42, 0x5a, 0x68)) return ["bzip2", "-dc", "--", file];
	if (new TextDecoder().decode(head.subarray(257, 262)) === "ustar") return null;
	throw new KprepError("missing", "not-an-archive", `${file} is not an archive that kprep reads`, {
		expected: "a tar archive, plain or compressed by xz, zstd, gzip or bzip2",
		where: file,
	});
}

/** Bytes that an .xz file holds decompressed, read from its index; null for other formats and without xz. */
export async function decompressedSize(file: string): Promise<number | null> {
	if (readHead(file, 1)[0] !== 0xfd) return null;
	try {
		const { stdout } = await run(["xz", "--robot", "--list", "--", file]);
		const size = Number(/^totals\t\d+\t\d+\t\d+\t(\d+)/m.exec(stdout)?.[1]);
		return Number.isSafeInteger(size) ? size : null;
	} catch {
		return null;
	}
}
