import { decisionsInOrder } from "./decisions/index.ts";
import { has } from "./era.ts";
import type { TargetKnowledge } from "./knowledge.ts";
import { beginLoading, type Loading } from "./loading.ts";
import type { Reason, Refusal, Verdict } from "./verdict.ts";

/**
 * What the target's kernel will do with a module file (uncompressed, appended signature included), by walking the
 * loader's decisions in its order. The first refusal ends the walk, as it does in the kernel. A decision that lacks a
 * fact lets the walk go on: when nothing refuses the module after it, the verdict is `unknown`, never `loads`.
 */
export function predict(file: Uint8Array, kernel: TargetKnowledge): Verdict & { name: string } {
	const loading = beginLoading(file, kernel);
	const missing: Reason[] = [];
	for (const decision of decisionsInOrder(has(kernel, "splitElfChecks") === true)) {
		const outcome = decision.decide(loading);
		if (outcome === null) continue;
		if ("missing" in outcome) {
			missing.push(...outcome.missing);
			// Without a view of the file nothing after it can be asked.
			if (loading.view === null || (decision.id === "parts" && loading.module === null)) break;
			continue;
		}
		return { name: loading.name, ...refused(loading, outcome, missing) };
	}
	const verdict = missing.length === 0 ? "loads" : "unknown";
	return {
		name: loading.name,
		verdict,
		errno: null,
		message: null,
		messages: [],
		reasons: missing,
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

function notes({ taints, warnings, needs }: Loading): Pick<Verdict, "taints" | "warnings" | "needs"> {
	return { taints, warnings, needs: [...needs].sort() };
}
