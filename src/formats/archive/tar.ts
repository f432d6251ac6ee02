import { BLOCK, checkSum, number, paxRecords, TarError, text } from "./tar-fields.ts";

/** What a tar archive says about one of its entries; nothing in it has been checked for safety. */
export interface TarEntry {
	/** As written, long-name and pax extensions applied: may be absolute or hold "..". */
	path: string;
	type: "file" | "folder" | "symlink" | "hardlink" | "device" | "other";
	/** Permission bits, the lowest twelve. */
	mode: number;
	/** Bytes of content that follow. */
	size: number;
	/** Seconds since 1970. */
	mtime: number;
	/** What a symlink or hardlink points at, as written; "" for the rest. */
	link: string;
}

/** What the caller does with an entry; `content` comes in order, in parts, and then `end`. */
export interface TarSink {
	/** A new entry; false passes over its content. */
	entry(entry: TarEntry): boolean;
	content(part: Uint8Array): void;
	/** All content of the entry that was taken has come. */
	end(): void;
}

/** No path or pax record of a real archive comes near; a hostile one must not fill the memory. */
const LONGEST_EXTENSION = 1024 * 1024;

/**
 * Reads a tar stream (v7, ustar, GNU long names, pax; POSIX.1-2017 "pax", GNU tar 1.34 tar.h) part by part.
 * push() takes the next bytes, finish() says that no more come; both throw TarError.
 */
export class TarReader {
	readonly #sink: TarSink;
	#header = new Uint8Array(BLOCK);
	#filled = 0;
	/** Content bytes of the current entry still to come, and the padding after them. */
	#left = 0;
	#padding = 0;
	#mode: "header" | "take" | "pass" | "extension" = "header";
	#ended = false;
	#extension: { type: string; bytes: Uint8Array; filled: number } | null = null;
	/** Applies to the next entry only, and to all that follow. */
	#next: Record<string, string> = {};
	#global: Record<string, string> = {};
	#entries = 0;
	#zeroBlocks = 0;

	constructor(sink: TarSink) {
		this.#sink = sink;
	}

	push(bytes: Uint8Array): void {
		let at = 0;
		while (at < bytes.length && !this.#ended) {
			if (this.#mode === "header") {
				const part = bytes.subarray(at, at + BLOCK - this.#filled);
				if (part.length === BLOCK) {
					this.#readHeader(part);
				} else {
					this.#header.set(part, this.#filled);
					this.#filled += part.length;
					if (this.#filled === BLOCK) {
						this.#filled = 0;
						this.#readHeader(this.#header);
					}
				}
				at += part.length;
			} else if (this.#left > 0) {
				const part = bytes.subarray(at, at + this.#left);
				this.#left -= part.length;
				at += part.length;
				this.#take(part);
				if (this.#left === 0) this.#close();
			} else {
				const skipped = Math.min(this.#padding, bytes.length - at);
				this.#padding -= skipped;
				at += skipped;
			}
			if (this.#left === 0 && this.#padding === 0) this.#mode = "header";
		}
	}

	/** Throws when the stream stopped inside an entry or held none at all. */
	finish(): void {
		if (this.#entries === 0) throw new TarError("it holds no entry: not a tar archive, or an empty one");
		if (this.#filled > 0 || this.#left > 0 || this.#padding > 0 || !this.#ended)
			throw new TarError("it is cut short");
	}

	#readHeader(block: Uint8Array): void {
		if (block[0] === 0 && block.every((byte) => byte === 0)) {
			this.#ended = ++this.#zeroBlocks === 2;
			return;
		}
		this.#zeroBlocks = 0;
		checkSum(block);
		const type = String.fromCharCode(block[156] ?? 0);
		const size = number(block, 124, 12);
		this.#left = size;
		this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
		if (["L", "K", "x", "g"].includes(type)) {
			this.#openExtension(type, size);
			return;
		}
		const entry = this.#entry(block, type, size);
		this.#entries++;
		this.#mode = this.#sink.entry(entry) ? "take" : "pass";
		if (this.#left === 0) this.#close();
	}

	#openExtension(type: string, size: number): void {
		if (size > LONGEST_EXTENSION) throw new TarError(`a name or pax record of ${size} bytes`);
		this.#extension = { type, bytes: new Uint8Array(size), filled: 0 };
		this.#mode = "extension";
		if (size === 0) this.#close();
	}

	#entry(block: Uint8Array, flag: string, size: number): TarEntry {
		const attributes = { ...this.#global, ...this.#next };
		this.#next = {};
		const prefix = text(block, 257, 6) === "ustar" ? text(block, 345, 155) : "";
		const name = text(block, 0, 100);
		const path = attributes.path ?? (prefix === "" ? name : `${prefix}/${name}`);
		if (attributes.size !== undefined) {
			const real = Number(attributes.size);
			if (!Number.isSafeInteger(real) || real < 0) throw new TarError("a size that is not a number");
			this.#left = real;
			this.#padding = (BLOCK - (real % BLOCK)) % BLOCK;
		}
		const type = TYPES[flag] ?? "other";
		// Links and folders carry no content whatever their size field says (GNU tar and libarchive agree).
		if (type !== "file" && type !== "other") {
			this.#left = 0;
			this.#padding = 0;
		}
		return {
			path,
			type: type === "file" && path.endsWith("/") ? "folder" : type,
			mode: number(block, 100, 8) & 0o7777,
			size: type === "file" ? this.#left : size,
			mtime: number(block, 136, 12),
			link: attributes.linkpath ?? text(block, 157, 100),
		};
	}

	#take(part: Uint8Array): void {
		if (this.#mode === "take") this.#sink.content(part);
		else if (this.#mode === "extension" && this.#extension !== null) {
			this.#extension.bytes.set(part, this.#extension.filled);
			this.#extension.filled += part.length;
		}
	}

	#close(): void {
		if (this.#mode === "take") this.#sink.end();
		else if (this.#extension !== null) {
			const { type, bytes } = this.#extension;
			this.#extension = null;
			if (type === "L") this.#next.path = text(bytes, 0, bytes.length);
			else if (type === "K") this.#next.linkpath = text(bytes, 0, bytes.length);
			else Object.assign(type === "g" ? this.#global : this.#next, paxRecords(bytes));
		}
		this.#mode = "pass";
	}
}

const TYPES: Record<string, TarEntry["type"]> = {
	"\0": "file",
	"0": "file",
	"7": "file",
	"1": "hardlink",
	"2": "symlink",
	"3": "device",
	"4": "device",
	"5": "folder",
	"6": "device",
};
