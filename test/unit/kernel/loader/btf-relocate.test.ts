import { describe, expect, test } from "vitest";
import { BTF_KIND, Btf } from "../../../../src/formats/btf/btf.ts";
import { relocationFault } from "../../../../src/kernel/loader/btf-relocate.ts";
import { kernelBtf, structModuleFrom } from "../../../../src/kernel/loader/struct-members.ts";
import { type BtfSpec, composeBtf } from "../../../helpers/btf.ts";

const INT: BtfSpec = { kind: BTF_KIND.INT, name: "int", value: 4, trailer: [32] };
const struct = (name: string, value: number): BtfSpec => ({ kind: BTF_KIND.STRUCT, name, value });
const union = (name: string, value: number): BtfSpec => ({ kind: BTF_KIND.UNION, name, value });
const forward = (name: string, ofUnion = false): BtfSpec => ({ kind: BTF_KIND.FWD, name, flag: ofUnion });
const enumeration = (name: string, value: number): BtfSpec => ({ kind: BTF_KIND.ENUM, name, value });

/** What becomes of a module whose .BTF.base has the types `base`, and whose own types are `own`, on `image`. */
function fault(base: BtfSpec[], image: BtfSpec[], own: BtfSpec[] = []): string | null {
	const lower = new Btf(composeBtf(base));
	const split = new Btf(composeBtf(own, { firstString: lower.stringEnd }), lower);
	return relocationFault(lower, split, kernelBtf(new Btf(composeBtf(image))));
}

describe("each type of .BTF.base finds its one counterpart in the image", () => {
	test.each<[string, BtfSpec[], BtfSpec[]]>([
		["the same integer", [INT], [INT]],
		["a struct of another size, only pointed to", [struct("s", 8)], [struct("s", 16)]],
		["a struct and a union of one name: the size decides", [struct("s", 8)], [struct("s", 8), union("s", 4)]],
		["a forward of what is a struct there", [forward("s")], [struct("s", 16)]],
		["a forward of what is a union there", [forward("u", true)], [{ ...union("u", 16), flag: true }]],
		["a forward of a forward", [forward("s")], [forward("s")]],
		["an enum that got wide", [enumeration("e", 8)], [{ kind: BTF_KIND.ENUM64, name: "e", value: 8 }]],
	])("%s", (_, base, image) => {
		expect(fault(base, image)).toBeNull();
	});

	test.each<[string, BtfSpec[], BtfSpec[], RegExp]>([
		["absent", [struct("s", 8)], [INT], /type 's' \[1\] is not mapped/],
		["an integer of another size", [INT], [{ ...INT, value: 8 }], /type 'int' \[1\] is not mapped/],
		[
			"an integer that is a float there",
			[INT],
			[{ kind: BTF_KIND.FLOAT, name: "int", value: 4 }],
			/not mapped/,
		],
		["a forward of the other kind", [forward("s", true)], [forward("s")], /not mapped/],
		["two that fit", [struct("s", 8)], [struct("s", 8), struct("s", 8)], /size 8 has multiple candidates/],
		["without a name", [struct("", 8)], [INT], /it is anonymous/],
		["of a kind that no base has", [{ kind: BTF_KIND.PTR, value: 0 }], [INT], /unexpected kind \[2\]/],
	])("refused: %s", (_, base, image, line) => {
		expect(fault(base, image)).toMatch(line);
	});

	test("a struct inside one of the module's own must keep its size, through arrays and qualifiers too", () => {
		const base = [INT, struct("s", 8)];
		const image = [INT, struct("s", 16)];
		const own = (member: number): BtfSpec[] => [
			{ kind: BTF_KIND.CONST, value: 2 },
			{ kind: BTF_KIND.ARRAY, trailer: [3, 1, 4] },
			{ kind: BTF_KIND.PTR, value: 2 },
			{ kind: BTF_KIND.STRUCT, name: "mine", value: 64, entries: [["inner", member, 0]] },
		];
		expect(fault(base, image, own(2))).toMatch(/'s' \[2\] is not mapped/);
		expect(fault(base, image, own(4))).toMatch(/'s' \[2\] is not mapped/);
		expect(fault(base, image, own(5))).toBeNull();
		expect(fault(base, base, own(4))).toBeNull();
	});
});

describe("struct module in the image's BTF", () => {
	const types: BtfSpec[] = [
		INT,
		{ kind: BTF_KIND.PTR, value: 0 },
		{ kind: BTF_KIND.ARRAY, trailer: [1, 1, 14] },
		{ kind: BTF_KIND.TYPEDEF, name: "init_t", value: 2 },
		{ kind: BTF_KIND.FWD, name: "later" },
		{
			kind: BTF_KIND.STRUCT,
			name: "module",
			value: 128,
			entries: [
				["state", 1, 0],
				["name", 3, 64],
				["init", 4, 512],
				["odd", 5, 640],
				["exit", 2, 704],
			],
		},
	];

	test.each([4, 8] as const)("members with sizes, where a pointer has %i bytes", (pointer) => {
		expect(structModuleFrom(new Btf(composeBtf(types)), pointer)).toEqual({
			size: 128,
			init: 64,
			exit: 88,
			members: [
				{ name: "state", offset: 0, size: 4 },
				{ name: "name", offset: 8, size: 56 },
				{ name: "init", offset: 64, size: pointer },
				{ name: "odd", offset: 80, size: 0 },
				{ name: "exit", offset: 88, size: pointer },
			],
		});
	});

	test("a kernel without it, and one whose module has no exit", () => {
		expect(structModuleFrom(new Btf(composeBtf([INT])), 8)).toBeNull();
		const bare = new Btf(composeBtf([INT, { ...struct("module", 8), entries: [["state", 1, 0]] }]));
		expect(structModuleFrom(bare, 8)).toMatchObject({ init: null, exit: null });
	});
});
