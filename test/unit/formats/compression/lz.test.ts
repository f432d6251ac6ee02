import { describe, expect, test } from "vitest";
import { decodeLz4 } from "../../../../src/formats/compression/lz4.ts";
import { decodeLzop } from "../../../../src/formats/compression/lzo.ts";
import { ascii, joined, words } from "../../../helpers/elf.ts";

type Part = readonly [size: number, value: number];
const LEGACY: Part = [4, 0x184c2102];
const FRAME: Part = [4, 0x184d2204];
/** "abcd", then 8 bytes from 4 back, then "!" as literals. */
const block = joined([
	words(true, [1, 0x44]),
	ascii("abcd"),
	words(true, [2, 4]),
	words(true, [1, 0x10]),
	ascii("!"),
]);
const TEXT = "abcdabcdabcd!";
const sized = (part: Uint8Array, flag = 0) => joined([words(true, [4, (part.length | flag) >>> 0]), part]);
/** A frame with these flags; `fields` stand between them and the header's checksum. */
const frame = (flags: number, fields: Part[], ...blocks: Uint8Array[]) =>
	joined([words(true, FRAME, [1, flags], [1, 0x70], ...fields, [1, 0]), ...blocks, words(true, [4, 0])]);
const legacy = (...blocks: Uint8Array[]) => joined([words(true, LEGACY), ...blocks]);

describe("lz4", () => {
	test.each<[string, Uint8Array, string]>([
		["a frame", frame(0x60, [], sized(block)), TEXT],
		["with the size of its content", frame(0x68, [[8, 13]], sized(block)), TEXT],
		[
			"with checksums of blocks and content",
			joined([frame(0x74, [], sized(block), words(true, [4, 9])), words(true, [4, 9])]),
			TEXT,
		],
		["a block that is stored as it is", frame(0x60, [], sized(ascii("plain"), 0x80000000)), "plain"],
		[
			"behind a skippable frame",
			joined([words(true, [4, 0x184d2a53], [4, 3], [3, 0]), frame(0x60, [], sized(block))]),
			TEXT,
		],
		["two frames", joined([frame(0x60, [], sized(block)), frame(0x60, [], sized(block))]), TEXT + TEXT],
		[
			"legacy blocks and the kernel's size word",
			joined([legacy(sized(block), sized(block)), words(true, [4, 26])]),
			TEXT + TEXT,
		],
		["legacy twice", joined([legacy(sized(block)), legacy(sized(block))]), TEXT + TEXT],
		["something else behind a frame", joined([frame(0x60, [], sized(block)), ascii("tail")]), TEXT],
	])("%s", (_, bytes, text) => {
		expect(Buffer.from(decodeLz4(bytes, 1000)).toString()).toBe(text);
	});

	test("lengths of more than one byte", () => {
		const long = joined([
			words(true, [1, 0xff], [1, 255], [1, 10]),
			ascii("x".repeat(280)),
			words(true, [2, 1], [1, 255], [1, 0]),
		]);
		expect(decodeLz4(frame(0x60, [], sized(long)), 10_000)).toHaveLength(280 + 4 + 15 + 255);
	});

	test.each<[string, Uint8Array, string]>([
		["no lz4 data", ascii("something else"), "not-lz4"],
		["a frame of another version", frame(0x20, []), "bad-lz4"],
		["a dictionary", frame(0x61, []), "bad-lz4"],
		["a legacy block that is cut", legacy(words(true, [4, 99], [4, 0])), "truncated"],
		["literals that are cut", frame(0x60, [], sized(words(true, [1, 0xf0], [1, 9]))), "truncated"],
		[
			"a match before the beginning",
			frame(0x60, [], sized(words(true, [1, 0x10], [1, 65], [2, 2]))),
			"bad-distance",
		],
		["more than the limit", frame(0x60, [], ...new Array(80).fill(sized(block))), "too-large"],
		["a frame without an end", frame(0x60, [], sized(block)).slice(0, -4), "truncated"],
	])("refused: %s", (_, bytes, code) => {
		expect(() => decodeLz4(bytes, 1000)).toThrow(expect.objectContaining({ code }));
	});
});

/** An lzop file of these blocks, each [size, bytes as they are stored]; `version` below 0x0940 has a shorter header. */
function lzop(blocks: [number, Uint8Array][], { version = 0x1040, method = 1, flags = 0 } = {}): Uint8Array {
	const modern = version >= 0x0940;
	const head: Part[] = [[2, version], [2, 0x20a0], ...((modern ? [[2, 0x0940]] : []) as Part[]), [1, method]];
	return joined([
		ascii("\x89LZO\0\x0d\x0a\x1a\x0a"),
		words(false, ...head, ...((modern ? [[1, 5]] : []) as Part[]), [4, flags]),
		words(
			false,
			[4, 0],
			...((modern
				? [
						[4, 0],
						[4, 0],
					]
				: [[4, 0]]) as Part[]),
			[1, 0],
			[4, 0],
		),
		...blocks.map(([size, stored]) => joined([words(false, [4, size], [4, stored.length]), stored])),
		words(false, [4, 0]),
	]);
}

describe("lzop", () => {
	/** 4 literals by the first byte, 12 bytes from 4 back (a match of 2 + 10, distance word 3 << 2), then the end mark. */
	const packed = joined([
		words(true, [1, 17 + 4]),
		ascii("abcd"),
		words(true, [1, 32 + 10], [2, 3 << 2]),
		words(true, [1, 17], [2, 0]),
	]);

	test.each<[string, Uint8Array, string]>([
		[
			"stored blocks",
			lzop([
				[4, ascii("abcd")],
				[2, ascii("ef")],
			]),
			"abcdef",
		],
		["the short header of old versions", lzop([[4, ascii("abcd")]], { version: 0x0930 }), "abcd"],
		["a packed block", lzop([[16, packed]]), "abcdabcdabcdabcd"],
	])("%s", (_, bytes, text) => {
		expect(Buffer.from(decodeLzop(bytes, 100)).toString()).toBe(text);
	});

	test.each<[string, Uint8Array, string]>([
		["an unknown method", lzop([], { method: 9 }), "bad-lzo"],
		["a block that is stored in more than its size", lzop([[2, ascii("abcd")]]), "bad-lzo"],
		["more than the limit", lzop([[300, new Uint8Array(300)]]), "too-large"],
		["literals that are cut", lzop([[60, words(true, [1, 40], [1, 65])]]), "truncated"],
		[
			"a match before the beginning",
			lzop([[60, joined([words(true, [1, 21]), ascii("abcd"), words(true, [1, 0x40], [1, 9])])]]),
			"bad-distance",
		],
		["a block of another size than it says", lzop([[17, packed]]), "bad-lzo"],
		["a block that grows beyond its size", lzop([[15, packed]]), "bad-lzo"],
		["no end mark", lzop([[4, ascii("abcd")]]).slice(0, -4), "truncated"],
	])("refused: %s", (_, bytes, code) => {
		expect(() => decodeLzop(bytes, 200)).toThrow(expect.objectContaining({ code }));
	});
});
