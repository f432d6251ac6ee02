import { join } from "node:path";
import { RELEASE_HEADERS } from "../../kernel/release/version-header.ts";
import type { MakeAction, PlanContext, PlanOptions, Stage, SyncRecord, WriteAction } from "./action.ts";
import { STAGES } from "./action.ts";

/** The make runs up to the wanted stage; unchanged when an earlier sync of the same inputs got that far and its products are there. */
export function planMake(context: PlanContext, writes: WriteAction[]): MakeAction[] {
	const { tree, options } = context;
	const last = STAGES.indexOf(options.until);
	const changed = !isMade(context) || writes.some((write) => write.changed);
	const goals = goalsOf(context);
	return STAGES.filter(
		(stage, index) =>
			index <= last &&
			goals[stage].length > 0 &&
			!(stage === "split" && last > index) &&
			!(stage === "prepare" && last > index),
	).map((stage) => ({
		id: `make-${stage}`,
		kind: "make" as const,
		path: tree.output,
		stage,
		goals: goals[stage],
		summary: `make ${goals[stage].join(" ")}`,
		reason:
			stage === "config"
				? "answers what this tree's Kconfig asks beyond the target's .config"
				: "makes the headers and host tools",
		changed,
	}));
}

function goalsOf({ tree }: PlanContext): Record<Stage, string[]> {
	const { goals } = tree;
	return {
		config: [goals.config],
		split: goals.split === null ? goals.modulesPrepare : [goals.split],
		prepare: [goals.prepare],
		modules_prepare: goals.modulesPrepare,
	};
}

function isMade({ tree, facts, options, record, exists }: PlanContext): boolean {
	if (record === null || !record.made || record.release !== facts.release) return false;
	if (STAGES.indexOf(record.until) < STAGES.indexOf(options.until)) return false;
	if (settingsOf(record) !== settingsOf(options)) return false;
	const autoconf = ["include/generated/autoconf.h", "include/linux/autoconf.h"];
	const reached = (files: readonly string[]) => files.some((file) => exists(join(tree.output, file)));
	if (options.until !== "config" && !reached(autoconf)) return false;
	if (options.until === "config" || options.until === "split") return true;
	return reached(RELEASE_HEADERS) && tree.prepared?.release === facts.release;
}

function settingsOf({ variables, environment = {}, path = [] }: SyncRecord | PlanOptions): string {
	return JSON.stringify([variables, environment, path]);
}
