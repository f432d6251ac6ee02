import type { CheckFinding, MarkDifference, UnsafeStruct } from "./check.ts";

/** What the probes say about a tree, taken together. */
export interface Proof {
	/** Whether structures lie as in the target, by CRCs, BTF or struct module. "unknown": nothing could be compared. */
	layout: "equal" | "different" | "unknown";
	/** What was compared and is equal, in words. */
	shown: string[];
	structs: UnsafeStruct[];
	/** Marks of instrumentation that differ; null: the target's own code is not at hand. */
	marks: MarkDifference[] | null;
}

/** Reads the findings of deep/ as one proof. */
export function proofOf(findings: readonly CheckFinding[]): Proof {
	const of = (id: CheckFinding["id"]) => findings.find((finding) => finding.id === id);
	const layouts = [of("module-layout"), of("struct-module"), of("btf")].filter((one) => one !== undefined);
	const different = layouts.some(({ status }) => status === "mismatch");
	// struct module alone says nothing about the others.
	const equal = ["module-layout", "btf"].some((id) => of(id as CheckFinding["id"])?.status === "match");
	const instrumentation = of("instrumentation");
	return {
		layout: different ? "different" : equal ? "equal" : "unknown",
		shown: layouts.filter(({ status }) => status === "match").map(wordsOf),
		structs: layouts.flatMap(({ effect }) => (effect?.kind === "unsafe" ? effect.structs : [])),
		marks:
			instrumentation === undefined || instrumentation.status === "unknown"
				? null
				: (instrumentation.marks ?? []),
	};
}

function wordsOf({ id, actual }: CheckFinding): string {
	if (id === "module-layout") return `module_layout ${actual ?? ""}`.trim();
	return id === "struct-module" ? "struct module" : (actual ?? id);
}

/** "module_layout ..., struct module and the same layout of 3,412 structures". */
export function shownText({ shown }: Proof): string {
	return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
