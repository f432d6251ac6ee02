import { Root } from "../../host/files/root.ts";
import { readDistribution } from "../../host/machine/distribution.ts";
import { installLine } from "../../host/packages/tools.ts";
import type { CommonStruct } from "../../kernel/layout/common-structs.ts";
import { findingText, type LayoutFinding } from "../../kernel/layout/finding.ts";
import { structuresAdvice } from "../advised-sync.ts";
import type { CheckContext, CheckFinding, UnsafeStruct } from "../check.ts";
import { sourcesOf, unknownOf } from "../compare.ts";
import type { Layouts } from "./findings.ts";

/**
 * Layouts of common structures and of those that the user named; `why` says what kept the tree's side from being made.
 * One that the user named and that cannot be compared is told: no match is claimed then.
 */
export function layoutCheck(
	context: CheckContext,
	layouts: Layouts | null,
	why: string | null,
	asked: readonly Pick<CommonStruct, "name">[] = [],
): CheckFinding {
	const { target } = context;
	const id = "btf";
	const evidence = [...sourcesOf(target.btf ?? target.image), { kind: "probe", path: "kprep_structs.o" }];
	if (layouts === null) {
		const install = installLine(["pahole"], readDistribution(new Root()));
		const advice =
			why === null
				? unknownOf("its BTF (its image has it)")
				: { about: "pahole-missing", commands: install === null ? [] : [install] };
		return {
			id,
			status: "unknown",
			expected: why === null ? null : "the target's structures",
			actual: why,
			evidence,
			advice,
		};
	}
	const { compared, findings, different } = layouts;
	const expected = `the same layout of ${compared.size} structures`;
	if (compared.size === 0)
		return {
			id,
			status: "unknown",
			expected: null,
			actual: "no structure that both have",
			evidence,
			advice: null,
		};
	const absent = asked.filter(({ name }) => !compared.has(name)).map(({ name }) => `struct ${name}`);
	if (findings.length === 0 && absent.length > 0)
		return {
			...{ id, status: "unknown", expected, evidence, advice: null },
			actual: `not in the BTF of both: ${absent.join(", ")}`,
		};
	if (findings.length === 0)
		return { id, status: "match", expected, actual: expected, evidence, advice: null };
	return {
		id,
		status: "mismatch",
		expected,
		actual: `${different.length} of ${compared.size} differ: ${listed(findings)}`,
		evidence,
		advice: structuresAdvice(context),
		layouts: findings,
		effect: { kind: "unsafe", structs: findings.map(unsafeStruct), symbols: [] },
	};
}

const SHOWN = 8;

function listed(findings: readonly LayoutFinding[]): string {
	const rest = findings.length - SHOWN;
	return findings.slice(0, SHOWN).map(findingText).join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}

/** The finding as the contract's JSON has it. */
export function unsafeStruct({ name, size, missing, extra, rows, symbols }: LayoutFinding): UnsafeStruct {
	const own = [...missing, ...extra];
	const moved = rows
		.filter(({ target, tree }) => target !== null && tree !== null && target.offset !== tree.offset)
		.map(({ target }) => target?.name ?? "");
	return {
		name,
		size: [size.target, size.tree],
		members: own.length > 0 ? own : moved,
		symbols: symbols.map(({ symbol }) => symbol),
	};
}
