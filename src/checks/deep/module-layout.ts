import type { LayoutFinding } from "../../kernel/layout/finding.ts";
import type { TargetKnowledge } from "../../kernel/loader/knowledge.ts";
import { crcText } from "../../kernel/symvers/symvers.ts";
import { structuresAdvice } from "../advised-sync.ts";
import type { CheckContext, CheckFinding } from "../check.ts";
import { sourcesOf, unknownOf } from "../compare.ts";
import type { ExportCrcs } from "./export-crcs.ts";
import { unsafeStruct } from "./layout-check.ts";

const SHOWN = 5;
const GENKSYMS = "scripts/genksyms/genksyms";

/** CRCs that the tree would give its exports against the target's: module_layout, and every other one that was made. */
export function crcCheck(
	context: CheckContext,
	{ exports }: TargetKnowledge,
	made: ExportCrcs | null,
	findings: readonly LayoutFinding[],
): CheckFinding {
	const { target, targetConfig, syncCommand } = context;
	const id = "module-layout";
	const evidence = [
		...sourcesOf(target.moduleLayoutCrc ?? target.symvers),
		...(made?.sources ?? []).map((path) => ({ kind: "probe", path })),
	];
	if (targetConfig?.get("MODVERSIONS") !== "y" && targetConfig !== null)
		return {
			id,
			status: "skipped",
			expected: "no CRCs: the target has MODVERSIONS off",
			actual: null,
			evidence,
			advice: null,
		};
	const expected = exports?.get("module_layout")?.crc ?? null;
	const actual = made?.crcs.get("module_layout") ?? null;
	if (made === null || expected === null || actual === null) {
		const said = {
			expected: expected === null ? null : crcText(expected),
			actual: actual === null ? null : crcText(actual),
		};
		const advice =
			expected === null
				? unknownOf("the CRCs of its exports")
				: { about: "host-tools-missing", facts: { file: GENKSYMS }, commands: [syncCommand] };
		return { id, status: "unknown", ...said, evidence, advice };
	}
	const pairs = [...made.crcs].flatMap(([symbol, crc]) => {
		const theirs = exports?.get(symbol);
		return theirs?.owner === "vmlinux" && theirs.crc !== null ? [{ symbol, same: theirs.crc === crc }] : [];
	});
	const others = pairs.filter(({ same }) => !same).map(({ symbol }) => symbol);
	const count = `${pairs.length - others.length} of ${pairs.length} exports`;
	if (expected === actual && others.length === 0) {
		const text = `${crcText(expected)}, and ${count} of ${made.sources.length} sources agree`;
		return { id, status: "match", expected: text, actual: text, evidence, advice: null };
	}
	const structs = findings.map(({ name }) => `struct ${name}`).join(", ");
	return {
		id,
		status: "mismatch",
		expected: crcText(expected),
		actual: `${crcText(actual)}; ${count} agree, not ${listed(others)}${structs === "" ? "" : `; ${structs} differ`}`,
		evidence,
		advice: structuresAdvice(context),
		// Modules get the target's CRCs out of Module.symvers: the kernel does not see that other types are behind them.
		effect: { kind: "unsafe", structs: findings.map(unsafeStruct), symbols: [] },
	};
}

function listed(symbols: string[]): string {
	const rest = symbols.length - SHOWN;
	return `${symbols.slice(0, SHOWN).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
