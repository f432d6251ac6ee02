import { describe, expect, test } from "vitest";
import { layoutRows } from "../../../../src/checks/deep/layout-rows.ts";
import type { StructLayout } from "../../../../src/formats/btf/btf-layout.ts";
import { findingText, type LayoutFinding } from "../../../../src/kernel/layout/finding.ts";
import { compareLayouts } from "../../../../src/kernel/layout/struct-layout.ts";
import { layoutText } from "../../../../src/report/verify/layout.ts";

const NAMES = Array.from({ length: 20 }, (_, index) => `member_${index}`);

function layout(names: string[]): StructLayout {
	const members = names.map((name, index) => ({ name, bitOffset: index * 64, bitSize: 0, type: "void *" }));
	return { name: "module", size: names.length * 8, members };
}

async function finding(target: string[], tree: string[]): Promise<LayoutFinding> {
	const difference = compareLayouts(layout(target), layout(tree));
	if (difference === null) throw new Error("they differ");
	return {
		name: "module",
		within: [],
		size: { target: target.length * 8, tree: tree.length * 8 },
		missing: difference.missing.map(({ name }) => name),
		extra: difference.extra.map(({ name }) => name),
		moved: difference.moved.length,
		symbols: [
			{
				symbol: "DEBUG_INFO_BTF_MODULES",
				target: "y",
				tree: "n",
				members: ["member_9"],
				cause: "pahole was missing when the config was generated",
			},
		],
		unexplained: [],
		header: "include/linux/module.h",
		rows: await layoutRows(difference),
	};
}

describe("layoutRows", () => {
	test("sets the sides next to each other, and cuts what agrees", async () => {
		const { rows } = await finding(
			NAMES,
			NAMES.filter((name) => name !== "member_9"),
		);
		const alone = rows.filter(
			({ target, tree, gap }) => gap === undefined && (target === null || tree === null),
		);
		expect(alone).toEqual([{ target: { offset: 72, name: "member_9", type: "void *" }, tree: null }]);
		expect(rows[0]).toEqual({ target: null, tree: null, gap: 7 });
		const shown = rows.filter(({ gap }) => gap === undefined).length;
		const hidden = rows.reduce((sum, { gap = 0 }) => sum + gap, 0);
		expect(shown + hidden).toBe(NAMES.length);
	});
	test("a member that only the tree has stands on its side", async () => {
		const { rows } = await finding(NAMES.slice(1), NAMES);
		expect(rows[0]).toEqual({ target: null, tree: { offset: 0, name: "member_0", type: "void *" } });
	});
});

describe("what is told", () => {
	test("one sentence names structure, member, option and what switched it off", async () => {
		const text = findingText(
			await finding(
				NAMES,
				NAMES.filter((name) => name !== "member_9"),
			),
		);
		expect(text).toBe(
			"struct module is 8 bytes short in the tree and lacks member_9: CONFIG_DEBUG_INFO_BTF_MODULES is off in the tree: pahole was missing when the config was generated",
		);
	});
	test("fits into 80 columns and holds no control characters", async () => {
		const long = NAMES.map((name) => `${name}_${"x".repeat(40)}\x1b[31m`);
		const text = layoutText([await finding(long, long.slice(3))]);
		for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
		expect(text).not.toContain("\x1b");
		expect(text).toContain("(include/linux/module.h)");
	});
});
