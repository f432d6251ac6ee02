import type { Conflict, Fact, Target, TargetFacts } from "./target.ts";

/** The facts in the order in which people read them. */
export const FACTS = [
	"release",
	"version",
	"arch",
	"vermagic",
	"compiler",
	"packageVersion",
	"config",
	"makefile",
	"symvers",
	"btf",
	"image",
	"modules",
	"randstructSeed",
	"randstructHash",
	"structModuleSize",
	"moduleLayoutCrc",
	"signatureCheck",
	"moduleSignature",
	"retpoline",
	"enforcement",
	"blacklist",
] as const satisfies readonly (keyof TargetFacts)[];

type PlainFact = Fact<string | number>;

/** A target as plain values: the document of `kprep target --json` (CONTRACT: "The target"), more facts behind those it names. */
export type TargetDocument = Record<Exclude<(typeof FACTS)[number], "symvers">, PlainFact | null> & {
	/** With its counts when they were asked for. */
	symvers: (PlainFact & { exports?: number; crcs?: number }) | null;
	conflicts: Conflict[];
	unreadable: string[];
};

/** The plain values of a target. `counts` reads its Module.symvers for the number of exports and CRCs. */
export async function targetDocument(target: Target, counts: boolean): Promise<TargetDocument> {
	const facts = Object.fromEntries(FACTS.map((name) => [name, plain(target[name])])) as Record<
		(typeof FACTS)[number],
		PlainFact | null
	>;
	const { symvers } = target;
	return {
		...facts,
		symvers:
			symvers === null
				? null
				: { ...(plain(symvers) as PlainFact), ...(counts ? await symvers.counts() : {}) },
		conflicts: target.conflicts,
		unreadable: target.unreadable,
	};
}

function plain(fact: PlainFact | null): PlainFact | null {
	return fact === null ? null : { value: fact.value, source: fact.source };
}
