import type { Fact } from "../target/target.ts";
import type { CheckId, CheckResult } from "./check.ts";

export interface Comparison {
	id: CheckId;
	/** null: the target's side is not known. */
	expected: string | null;
	/** null: the tree's side is not there. */
	actual: string | null;
	evidence: CheckResult["evidence"];
	remedy: string;
}

/** The result of a plain equality: unknown when a side is missing. */
export function compare({ id, expected, actual, evidence, remedy }: Comparison): CheckResult {
	const status =
		expected === null || actual === null ? "unknown" : expected === actual ? "match" : "mismatch";
	return { id, status, expected, actual, evidence, remedy: status === "match" ? null : remedy };
}

/** The places of some facts, as evidence. */
export function sourcesOf(...facts: (Fact<unknown> | null)[]): CheckResult["evidence"] {
	return facts.filter((fact) => fact !== null).map(({ source }) => source);
}
