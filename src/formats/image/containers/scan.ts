import { type ByteSource, find, part } from "../../bytes.ts";
import { type Compression, compressionOf } from "../../compression/compression.ts";
import type { Payload } from "./container.ts";

const SCAN_PIECE = 1 << 20;
const SCANNED: readonly (readonly [magic: string, compression: Compression])[] = [
	["\x1f\x8b\x08\x00", "gzip"],
	["\xfd7zXZ\0", "xz"],
	["\x28\xb5\x2f\xfd", "zstd"],
	["\x02\x21\x4c\x18", "lz4-legacy"],
	["\x89LZO\0\x0d\x0a\x1a\x0a", "lzo"],
	["BZh9", "bzip2"],
	["\x5d\0\0", "lzma"],
];
const MOST_CANDIDATES = 16;

/**
 * Places in [from, to) where compressed data may begin, for containers that do not say: each kind's first ones, in
 * file order. What follows the data may belong to it as far as `to`.
 */
export function scanned(source: ByteSource, from: number, to = source.size): Payload[] {
	const found: Payload[] = [];
	const inOrder = () => found.sort((a, b) => a.offset - b.offset);
	for (let at = from; at < to; at += SCAN_PIECE) {
		const piece = part(source, at, Math.min(SCAN_PIECE + 16, to - at));
		for (const [magic, compression] of SCANNED) {
			for (let hit = find(piece, magic); hit >= 0 && hit < SCAN_PIECE; hit = find(piece, magic, hit + 1)) {
				if (compressionOf(piece.subarray(hit)) !== compression) continue;
				found.push({ offset: at + hit, size: to - at - hit, compression, expected: null });
				if (found.length >= MOST_CANDIDATES) return inOrder();
			}
		}
	}
	return inOrder();
}
