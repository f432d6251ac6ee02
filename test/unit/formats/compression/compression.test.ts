import { describe, expect, test } from "vitest";
import { compressionOf, xzSize, zstdFrame } from "../../../../src/formats/compression/compression.ts";
import { words } from "../../../helpers/elf.ts";

type Part = readonly [size: number, value: number];

/** A zstd frame with this descriptor and these fields behind it, one raw block of 5 bytes and one run of a byte. */
function frame(descriptor: number, ...fields: Part[]): Uint8Array {
	const blocks: Part[] = [
		[3, 5 << 3],
		[5, 0],
		[3, (900 << 3) | (1 << 1) | 1],
		[1, 65],
	];
	return words(true, [4, 0xfd2fb528], [1, descriptor], ...fields, ...blocks);
}

describe("zstd frames", () => {
	test.each<[string, number, Part[], number | null]>([
		["no size, a window", 0, [[1, 0x50]], null],
		["a size in one byte, single segment", 0x20, [[1, 200]], 200],
		["two bytes, which count from 256", 0x60, [[2, 10]], 266],
		[
			"four bytes, a window and a dictionary",
			0x82,
			[
				[1, 0],
				[2, 7],
				[4, 70_000],
			],
			70_000,
		],
		[
			"eight bytes, a dictionary of four",
			0xe3,
			[
				[4, 7],
				[8, 2 ** 33],
			],
			2 ** 33,
		],
	])("%s", (_, descriptor, fields, contentSize) => {
		const bytes = frame(descriptor, ...fields);
		expect(zstdFrame(bytes)).toEqual({ contentSize, length: bytes.length });
	});

	test("with a checksum it is four bytes longer, and what follows is not counted", () => {
		const bytes = words(true, ...[...frame(0x24, [1, 9])].map((byte) => [1, byte] as const), [4, 1], [9, 0]);
		expect(zstdFrame(bytes)).toEqual({ contentSize: 9, length: bytes.length - 9 });
	});

	test.each([4, 6, 9, 16])("cut at %i", (length) => {
		expect(() => zstdFrame(frame(0x20, [1, 9]).slice(0, length))).toThrow(
			expect.objectContaining({ code: "truncated" }),
		);
	});
});

/** The end of an .xz file: an index of these numbers and a footer; `stored` bytes and the stream header before it. */
function xz(stored: number, numbers: number[], backward?: number): Uint8Array {
	const padding = (4 - ((1 + numbers.length) % 4)) % 4;
	const index = [0, ...numbers, ...new Array(padding).fill(0), 0, 0, 0, 0];
	const footer: Part[] = [
		[4, 0],
		[4, backward ?? index.length / 4 - 1],
		[2, 0],
		[2, 0x5a59],
	];
	return words(true, [12, 0], [stored, 0], ...index.map((byte) => [1, byte] as const), ...footer);
}

describe("the size in an .xz index", () => {
	test.each<[string, Uint8Array, number | null]>([
		["one block", xz(16, [1, 15, 100]), 100],
		["two blocks", xz(36, [2, 15, 100, 20, 7]), 107],
		["a number of two bytes", xz(16, [1, 16, 0xc8, 1]), 200],
		["blocks of another length than the index says", xz(20, [1, 15, 100]), null],
		["an index that begins before the file", xz(16, [1, 15, 100], 0xffff), null],
		["no footer", new Uint8Array(64), null],
		["too short", new Uint8Array(8), null],
	])("%s", (_, bytes, size) => {
		expect(xzSize(bytes)).toBe(size);
	});

	test("a number without an end", () => {
		expect(() => xzSize(xz(16, [1, ...new Array(10).fill(0xff)]))).toThrow(
			expect.objectContaining({ code: "bad-xz" }),
		);
	});
});

test.each<[string, number[], string | null]>([
	["lzma", [0x5d, 0, 0, 0x80, 0, 255, 255, 255, 255, 255, 255, 255, 255], "lzma"],
	["lzma of a known size", [0x5d, 0, 0, 0x80, 0, 1, 2, 0, 0, 0, 0, 0, 0], "lzma"],
	["a dictionary of no power of two", [0x5d, 0, 0, 0x81, 0, 1, 2, 0, 0, 0, 0, 0, 0], null],
	["an impossible size", [0x5d, 0, 0, 0x80, 0, 1, 2, 0, 0, 0, 0, 9, 0], null],
	["too short for lzma", [0x5d, 0, 0, 0x80], null],
	["nothing", [], null],
])("compression by the first bytes: %s", (_, head, expected) => {
	expect(compressionOf(Uint8Array.from(head))).toBe(expected);
});
