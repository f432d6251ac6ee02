import { Fields } from "../bytes.ts";
import { FormatError } from "../error.ts";
import { Output } from "./output.ts";

const FRAME = 0x184d2204;
const LEGACY = 0x184c2102;
const SKIPPABLE = 0x184d2a50;

/**
 * Decodes lz4 frames and the legacy format that kernels use (`lz4 -l`; bytes after its last block, such as the
 * kernel's size word, end it). `limit` and `expected` are bytes of output. Throws FormatError.
 */
export function decodeLz4(bytes: Uint8Array, limit: number, expected?: number): Uint8Array {
	const fields = new Fields(bytes);
	const output = new Output(limit, expected);
	let at = 0;
	while (at + 4 <= bytes.length) {
		const magic = fields.u32(at);
		if (magic === LEGACY) at = legacyBlocks(fields, at + 4, output);
		else if (magic === FRAME) at = frameBlocks(fields, at + 4, output);
		else if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) at += 8 + fields.u32(at + 4);
		else if (output.length > 0) break;
		else throw new FormatError("not-lz4", "no lz4 data", at);
	}
	return output.bytes;
}

/** Blocks hold 8 MiB each and cannot grow by more than lz4's worst case: a larger size word is something else. */
const LEGACY_BOUND = 8 * 1024 * 1024 + 8 * 1024 * 4 + 16 + 1024;

function legacyBlocks(fields: Fields, start: number, output: Output): number {
	let at = start;
	while (at + 4 <= fields.length) {
		const size = fields.u32(at);
		if (size === LEGACY) return at;
		if (size === 0 || size > LEGACY_BOUND || at + 4 + size > fields.length) {
			if (output.length === 0) throw new FormatError("truncated", "an lz4 block is cut", at);
			return fields.length;
		}
		decodeBlock(fields.slice(at + 4, size), output);
		at += 4 + size;
	}
	return fields.length;
}

function frameBlocks(fields: Fields, start: number, output: Output): number {
	const flags = fields.u8(start);
	if (flags >> 6 !== 1) throw new FormatError("bad-lz4", "an unknown frame version", start);
	if (flags & 1) throw new FormatError("bad-lz4", "the frame needs a dictionary", start);
	let at = start + 2 + (flags & 8 ? 8 : 0) + 1;
	for (;;) {
		const word = fields.u32(at);
		at += 4;
		if (word === 0) break;
		const size = word & 0x7fffffff;
		const block = fields.slice(at, size);
		if (word >>> 31) output.append(block);
		else decodeBlock(block, output);
		at += size + (flags & 0x10 ? 4 : 0);
	}
	return at + (flags & 4 ? 4 : 0);
}

/** One block (lz4 block format): runs of literals, each followed by a match but the last. */
function decodeBlock(block: Uint8Array, output: Output): void {
	const fields = new Fields(block);
	let at = 0;
	const extended = (short: number) => {
		if (short < 15) return short;
		let length = short;
		for (let byte = 255; byte === 255; ) {
			byte = fields.u8(at++);
			length += byte;
		}
		return length;
	};
	while (at < block.length) {
		const token = fields.u8(at++);
		const literals = extended(token >> 4);
		if (literals > block.length - at) throw new FormatError("truncated", "lz4 literals are cut", at);
		output.append(block, at, at + literals);
		at += literals;
		if (at === block.length) return;
		const distance = fields.u16(at);
		at += 2;
		output.repeat(distance, extended(token & 15) + 4);
	}
}
