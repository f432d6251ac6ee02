import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { parseConfig } from "../../kernel/config/config.ts";
import { type Drift, isFatal } from "../../kernel/config/drift.ts";
import type { Target } from "../../target/target.ts";
import { driftOf } from "../../tree/drift.ts";
import type { PlanFacts } from "../../tree/plan/action.ts";
import { textOf } from "../../tree/read.ts";
import type { Tree } from "../../tree/tree.ts";

/** What the tree's .config has otherwise than the target's, with the cause where it can be known; nothing when there is none. */
export function drifted(target: Target, tree: Tree, facts: PlanFacts): Drift[] {
	const text = textOf(join(tree.output, ".config"));
	if (text === null) return [];
	return driftOf({
		srctree: tree.path,
		base: tree.base,
		arch: target.arch?.value ?? "x86",
		target: {
			config: parseConfig(facts.config.text),
			compiler: target.compiler?.value ?? null,
			version: facts.version,
		},
		config: parseConfig(text),
	});
}

/**
 * Options that change structures and were lost because this machine lacks a tool stop the sync: throws KprepError
 * "missing" with each of them and its cause.
 */
export function requireNoLoss(drift: Drift[]): void {
	const lost = drift.filter(isFatal);
	if (lost.length === 0) return;
	throw new KprepError(
		"missing",
		"config-lost",
		"the target's options would be lost, and structures laid out differently",
		{
			expected: lost.map(({ symbol, target }) => `CONFIG_${symbol}=${target}`).join(" "),
			found: lost
				.map(({ symbol, tree, cause }) => `CONFIG_${symbol}=${tree ?? "n"}${cause ? ` (${cause})` : ""}`)
				.join("; "),
			suggestions: [
				"the same command with --toolchain fetch: brings the target's own compiler, pahole and Rust",
				"kprep doctor --fix",
				"then the same command again (--force goes on without them)",
			],
		},
	);
}
