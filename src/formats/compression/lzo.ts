import { Fields } from "../bytes.ts";
import { FormatError } from "../error.ts";
import { Output } from "./output.ts";

const MAGIC = 9;
const FLAG = { ADLER_D: 1, ADLER_C: 2, EXTRA: 0x40, CRC_D: 0x100, CRC_C: 0x200, FILTER: 0x800 };

/**
 * Decodes an lzop file, as kernels and `lzop` write it (lzop's file format; checksums are not verified).
 * `limit` and `expected` are bytes of output. Throws FormatError.
 */
export function decodeLzop(bytes: Uint8Array, limit: number, expected?: number): Uint8Array {
	const fields = new Fields(bytes, false);
	const { flags, start } = readHeader(fields);
	const output = new Output(limit, expected);
	const count = (mask: number) => [mask & 0xff, mask & ~0xff].filter((bit) => flags & bit).length * 4;
	let at = start;
	for (;;) {
		const size = fields.u32(at);
		if (size === 0) return output.bytes;
		const stored = fields.u32(at + 4);
		if (stored > size || size > 64 * 1024 * 1024)
			throw new FormatError("bad-lzo", "impossible block sizes", at);
		at += 8 + count(FLAG.ADLER_D | FLAG.CRC_D) + (stored < size ? count(FLAG.ADLER_C | FLAG.CRC_C) : 0);
		const block = fields.slice(at, stored);
		const before = output.length;
		if (stored === size) output.append(block);
		else decodeLzo1x(block, output, before + size);
		if (output.length !== before + size)
			throw new FormatError("bad-lzo", "a block of another size than it says", at);
		at += stored;
	}
}

function readHeader(fields: Fields): { flags: number; start: number } {
	const version = fields.u16(MAGIC);
	const modern = version >= 0x0940;
	let at = MAGIC + (modern ? 6 : 4);
	const method = fields.u8(at);
	if (method < 1 || method > 3) throw new FormatError("bad-lzo", "an unknown method", at);
	at += modern ? 2 : 1;
	const flags = fields.u32(at);
	at += 4 + (flags & FLAG.FILTER ? 4 : 0) + (modern ? 12 : 8);
	at += 1 + fields.u8(at) + 4;
	if (flags & FLAG.EXTRA) at += 4 + fields.u32(at) + 4;
	return { flags, start: at };
}

/** One LZO1X block, decoded up to output length `end` (Documentation/staging/lzo.rst of the kernel). */
function decodeLzo1x(block: Uint8Array, output: Output, end: number): void {
	const fields = new Fields(block);
	let at = 0;
	const literals = (count: number) => {
		if (count > block.length - at) throw new FormatError("truncated", "lzo literals are cut", at);
		output.append(block, at, at + count);
		at += count;
	};
	const long = (short: number, most: number) => {
		if (short !== 0) return short;
		let length = most;
		let byte = fields.u8(at++);
		for (; byte === 0; byte = fields.u8(at++)) length += 255;
		return length + byte;
	};
	let state = 0;
	const first = fields.u8(0);
	if (first > 17) {
		at = 1;
		literals(first - 17);
		state = first < 22 ? first - 17 : 4;
	}
	while (output.length <= end) {
		const code = fields.u8(at++);
		if (code < 16 && state === 0) {
			literals(3 + long(code, 15));
			state = 4;
			continue;
		}
		let distance: number;
		let length: number;
		let tail = code & 3;
		if (code < 16) {
			length = state === 4 ? 3 : 2;
			distance = (fields.u8(at++) << 2) + (code >> 2) + (state === 4 ? 2049 : 1);
		} else if (code < 64) {
			const far = code < 32;
			length = 2 + (far ? long(code & 7, 7) : long(code & 31, 31));
			const word = fields.u16(at);
			at += 2;
			tail = word & 3;
			distance = far ? 16384 + ((code & 8) << 11) + (word >> 2) : 1 + (word >> 2);
			if (far && distance === 16384) return;
		} else {
			length = code < 128 ? 3 + ((code >> 5) & 1) : 5 + ((code >> 5) & 3);
			distance = (fields.u8(at++) << 3) + ((code >> 2) & 7) + 1;
		}
		output.repeat(distance, length);
		literals(tail);
		state = tail;
	}
	throw new FormatError("bad-lzo", "a block grows beyond its size", at);
}
