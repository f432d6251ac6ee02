import { describe, expect, test } from "vitest";
import { BTF_KIND, Btf } from "../../../../src/formats/btf/btf.ts";
import { structLayout, typeText } from "../../../../src/formats/btf/btf-layout.ts";
import { type BtfSpec, composeBtf } from "../../../helpers/btf.ts";

/** Ids begin with 1. */
const TYPES: BtfSpec[] = [
	{ kind: BTF_KIND.INT, name: "int", value: 4, trailer: [32] },
	{ kind: BTF_KIND.INT, name: "char", value: 1, trailer: [8] },
	{ kind: BTF_KIND.CONST, value: 2 },
	{ kind: BTF_KIND.PTR, value: 3 },
	{ kind: BTF_KIND.ARRAY, trailer: [2, 1, 56] },
	{
		kind: BTF_KIND.UNION,
		value: 8,
		entries: [
			["", 7, 0],
			["raw", 4, 0],
		],
	},
	{
		kind: BTF_KIND.STRUCT,
		value: 8,
		entries: [
			["low", 1, 0],
			["high", 1, 32],
		],
	},
	{
		kind: BTF_KIND.FUNC_PROTO,
		value: 1,
		entries: [
			["m", 10],
			["", 0],
		],
	},
	{ kind: BTF_KIND.PTR, value: 8 },
	{ kind: BTF_KIND.PTR, value: 11 },
	{
		kind: BTF_KIND.STRUCT,
		name: "module",
		value: 88,
		flag: true,
		entries: [
			["state", 1, 0],
			["flag", 1, (3 << 24) | 32],
			["name", 5, 64],
			["", 6, 512],
			["init", 9, 576],
		],
	},
	{ kind: BTF_KIND.TYPEDEF, name: "u32", value: 1 },
	{ kind: BTF_KIND.ENUM64, name: "wide", value: 8, entries: [["A", 1, 0]] },
	{ kind: BTF_KIND.DECL_TAG, name: "tag", value: 11, trailer: [0] },
];

describe.each([true, false])("little-endian: %s", (little) => {
	const btf = new Btf(composeBtf(TYPES, { little }));

	test("layout of a struct: anonymous members in place, bit fields, C types", () => {
		expect(structLayout(btf, "module")).toEqual({
			name: "module",
			size: 88,
			members: [
				{ name: "state", bitOffset: 0, bitSize: 0, type: "int" },
				{ name: "flag", bitOffset: 32, bitSize: 3, type: "int" },
				{ name: "name", bitOffset: 64, bitSize: 0, type: "char [56]" },
				{ name: "low", bitOffset: 512, bitSize: 0, type: "int" },
				{ name: "high", bitOffset: 544, bitSize: 0, type: "int" },
				{ name: "raw", bitOffset: 512, bitSize: 0, type: "const char *" },
				{ name: "init", bitOffset: 576, bitSize: 0, type: "int (*)(struct module *, ...)" },
			],
		});
	});

	test("BTF of a module goes on where its base ends", () => {
		const own: BtfSpec[] = [
			{
				kind: BTF_KIND.STRUCT,
				name: "demo",
				value: 16,
				entries: [
					["owner", 10, 0],
					["next", btf.count + 1, 64],
				],
			},
			{ kind: BTF_KIND.PTR, value: btf.count },
		];
		const split = new Btf(composeBtf(own, { little, firstString: btf.stringEnd }), btf);
		expect(structLayout(split, "demo")?.members.map(({ name, type }) => [name, type])).toEqual([
			["owner", "struct module *"],
			["next", "struct demo *"],
		]);
		expect(structLayout(split, "module")?.size).toBe(88);
		expect(structLayout(btf, "demo")).toBeNull();
	});
});

test("a type that leads to itself ends", () => {
	const loop = new Btf(composeBtf([{ kind: BTF_KIND.CONST, value: 1 }]));
	expect(typeText(loop, 1)).toMatch(/\.\.\.$/);
	const nest = new Btf(composeBtf([{ kind: BTF_KIND.STRUCT, name: "x", value: 8, entries: [["", 1, 0]] }]));
	expect(() => structLayout(nest, "x")).toThrow(expect.objectContaining({ code: "bad-btf" }));
});

test.each<[string, Uint8Array, string]>([
	["empty", new Uint8Array(), "truncated"],
	["text", new TextEncoder().encode("CONFIG_DEBUG_INFO_BTF=y\n"), "not-btf"],
	["an unknown kind", composeBtf([{ kind: 31 }]), "bad-btf"],
	["cut", composeBtf(TYPES).slice(0, -40), "truncated"],
])("refused: %s", (_, bytes, code) => {
	expect(() => new Btf(bytes)).toThrow(expect.objectContaining({ name: "FormatError", code }));
});
