import type { TargetKnowledge } from "../../kernel/loader/knowledge.ts";
import { type Exported, type Judged, predict } from "../../kernel/loader/predict.ts";
import { leansOnSiblings, type Sibling, withSiblings } from "../../kernel/loader/set.ts";
import { identifier } from "../../kernel/module-name.ts";

/** A module file of the set: how its bytes are had (uncompressed), asked for once, or twice when siblings matter. */
export interface SetMember {
	path: string;
	read(): Promise<Uint8Array>;
}

/**
 * The verdict on each module of a set, as though they were loaded in the order that their symbols ask for: siblings stand
 * in for the target's own modules. Each file is read and judged once; only those that take a symbol from a sibling which
 * the target's own modules do not give just so are judged again. With `alone` they are no set. Answers in the order of `members`.
 */
export async function judgeSet(
	members: readonly SetMember[],
	kernel: TargetKnowledge,
	onModule: (path: string) => void,
	{ alone = false } = {},
): Promise<Judged[]> {
	const judged: Judged[] = [];
	for (const { path, read } of members) {
		onModule(path);
		judged.push(predict(await read(), kernel));
	}
	if (alone || members.length < 2) return judged;
	await judgeAgain(members, judged, kernel);
	return judged;
}

type Exporters = Map<string, { exported: Exported; at: number }>;

/** Those that lean on siblings, exporters first; a ring of modules is left as it was judged alone. */
async function judgeAgain(
	members: readonly SetMember[],
	judged: Judged[],
	kernel: TargetKnowledge,
): Promise<void> {
	const exporters = exportersOf(judged);
	if (exporters.size === 0) return;
	const done = new Set<number>();
	const visit = async (at: number): Promise<void> => {
		if (done.has(at)) return;
		done.add(at);
		const one = judged[at] as Judged;
		const givers = new Set(one.imports.flatMap((symbol) => exporters.get(symbol)?.at ?? []));
		for (const giver of givers) if (giver !== at) await visit(giver);
		// Verdicts of givers may have changed by now.
		const giverOf = (symbol: string) => {
			const found = exporters.get(symbol);
			if (found === undefined || found.at === at) return null;
			return { from: siblingOf(judged[found.at] as Judged), exported: found.exported };
		};
		if (!leansOnSiblings(one, kernel, giverOf)) return;
		const siblings = [...givers]
			.filter((giver) => giver !== at)
			.map((giver) => siblingOf(judged[giver] as Judged));
		judged[at] = predict(await (members[at] as SetMember).read(), withSiblings(kernel, siblings));
	};
	for (const at of judged.keys()) await visit(at);
}

function exportersOf(judged: readonly Judged[]): Exporters {
	const exporters: Exporters = new Map();
	for (const [at, one] of judged.entries()) {
		if (one.name === "") continue;
		for (const exported of one.exports) exporters.set(exported.symbol, { exported, at });
	}
	return exporters;
}

function siblingOf(one: Judged): Sibling {
	return { ...one, name: identifier(one.name) };
}
