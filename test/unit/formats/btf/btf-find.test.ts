import { describe, expect, test } from "vitest";
import { BTF_KIND, Btf } from "../../../../src/formats/btf/btf.ts";
import { structLayout, typeText } from "../../../../src/formats/btf/btf-layout.ts";
import { findBtf, findIkconfig } from "../../../../src/formats/image/parts.ts";
import { type BtfSpec, composeBtf } from "../../../helpers/btf.ts";
import { ascii, joined, words } from "../../../helpers/elf.ts";

const region = (...parts: Uint8Array[]) => ({ name: "", offset: 1000, bytes: joined(parts) });
const small = composeBtf([{ kind: BTF_KIND.INT, name: "int", value: 4, trailer: [32] }]);
const large = composeBtf([
	{ kind: BTF_KIND.INT, name: "int", value: 4, trailer: [32] },
	{ kind: BTF_KIND.STRUCT, name: "module", value: 4, entries: [["state", 1, 0]] },
]);

describe("BTF in an image without sections", () => {
	test("the largest sound blob, wherever it lies", () => {
		const junk = ascii("\x9f\xeb\x01\0 not a header, but its magic");
		expect(findBtf(region(junk, small, junk, large, small))).toEqual({
			offset: 1000 + junk.length * 2 + small.length,
			size: large.length,
		});
	});

	test("in the other byte order", () => {
		const big = composeBtf([{ kind: BTF_KIND.INT, name: "int", value: 4, trailer: [32] }], { little: false });
		expect(findBtf(region(new Uint8Array(3), big))).toEqual({ offset: 1003, size: big.length });
	});

	test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
		["cut in the header", (bytes) => bytes.slice(0, 20)],
		["cut in the strings", (bytes) => bytes.slice(0, -1)],
		["a header that is too short", (bytes) => with32(bytes, 4, 8)],
		["types that do not begin at once", (bytes) => with32(bytes, 8, 4)],
		["strings before the types end", (bytes) => with32(bytes, 16, 4)],
		["no strings", (bytes) => with32(bytes, 20, 0)],
		["strings that do not end in NUL", (bytes) => withByte(bytes, bytes.length - 1, 65)],
	])("none: %s", (_, damage) => {
		expect(findBtf(region(damage(Uint8Array.from(large))))).toBeNull();
	});
});

test.each<[string, Uint8Array, { offset: number; size: number } | null]>([
	["between its marks", ascii("..IKCFG_ST\x1f\x8bdataIKCFG_ED"), { offset: 1010, size: 6 }],
	["without an end", ascii("IKCFG_ST\x1f\x8bdata"), null],
	["a mark without gzip data", ascii("IKCFG_STdataIKCFG_ED"), null],
])("IKCONFIG %s", (_, bytes, bounds) => {
	expect(findIkconfig(region(bytes))).toEqual(bounds);
});

describe("types as C text", () => {
	const TYPES: BtfSpec[] = [
		{ kind: BTF_KIND.INT, name: "int", value: 4, trailer: [32] },
		{ kind: BTF_KIND.VOLATILE, value: 1 },
		{ kind: BTF_KIND.RESTRICT, value: 2 },
		{ kind: BTF_KIND.ENUM, name: "color", value: 4, entries: [["RED", 0]] },
		{ kind: BTF_KIND.ENUM, value: 4, entries: [["BLUE", 0]] },
		{ kind: BTF_KIND.FWD, name: "later" },
		{ kind: BTF_KIND.FWD, name: "either", flag: true },
		{ kind: BTF_KIND.STRUCT, value: 4, entries: [["x", 1, 0]] },
		{ kind: BTF_KIND.UNION, value: 4, entries: [["y", 1, 0]] },
		{ kind: BTF_KIND.FUNC_PROTO, value: 0, entries: [["", 4]] },
		{ kind: BTF_KIND.TYPEDEF, name: "u32", value: 1 },
		{ kind: BTF_KIND.PTR, value: 13 },
		{ kind: BTF_KIND.CONST, value: 12 },
		{ kind: BTF_KIND.ARRAY, trailer: [11, 1, 3] },
	];
	const btf = new Btf(composeBtf(TYPES));

	test.each([
		[2, "volatile int"],
		[3, "volatile int"],
		[4, "enum color"],
		[5, "enum {...}"],
		[6, "struct later"],
		[7, "union either"],
		[8, "struct {...}"],
		[9, "union {...}"],
		[11, "u32"],
		[14, "u32 [3]"],
	])("%i: %s", (id, text) => {
		expect(typeText(btf, id)).toBe(text);
	});

	test("types that name each other end in dots", () => {
		expect(typeText(btf, 12)).toContain("...");
		expect(typeText(btf, 10)).toMatch(/\(\*\)\(enum color\)$/);
	});

	test("a struct inside itself is refused; one of no such name is none", () => {
		const looped = new Btf(
			composeBtf([{ kind: BTF_KIND.STRUCT, name: "loop", value: 8, entries: [["", 1, 0]] }]),
		);
		expect(() => structLayout(looped, "loop")).toThrow(expect.objectContaining({ code: "bad-btf" }));
		expect(structLayout(btf, "absent")).toBeNull();
	});
});

function with32(bytes: Uint8Array, at: number, value: number): Uint8Array {
	bytes.set(words(true, [4, value]), at);
	return bytes;
}

function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
	bytes[at] = value;
	return bytes;
}
