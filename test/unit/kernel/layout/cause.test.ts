import { describe, expect, test } from "vitest";
import type { StructLayout } from "../../../../src/formats/btf/btf-layout.ts";
import { layoutCause, switchedMembers } from "../../../../src/kernel/layout/cause.ts";
import { compareLayouts, innerStructs } from "../../../../src/kernel/layout/struct-layout.ts";

function layout(size: number, ...members: [name: string, bits: number][]): StructLayout {
	return {
		name: "module",
		size,
		members: members.map(([name, bitOffset]) => ({ name, bitOffset, bitSize: 0, type: "void *" })),
	};
}

const TARGET = layout(32, ["list", 0], ["btf_data", 64], ["exit", 128]);
const TREE = layout(24, ["list", 0], ["exit", 64]);

describe("compareLayouts", () => {
	test("null for the same", () => {
		expect(compareLayouts(TARGET, structuredClone(TARGET))).toBeNull();
	});
	test("names what is missing, extra, changed and moved", () => {
		const there = compareLayouts(TARGET, TREE);
		expect(there?.missing.map(({ name }) => name)).toEqual(["btf_data"]);
		expect(there?.moved).toEqual([{ name: "exit", target: 128, tree: 64 }]);
		const back = compareLayouts(TREE, TARGET);
		expect(back?.extra.map(({ name }) => name)).toEqual(["btf_data"]);
	});
	test("structures that may differ inside are those of both sides", () => {
		const inside = (type: string) => ({
			name: "x",
			size: 8,
			members: [{ name: "m", bitOffset: 0, bitSize: 0, type }],
		});
		const names = (a: string, b: string) =>
			innerStructs({ name: "x", target: inside(a), tree: inside(b), missing: [], extra: [], moved: [] });
		expect(names("struct a [2]", "struct a [2]")).toEqual(["a"]);
		expect(names("struct a", "struct b")).toEqual([]);
		expect(names("struct a *", "struct a *")).toEqual([]);
	});
	test("a size alone is a difference", () => {
		expect(compareLayouts(TARGET, { ...TARGET, size: 40 })).not.toBeNull();
	});
});

describe("layoutCause", () => {
	const difference = compareLayouts(TARGET, TREE);
	if (difference === null) throw new Error("they differ");
	const guarded = [{ name: "btf_data", guards: ["defined(CONFIG_DEBUG_INFO_BTF_MODULES)"], line: 1 }];
	test("names the symbol, its values and its members", () => {
		const cause = layoutCause(difference, guarded, new Map([["DEBUG_INFO_BTF_MODULES", "y"]]), new Map());
		expect(cause).toEqual({
			symbols: [
				{
					symbol: "DEBUG_INFO_BTF_MODULES",
					target: "y",
					tree: "n",
					members: ["btf_data"],
					guards: ["defined(CONFIG_DEBUG_INFO_BTF_MODULES)"],
				},
			],
			unexplained: [],
		});
	});
	test("a guard that is the same on both sides explains nothing", () => {
		expect(layoutCause(difference, guarded, new Map(), new Map()).unexplained).toEqual(["btf_data"]);
	});
});

describe("switchedMembers", () => {
	const members = [
		{ name: "always", guards: [], line: 1 },
		{ name: "btf_data", guards: ["defined(CONFIG_BTF)"], line: 2 },
		{ name: "plain", guards: ["!(defined(CONFIG_BTF))"], line: 3 },
		{ name: "other", guards: ["SOMETHING"], line: 4 },
	];
	test("tells by the source alone which members come and go", () => {
		const { missing, extra, symbols } = switchedMembers(members, new Map([["BTF", "y"]]), new Map());
		expect([missing, extra]).toEqual([["btf_data"], ["plain"]]);
		expect(symbols.map(({ symbol }) => symbol)).toEqual(["BTF"]);
	});
	test("nothing where the configs agree", () => {
		expect(switchedMembers(members, new Map(), new Map()).missing).toEqual([]);
	});
});
