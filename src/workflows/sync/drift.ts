import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { parseConfig } from "../../kernel/config/config.ts";
import { isFatal } from "../../kernel/config/drift.ts";
import { instrumentationOf } from "../../kernel/config/instrumentation.ts";
import type { JudgedDrift } from "../../kernel/config/judge.ts";
import { type TargetSpec, targetWords } from "../../target/subject.ts";
import type { Target } from "../../target/target.ts";
import { driftOf } from "../../tree/drift.ts";
import type { PlanFacts } from "../../tree/plan/action.ts";
import { textOf } from "../../tree/read.ts";
import type { Tree } from "../../tree/tree.ts";

/** What the tree's .config has otherwise than the target's, with the cause where it can be known; nothing when there is none. */
export function drifted(target: Target, tree: Tree, facts: PlanFacts): JudgedDrift[] {
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
 * What makes a sync stop right after the configuration, before minutes of make: options that modules feel and that no
 * configuration of this tree can have (another source has them), and options that change structures and were lost
 * because this machine lacks a tool. Throws KprepError "missing" with each of them and its cause.
 */
export function requireNoLoss(drift: JudgedDrift[], { release, spec }: LossContext): void {
	const nowhere = drift.filter(
		(one) => !one.attainable && (one.abi === true || instrumentationOf(one.symbol) !== null),
	);
	if (nowhere.length > 0)
		throw new KprepError(
			"missing",
			"options-elsewhere",
			"this source tree cannot have options that the target has and that modules feel",
			{
				expected: nowhere.map(wanted).join(" "),
				found: nowhere.map(got).join("; "),
				suggestions: [
					...sourceOf(nowhere, release),
					["kprep source list", ...targetWords(spec)].join(" "),
					"the same command with --force: goes on without them",
				],
			},
		);
	const lost = drift.filter(isFatal);
	if (lost.length === 0) return;
	throw new KprepError(
		"missing",
		"config-lost",
		"the target's options would be lost, and structures laid out differently",
		{
			expected: lost.map(wanted).join(" "),
			found: lost.map(got).join("; "),
			suggestions: [
				"the same command with --toolchain fetch: brings the target's own compiler, pahole and Rust",
				"kprep doctor --fix",
				"then the same command again (--force goes on without them)",
			],
		},
	);
}

/** What the suggestions name. */
export interface LossContext {
	release: string;
	spec: TargetSpec;
}

/** Where the options are: the realtime patch has its own trees, the rest comes with the vendor's source. */
function sourceOf(nowhere: JudgedDrift[], release: string): string[] {
	if (nowhere.some(({ symbol }) => symbol === "PREEMPT_RT")) {
		const series = /^\d+\.\d+/.exec(release)?.[0] ?? "N.M";
		return [
			`the tree with the realtime patch: linux-patch-${series}-rt over linux-source-${series} (Debian), the -rt branch of linux-stable-rt, or 6.12 and later, which have it`,
		];
	}
	return [`the source that ${release} was built from, not the plain tree of its number`];
}

function wanted({ symbol, target }: JudgedDrift): string {
	return `CONFIG_${symbol}=${target}`;
}

function got({ symbol, tree, cause }: JudgedDrift): string {
	return `CONFIG_${symbol}=${tree ?? "n"}${cause ? ` (${cause})` : ""}`;
}
