import { describe, expect, it } from "vitest";
import { layoutCheck } from "../../../../src/checks/deep/layout-check.ts";
import { crcCheck } from "../../../../src/checks/deep/module-layout.ts";
import { structModuleCheck } from "../../../../src/checks/deep/struct-module.ts";
import { withRemedy } from "../../../../src/checks/diagnosis.ts";
import type { ModuleFile } from "../../../../src/formats/module/module.ts";
import type { LayoutFinding } from "../../../../src/kernel/layout/finding.ts";
import type { TargetKnowledge, TargetSymbol } from "../../../../src/kernel/loader/knowledge.ts";
import { contextOf, fakeTarget, strangeTarget, treeFolder } from "../fake-context.ts";

const symbol = (crc: number): TargetSymbol => ({ crc, gpl: false, namespace: null, owner: "vmlinux" });

function knowledge(given: Partial<TargetKnowledge>): TargetKnowledge {
	return { exports: null, structModule: null, ...given } as TargetKnowledge;
}

const crcs = (layout: number) => ({
	crcs: new Map([["module_layout", layout]]),
	sources: ["a.c"],
	failed: [],
});
const exports = new Map([["module_layout", symbol(1)]]);
const finding: LayoutFinding = {
	...{
		name: "module",
		within: [],
		size: { target: 960, tree: 896 },
		missing: ["btf_data"],
		extra: [],
		moved: 3,
	},
	...{ symbols: [], unexplained: ["btf_data"], header: null, rows: [] },
};
const module = (size: number) =>
	({
		thisModuleSize: size,
		thisModuleRelocations: [{ symbol: "init_module", offset: 312 }],
	}) as unknown as ModuleFile;

describe("deep checks", () => {
	it("compares the CRC of module_layout", async () => {
		const context = await contextOf(treeFolder(), await fakeTarget());
		const of = (made: ReturnType<typeof crcs> | null, known = exports) =>
			withRemedy(crcCheck(context, knowledge({ exports: known }), made, []));
		expect(of(crcs(1))).toMatchObject({ status: "match", remedy: null });
		expect(of(crcs(2))).toMatchObject({
			status: "mismatch",
			diagnosis: { id: "structures-differ" },
			commands: ["kprep sync TREE"],
		});
		expect(of(null)).toMatchObject({ status: "unknown" });
		expect(of(crcs(1), new Map()).remedy).toContain("the CRCs of its exports");
	});

	it("compares size and slots of struct module", async () => {
		const context = await contextOf(treeFolder(), await fakeTarget());
		const there = { size: 960, init: 312, exit: null, members: null };
		const of = (
			structModule: TargetKnowledge["structModule"],
			size: number,
			findings: LayoutFinding[] = [],
		) => withRemedy(structModuleCheck(context, knowledge({ structModule }), module(size), findings));
		expect(of(there, 960).status).toBe("match");
		expect(of(there, 896)).toMatchObject({ status: "mismatch", diagnosis: { id: "struct-module-size" } });
		expect(of(there, 960, [finding]).layouts).toEqual([finding]);
		expect(of(null, 960).remedy).toContain("struct module");
	});

	it("compares layouts, and says what is missing for it", async () => {
		const context = await contextOf(treeFolder(), await fakeTarget());
		const of = (...rest: [Parameters<typeof layoutCheck>[1], string | null]) =>
			withRemedy(layoutCheck(context, ...rest));
		expect(of({ compared: new Set(["module"]), findings: [], different: [] }, null).status).toBe("match");
		expect(
			of({ compared: new Set(["module"]), findings: [finding], different: ["module"] }, null),
		).toMatchObject({
			status: "mismatch",
			diagnosis: { id: "structures-differ" },
		});
		expect(of({ compared: new Set<string>(), findings: [], different: [] }, null).status).toBe("unknown");
		expect(of(null, null).remedy).toContain("BTF");
		expect(of(null, "pahole is not installed").remedy).toMatch(/pahole/);
		const absent = layoutCheck(
			context,
			{ compared: new Set(["module"]), findings: [], different: [] },
			null,
			[{ name: "bio" }],
		);
		expect(absent).toMatchObject({ status: "unknown", actual: "not in the BTF of both: struct bio" });
	});

	it("leaves CRCs out where the target has none", async () => {
		const context = await contextOf(treeFolder(), strangeTarget(await fakeTarget()));
		const off = { ...context, targetConfig: new Map([["SMP", "y"]]) };
		expect(crcCheck(off, knowledge({ exports }), crcs(1), []).status).toBe("skipped");
	});
});
