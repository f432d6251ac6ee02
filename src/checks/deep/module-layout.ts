import type { LayoutFinding } from "../../kernel/layout/finding.ts";
import type { TargetKnowledge } from "../../kernel/loader/knowledge.ts";
import { crcText } from "../../kernel/symvers.ts";
import type { CheckContext, CheckResult } from "../check.ts";
import { sourcesOf } from "../compare.ts";
import type { ExportCrcs } from "./export-crcs.ts";

const SHOWN = 5;

/** CRCs that the tree would give its exports against the target's: module_layout, and every other one that was made. */
export function crcCheck(
	{ target, targetConfig, syncCommand }: CheckContext,
	{ exports }: TargetKnowledge,
	made: ExportCrcs | null,
	findings: readonly LayoutFinding[],
): CheckResult {
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
			remedy: null,
		};
	const expected = exports?.get("module_layout")?.crc ?? null;
	const actual = made?.crcs.get("module_layout") ?? null;
	if (made === null || expected === null || actual === null) {
		const said = {
			expected: expected === null ? null : crcText(expected),
			actual: actual === null ? null : crcText(actual),
		};
		return { id, status: "unknown", ...said, evidence, remedy: syncCommand };
	}
	const pairs = [...made.crcs].flatMap(([symbol, crc]) => {
		const theirs = exports?.get(symbol);
		return theirs?.owner === "vmlinux" && theirs.crc !== null ? [{ symbol, same: theirs.crc === crc }] : [];
	});
	const others = pairs.filter(({ same }) => !same).map(({ symbol }) => symbol);
	const count = `${pairs.length - others.length} of ${pairs.length} exports`;
	if (expected === actual && others.length === 0) {
		const text = `${crcText(expected)}, and ${count} of ${made.sources.length} sources agree`;
		return { id, status: "match", expected: text, actual: text, evidence, remedy: null };
	}
	const structs = findings.map(({ name }) => `struct ${name}`).join(", ");
	return {
		id,
		status: "mismatch",
		expected: crcText(expected),
		actual: `${crcText(actual)}; ${count} agree, not ${listed(others)}${structs === "" ? "" : `; ${structs} differ`}`,
		evidence,
		remedy: syncCommand,
	};
}

function listed(symbols: string[]): string {
	const rest = symbols.length - SHOWN;
	return `${symbols.slice(0, SHOWN).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
