import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import type { ByteSource } from "../formats/bytes.ts";
import { readPart } from "./files.ts";

/** Parts of a file as a ByteSource: nothing is read but what is asked for. */
export function fileSource(path: string): ByteSource {
	return { size: statSync(path).size, read: (offset, length) => readPart(path, offset, length) };
}
/** A file of which parts are read when asked for; it stays open until closed. */
export interface FileSource extends ByteSource {
	/** The whole file, in the first of `bytes`, which must hold it. */
	readInto(bytes: Uint8Array): Uint8Array;
	close(): void;
}

/** Opens a file for reading in parts. Throws the system's error when it cannot be opened. */
export function openSource(path: string): FileSource {
	const descriptor = openSync(path, "r");
	let open = true;
	const { size } = fstatSync(descriptor);
	const fill = (bytes: Uint8Array, offset: number) => {
		let got = 0;
		while (got < bytes.length) {
			const count = readSync(descriptor, bytes, got, bytes.length - got, offset + got);
			if (count === 0) break;
			got += count;
		}
		return bytes.subarray(0, got);
	};
	return {
		size,
		read: (offset, length) => fill(Buffer.allocUnsafe(length), offset),
		readInto: (bytes) => fill(bytes.subarray(0, size), 0),
		close() {
			if (open) closeSync(descriptor);
			open = false;
		},
	};
}
