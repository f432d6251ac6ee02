import type { ModuleFile } from "../../formats/module/module.ts";
import { findingText, type LayoutFinding } from "../../kernel/layout/finding.ts";
import type { TargetKnowledge } from "../../kernel/loader/knowledge.ts";
import type { CheckContext, CheckFinding } from "../check.ts";
import { sourcesOf, unknownOf } from "../compare.ts";
import { unsafeStruct } from "./layout-check.ts";

/** sizeof(struct module), and where init and exit lie in it, in a module of the tree and on the target. */
export function structModuleCheck(
	{ target, syncCommand }: CheckContext,
	{ structModule }: TargetKnowledge,
	module: ModuleFile,
	findings: readonly LayoutFinding[],
): CheckFinding {
	const id = "struct-module";
	const evidence = [
		...sourcesOf(target.structModuleSize ?? target.modules),
		{ kind: "probe", path: "kprep_deep.ko" },
	];
	const at = (name: string) =>
		module.thisModuleRelocations.find(({ symbol }) => symbol === name)?.offset ?? null;
	const ours = { size: module.thisModuleSize, init: at("init_module"), exit: at("cleanup_module") };
	const actual = text(ours);
	if (structModule === null || structModule.init === null)
		return {
			id,
			status: "unknown",
			expected: structModule === null ? null : text(structModule),
			actual,
			evidence,
			advice: unknownOf("its struct module (one of its own modules has it)"),
		};
	const expected = text(structModule);
	const own = findings.filter(({ name }) => name === "module");
	const causes = [...own, ...findings.filter(({ within }) => within.includes("module"))];
	if (expected === actual && causes.length === 0)
		return { id, status: "match", expected, actual, evidence, advice: null };
	return {
		id,
		status: "mismatch",
		expected,
		actual: [actual, ...causes.map(findingText)].join("; "),
		evidence,
		advice: { about: "struct-module-size", commands: [syncCommand] },
		effect: { kind: "unsafe", structs: causes.map(unsafeStruct), symbols: [] },
		...(causes.length === 0 ? {} : { layouts: causes }),
	};
}

function text({
	size,
	init,
	exit,
}: {
	size: number | null;
	init: number | null;
	exit: number | null;
}): string {
	return `${size ?? "?"} bytes, init at ${init ?? "?"}, exit at ${exit ?? "none"}`;
}
