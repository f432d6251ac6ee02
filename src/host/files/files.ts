import { closeSync, fsyncSync, openSync, readSync, statSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { openPlain } from "./regular.ts";

/**
 * Writes `content` so that after a crash the file is either the old or the new one, whole: a temporary file in the
 * same folder, fsync, rename, fsync of the folder. `mode` as for chmod.
 */
export async function writeAtomically(
	path: string,
	content: string | Uint8Array,
	mode = 0o644,
): Promise<void> {
	const temporary = join(dirname(path), `.${basename(path)}.kprep-${process.pid}`);
	try {
		const file = await open(temporary, "wx", mode);
		try {
			await file.writeFile(content);
			await file.chmod(mode);
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, { force: true });
		throw error;
	}
	syncFolder(dirname(path));
}

/** Makes the names in a folder durable. */
export function syncFolder(folder: string): void {
	const descriptor = openSync(folder, "r");
	try {
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
}

/** The first `length` bytes of a file, or all of it when it is shorter. */
export function readHead(path: string, length: number): Uint8Array {
	return readPart(path, 0, Math.min(length, statSync(path).size));
}

/** `length` bytes from `offset` of a regular file; shorter at its end. */
export function readPart(path: string, offset: number, length: number): Uint8Array {
	const { descriptor } = openPlain(path);
	const bytes = new Uint8Array(length);
	try {
		let got = 0;
		while (got < length) {
			const count = readSync(descriptor, bytes, got, length - got, offset + got);
			if (count === 0) break;
			got += count;
		}
		return bytes.subarray(0, got);
	} finally {
		closeSync(descriptor);
	}
}
