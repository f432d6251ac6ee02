import { FormatError } from "./error.ts";

/** Bytes that may be too many to hold: in memory, or parts of a file that the host reads when asked. */
export interface ByteSource {
	readonly size: number;
	/** Exactly `length` bytes at `offset`; callers stay within `size`. The result is not written to. */
	read(offset: number, length: number): Uint8Array;
}

/** A source over bytes in memory; nothing is copied. */
export function inMemory(bytes: Uint8Array): ByteSource {
	return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** `length` bytes at `offset` of the source; throws FormatError "truncated" when they are not all there. */
export function part(source: ByteSource, offset: number, length: number): Uint8Array {
	if (!within(offset, length, source.size)) {
		throw new FormatError(
			"truncated",
			`${length} bytes at ${offset} do not fit into ${source.size} bytes`,
			offset,
		);
	}
	const bytes = source.read(offset, length);
	if (bytes.length !== length) throw new FormatError("truncated", "the file became shorter", offset);
	return bytes;
}

/** Whether `length` bytes at `offset` lie inside `size` bytes; false for anything that is not a plain count. */
export function within(offset: number, length: number, size: number): boolean {
	return Number.isSafeInteger(offset) && offset >= 0 && length >= 0 && offset + length <= size;
}

/** Numbers and strings at fixed places of one byte array, in one byte order; every read is checked. */
export class Fields {
	readonly bytes: Uint8Array;
	readonly little: boolean;
	/** Added to the offsets of errors: where these bytes begin in the whole input. */
	readonly base: number;
	readonly #view: DataView;

	constructor(bytes: Uint8Array, little = true, base = 0) {
		this.bytes = bytes;
		this.little = little;
		this.base = base;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	get length(): number {
		return this.bytes.length;
	}

	u8(offset: number): number {
		this.#check(offset, 1);
		return this.#view.getUint8(offset);
	}

	u16(offset: number): number {
		this.#check(offset, 2);
		return this.#view.getUint16(offset, this.little);
	}

	u32(offset: number): number {
		this.#check(offset, 4);
		return this.#view.getUint32(offset, this.little);
	}

	i32(offset: number): number {
		this.#check(offset, 4);
		return this.#view.getInt32(offset, this.little);
	}

	u64(offset: number): bigint {
		this.#check(offset, 8);
		return this.#view.getBigUint64(offset, this.little);
	}

	/** As u64; most of what is read with it is zero, which costs nothing here. */
	address(offset: number): bigint {
		return this.u32(offset) === 0 && this.u32(offset + 4) === 0 ? 0n : this.u64(offset);
	}

	/** A 64-bit size or file offset; more than 2^53 cannot be one and is FormatError "out-of-range". */
	size64(offset: number): number {
		const high = this.u32(offset + (this.little ? 4 : 0));
		const low = this.u32(offset + (this.little ? 0 : 4));
		if (high === 0) return low;
		if (high >= 0x200000) throw new FormatError("out-of-range", "a size beyond 2^53", this.base + offset);
		return high * 0x100000000 + low;
	}

	/** 64 bits with a sign; beyond 2^53 either way the last digits are rounded off. */
	signed64(offset: number): number {
		const high = this.i32(offset + (this.little ? 4 : 0));
		return high * 0x100000000 + this.u32(offset + (this.little ? 0 : 4));
	}

	slice(offset: number, length: number): Uint8Array {
		this.#check(offset, length);
		return this.bytes.subarray(offset, offset + length);
	}

	/** The bytes up to the next NUL as text (Latin-1); FormatError "unterminated" when none follows. */
	cstring(offset: number): string {
		this.#check(offset, 1);
		const end = this.bytes.indexOf(0, offset);
		if (end < 0) throw new FormatError("unterminated", "a string has no end", this.base + offset);
		return latin1(this.bytes, offset, end);
	}

	#check(offset: number, length: number): void {
		if (within(offset, length, this.bytes.length)) return;
		throw new FormatError(
			"truncated",
			`${length} bytes at ${offset} do not fit into ${this.bytes.length} bytes`,
			this.base + (Number.isSafeInteger(offset) ? offset : 0),
		);
	}
}

/** bytes[start, end) as text, a character a byte. */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
	const last = Math.min(end, bytes.length);
	return start < last ? toLatin1.call(bytes, start, last) : "";
}

/** Works on any Uint8Array, and makes no object but the string: thousands of modules have millions of names. */
const toLatin1: (this: Uint8Array, start: number, end: number) => string =
	typeof Buffer === "undefined"
		? latin1Without
		: (Buffer.prototype as unknown as { latin1Slice: typeof latin1Without }).latin1Slice;

/** For runtimes without Node's Buffer; fromCharCode takes no more arguments than the stack holds. */
function latin1Without(this: Uint8Array, start: number, end: number): string {
	const parts: string[] = [];
	for (let at = start; at < end; at += 8192)
		parts.push(String.fromCharCode(...this.subarray(at, Math.min(at + 8192, end))));
	return parts.join("");
}

/** The offset of `needle` in `bytes` at or after `from`; -1 when it is not there. */
export function find(bytes: Uint8Array, needle: Uint8Array | string, from = 0): number {
	const text = typeof needle === "string" ? needle : latin1(needle);
	if (typeof Buffer === "undefined") return latin1(bytes).indexOf(text, from);
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(text, from, "latin1");
}
