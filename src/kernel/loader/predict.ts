import type { ExportedSymbol } from "../../formats/module/module-exports.ts";
import { decisionsInOrder } from "./decisions/index.ts";
import { has } from "./era.ts";
import type { TargetKnowledge } from "./knowledge.ts";
import { beginLoading, type Loading } from "./loading.ts";
import type { Reason, Refusal, Verdict } from "./verdict.ts";

/**
 * What the target's kernel will do with a module file (uncompressed, appended signature included), by walking the
 * loader's decisions in its order. The first refusal ends the walk, as it does in the kernel. A decision that lacks a
 * fact lets the walk go on: when nothing refuses the module after it, the verdict is `unknown`, never `loads`. What the
 * kernel takes without a look and is corrupted by makes it `unsafe`.
 */
export function predict(file: Uint8Array, kernel: TargetKnowledge): Judged {
	const loading = beginLoading(file, kernel);
	const verdict = walk(loading);
	const { module } = loading;
	return {
		...verdict,
		name: loading.name,
		exports: module?.exports.map(exported) ?? [],
		imports: module?.imports.map(({ symbol }) => symbol) ?? [],
	};
}

/** A verdict, and what ties the module to others of its set. */
export interface Judged extends Verdict {
	/** The module's own name; empty where it could not be read. */
	name: string;
	exports: Exported[];
	/** Names of the symbols that it takes from elsewhere. */
	imports: string[];
}

export interface Exported {
	symbol: string;
	crc: number | null;
	gpl: boolean;
	namespace: string | null;
}

function exported({ symbol, crc, gplOnly, namespace }: ExportedSymbol): Exported {
	return { symbol, crc, gpl: gplOnly, namespace };
}

function walk(loading: Loading): Verdict {
	const { kernel } = loading;
	const missing: Reason[] = [];
	for (const decision of decisionsInOrder(has(kernel, "splitElfChecks") === true)) {
		const outcome = decision.decide(loading);
		if (outcome === null) continue;
		if ("missing" in outcome) {
			missing.push(...outcome.missing);
			// Without a view of the file, or its parts, nothing after it can be asked.
			if (decision.id === "elf" && loading.view === null) break;
			if (decision.id === "parts" && loading.module === null) break;
			continue;
		}
		return refused(loading, outcome, [...loading.hazards, ...missing]);
	}
	const { hazards } = loading;
	const verdict = hazards.length > 0 ? "unsafe" : missing.length === 0 ? "loads" : "unknown";
	return {
		verdict,
		errno: null,
		message: null,
		messages: [],
		reasons: [...hazards, ...missing],
		...notes(loading),
	};
}

function refused(loading: Loading, refusal: Refusal, missing: Reason[]): Verdict {
	return {
		verdict: "refused",
		errno: refusal.errno,
		message: refusal.messages[refusal.decisive ?? 0] ?? null,
		messages: refusal.messages,
		reasons: [...refusal.reasons, ...missing],
		...notes(loading),
	};
}

function notes({
	taints,
	warnings,
	needs,
	caveats,
}: Loading): Pick<Verdict, "taints" | "warnings" | "needs" | "caveats"> {
	return { taints, warnings, needs: [...needs].sort(), caveats };
}
