import { describe, expect, test } from "vitest";
import { BTF_KIND, Btf } from "../../../../src/formats/btf/btf.ts";
import { exportsDifference } from "../../../../src/kernel/diff/exports.ts";
import { structChange } from "../../../../src/kernel/diff/structs.ts";
import { usedStructs } from "../../../../src/kernel/diff/used.ts";
import { everyLayout } from "../../../../src/kernel/layout/every-layout.ts";
import { guardedMembers } from "../../../../src/kernel/layout/guards.ts";
import { parseSymvers } from "../../../../src/kernel/symvers/symvers.ts";
import { diffText } from "../../../../src/report/diff.ts";
import { type BtfSpec, composeBtf } from "../../../helpers/btf.ts";

const table = (...lines: string[]) =>
	parseSymvers(lines.map((line) => `${line.replaceAll(" ", "\t")}\n`).join("")).entries;

describe("exports", () => {
	const before = table(
		"0x00000001 stays vmlinux EXPORT_SYMBOL",
		"0x00000002 changes vmlinux EXPORT_SYMBOL",
		"0x00000003 goes drivers/a EXPORT_SYMBOL",
		"0x00000004 tightens vmlinux EXPORT_SYMBOL",
		"0x00000005 spaced vmlinux EXPORT_SYMBOL_GPL",
		"0x00000006 moves vmlinux EXPORT_SYMBOL",
	);
	const after = table(
		"0x00000001 stays vmlinux EXPORT_SYMBOL",
		"0x00000022 changes vmlinux EXPORT_SYMBOL",
		"0x00000004 tightens vmlinux EXPORT_SYMBOL_GPL",
		"0x00000005 spaced vmlinux EXPORT_SYMBOL_GPL NS",
		"0x00000006 moves drivers/b EXPORT_SYMBOL",
		"0x00000007 new vmlinux EXPORT_SYMBOL",
	);

	test("each kind of change once; an export of another module is none", () => {
		expect(exportsDifference(before, after)).toEqual({
			removed: [{ symbol: "goes", module: "drivers/a" }],
			added: [{ symbol: "new", module: "vmlinux" }],
			crc: [{ symbol: "changes", values: ["0x00000002", "0x00000022"] }],
			licence: [{ symbol: "tightens", values: ["EXPORT_SYMBOL", "EXPORT_SYMBOL_GPL"] }],
			namespace: [{ symbol: "spaced", values: ["", "NS"] }],
		});
	});

	test("no CRC is compared with those of a kernel that has none", () => {
		const zeros = after.map((entry) => ({ ...entry, crc: 0 }));
		expect(exportsDifference(before, zeros).crc).toEqual([]);
	});
});

const INT: BtfSpec = { kind: BTF_KIND.INT, name: "int", value: 4, trailer: [32] };
const struct = (name: string, size: number, ...entries: [string, number, number][]): BtfSpec => ({
	...{ kind: BTF_KIND.STRUCT, name, value: size, entries },
});

describe("structures", () => {
	const a = new Btf(
		composeBtf([
			INT,
			struct("same", 4, ["x", 1, 0]),
			struct("grows", 4, ["x", 1, 0]),
			struct("gone", 4, ["x", 1, 0]),
		]),
	);
	const b = new Btf(
		composeBtf([
			INT,
			struct("same", 4, ["x", 1, 0]),
			struct("grows", 8, ["new", 1, 0], ["x", 1, 32]),
			struct("other", 4, ["x", 1, 0]),
		]),
	);

	test("those that both have, member by member", () => {
		const { compared, differences } = everyLayout(a, b);
		expect(compared).toBe(2);
		expect([...differences.keys()]).toEqual(["struct grows"]);
		const difference = differences.get("struct grows");
		if (difference === undefined) throw new Error("no difference");
		const guarded = guardedMembers(
			"struct grows {\n#ifdef CONFIG_NEW\n\tint new;\n#endif\n\tint x;\n};",
			"grows",
		);
		const change = structChange("struct grows", difference, guarded, [new Map(), new Map([["NEW", "y"]])]);
		expect(change).toMatchObject({
			size: [4, 8],
			members: [
				{ name: "new", type: "int", offsets: [null, 0] },
				{ name: "x", type: "int", offsets: [0, 4] },
			],
			symbols: [{ symbol: "NEW", target: "n", tree: "y" }],
		});
	});

	test("only those that are wanted", () => {
		expect(everyLayout(a, b, new Set(["struct same"]))).toEqual({ compared: 1, differences: new Map() });
	});

	test("of several structures of one name any equal one will do", () => {
		const two = new Btf(composeBtf([INT, struct("grows", 16, ["y", 1, 0]), struct("grows", 4, ["x", 1, 0])]));
		expect(everyLayout(a, two).differences.size).toBe(0);
		expect(everyLayout(two, a).differences.size).toBe(1);
	});

	test("a module uses what its own types name, through pointers and typedefs", () => {
		const base = composeBtf([INT, struct("same", 4, ["x", 1, 0]), struct("grows", 4, ["x", 1, 0])]);
		const kernel = new Btf(base);
		const module = new Btf(
			composeBtf([{ kind: BTF_KIND.PTR, value: 2 }, struct("mine", 8, ["p", 4, 0])], {
				firstString: kernel.stringEnd,
			}),
			kernel,
		);
		expect(usedStructs(module, kernel)).toEqual(new Set(["struct same"]));
	});
});

test("the text: no control character of a hostile name, and the verdict last", () => {
	const text = diffText(
		{
			...{ release: ["6.1", "6.12"], version: [null, null], vermagic: [null, null], compiler: [null, null] },
			...{
				config: null,
				compared: null,
				structs: null,
				modules: [],
				breaks: true,
				unknown: ["config: \u001b[2J"],
			},
			exports: {
				removed: [{ symbol: "a\u001b]0;x\u0007", module: "vmlinux" }],
				added: [],
				crc: [],
				licence: [],
				namespace: [],
			},
		},
		false,
	);
	expect([...text].filter((one) => one < " " && one !== "\n")).toEqual([]);
	expect(text.split("\n").at(-1)).toContain("built anew for 6.12");
});
