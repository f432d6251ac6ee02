import { closeSync, readSync, statSync } from "node:fs";
import type { ByteSource } from "../../formats/bytes.ts";
import { readPart } from "./files.ts";
import { openPlain } from "./regular.ts";

/** Parts of a file as a ByteSource: nothing is read but what is asked for. */
export function fileSource(path: string): ByteSource {
	return { size: statSync(path).size, read: (offset, length) => readPart(path, offset, length) };
}

/** A file of which parts are read when asked for; it stays open until closed. */
export interface FileSource extends ByteSource {
	close(): void;
}

/**
 * Opens a file for reading in parts. With `head`, as much of the file as fits is read into it at once, and what lies
 * there is not read again: a file that fits costs no other call. Throws the system's error when it cannot be opened and
 * KprepError "not-a-file" for all but regular files and block devices.
 */
export function openSource(path: string, head?: Uint8Array): FileSource {
	const { descriptor, size: whole } = openPlain(path);
	let open = true;
	const close = () => {
		if (open) closeSync(descriptor);
		open = false;
	};
	try {
		const held = head === undefined ? 0 : fill(descriptor, head, 0);
		const size = head !== undefined && held < head.length ? held : whole;
		const read = (offset: number, length: number) => {
			if (head !== undefined && offset + length <= held) return head.subarray(offset, offset + length);
			const bytes = Buffer.allocUnsafe(length);
			return bytes.subarray(0, fill(descriptor, bytes, offset));
		};
		return { size, read, close };
	} catch (error) {
		close();
		throw error;
	}
}

/** Reads until `bytes` are full or the file ends; how many were got. */
function fill(descriptor: number, bytes: Uint8Array, offset: number): number {
	let got = 0;
	while (got < bytes.length) {
		const count = readSync(descriptor, bytes, got, bytes.length - got, offset + got);
		if (count === 0) break;
		got += count;
	}
	return got;
}
