import { Fields } from "../bytes.ts";
import { FormatError } from "../error.ts";

/** Compressions that kernels, modules and configs come in. */
export type Compression = "gzip" | "xz" | "zstd" | "lz4" | "lz4-legacy" | "lzo" | "bzip2" | "lzma";

const MAGICS: readonly (readonly [magic: readonly number[], compression: Compression])[] = [
	[[0x1f, 0x8b, 8], "gzip"],
	[[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "xz"],
	[[0x28, 0xb5, 0x2f, 0xfd], "zstd"],
	[[0x04, 0x22, 0x4d, 0x18], "lz4"],
	[[0x02, 0x21, 0x4c, 0x18], "lz4-legacy"],
	[[0x89, 0x4c, 0x5a, 0x4f, 0, 0x0d, 0x0a, 0x1a, 0x0a], "lzo"],
	[[0x42, 0x5a, 0x68], "bzip2"],
];

/** How many first bytes `compressionOf` looks at. */
export const COMPRESSION_HEAD = 13;

/** What the first bytes say, whatever the file is called; null when they are no compression kprep knows. */
export function compressionOf(head: Uint8Array): Compression | null {
	const known = MAGICS.find(([magic]) => magic.every((byte, index) => head[index] === byte));
	return known?.[1] ?? (isLzma(head) ? "lzma" : null);
}

/** .lzma has no magic: properties byte of the default settings, a plausible dictionary, a plausible or unknown size. */
function isLzma(head: Uint8Array): boolean {
	if (head.length < 13 || head[0] !== 0x5d) return false;
	const fields = new Fields(head);
	const dictionary = fields.u32(1);
	const size = fields.u64(5);
	const plausible = dictionary >= 4096 && (dictionary & (dictionary - 1)) === 0;
	return plausible && (size === 0xffff_ffff_ffff_ffffn || size < 1n << 38n);
}

/**
 * Uncompressed size of an .xz file from the index at its end, in bytes (xz file format 1.2, 2.1.2 and 4).
 * null when the file is not one stream without padding. Throws FormatError when the index is damaged.
 */
export function xzSize(bytes: Uint8Array): number | null {
	const fields = new Fields(bytes);
	if (bytes.length < 32 || fields.u16(bytes.length - 2) !== 0x5a59) return null;
	const indexSize = (fields.u32(bytes.length - 8) + 1) * 4;
	const start = bytes.length - 12 - indexSize;
	if (start < 12 || fields.u8(start) !== 0) return null;
	let at = start + 1;
	const number = () => {
		let value = 0;
		for (let shift = 0; shift < 49; shift += 7) {
			const byte = fields.u8(at++);
			value += (byte & 0x7f) * 2 ** shift;
			if ((byte & 0x80) === 0) return value;
		}
		throw new FormatError("bad-xz", "a number in the index does not end", at);
	};
	const records = number();
	let size = 0;
	let stored = 0;
	for (let record = 0; record < records; record++) {
		stored += Math.ceil(number() / 4) * 4;
		size += number();
		if (at > bytes.length) break;
	}
	return stored + 12 === start ? size : null;
}

/**
 * Content size and whole length of the zstd frame at the start of `bytes`, in bytes (RFC 8878, 3.1.1). Content size
 * null: the frame does not say. Throws FormatError "truncated" when the frame is cut.
 */
export function zstdFrame(bytes: Uint8Array): { contentSize: number | null; length: number } {
	const fields = new Fields(bytes);
	const descriptor = fields.u8(4);
	const single = (descriptor & 0x20) !== 0;
	const dictionary = [0, 1, 2, 4][descriptor & 3] as number;
	const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
	let at = 5 + (single ? 0 : 1) + dictionary;
	const contentSize =
		sizeBytes === 0
			? null
			: sizeBytes === 1
				? fields.u8(at)
				: sizeBytes === 2
					? fields.u16(at) + 256
					: sizeBytes === 4
						? fields.u32(at)
						: fields.size64(at);
	at += sizeBytes;
	for (let last = false; !last; ) {
		const header = fields.u16(at) | (fields.u8(at + 2) << 16);
		last = (header & 1) !== 0;
		// An RLE block stores one byte, whatever its size.
		at += 3 + (((header >> 1) & 3) === 1 ? 1 : header >> 3);
	}
	const length = at + ((descriptor & 4) !== 0 ? 4 : 0);
	if (length > bytes.length) throw new FormatError("truncated", "a zstd frame is cut", bytes.length);
	return { contentSize, length };
}
