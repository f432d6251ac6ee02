import type { Fact } from "../target/target.ts";
import type { Advice, CheckFinding, CheckId } from "./check.ts";

export interface Comparison {
	id: CheckId;
	/** null: the target's side is not known. */
	expected: string | null;
	/** null: the tree's side is not there. */
	actual: string | null;
	evidence: CheckFinding["evidence"];
	/** What to do when the sides differ. */
	differs: Advice;
	/** What to do when the tree's side is not there; as when they differ unless said. */
	absent?: Advice;
	/** What is not known of the target when its side is missing. */
	fact: string;
}

/** The result of a plain equality: unknown when a side is missing. */
export function compare({
	id,
	expected,
	actual,
	evidence,
	differs,
	absent = differs,
	fact,
}: Comparison): CheckFinding {
	const found = { id, expected, actual, evidence };
	if (expected === null) return { ...found, status: "unknown", advice: unknownOf(fact) };
	if (actual === null) return { ...found, status: "unknown", advice: absent };
	if (expected === actual) return { ...found, status: "match", advice: null };
	return { ...found, status: "mismatch", advice: differs };
}

/** The places of some facts, as evidence. */
export function sourcesOf(...facts: (Fact<unknown> | null)[]): CheckFinding["evidence"] {
	return facts.filter((fact) => fact !== null).map(({ source }) => source);
}

/** What to do where a fact of the target is not known. */
export function unknownOf(fact: string, commands: string[] = []): Advice {
	return { about: "target-unknown", facts: { fact }, commands };
}

/** What to do in a tree that lacks one of the files that preparing it makes. */
export function unpreparedOf(file: string, syncCommand: string): Advice {
	return { about: "tree-not-prepared", facts: { file }, commands: [syncCommand] };
}
