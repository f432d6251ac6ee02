import type { JudgedDrift } from "../../kernel/config/judge.ts";
import type { TargetSpec } from "../../target/subject.ts";
import type { MakeAction, Plan, WriteAction } from "../../tree/plan/action.ts";
import type { Cured } from "../../tree/plan/cures/cure.ts";
import type { VerifyReport } from "../verify/verify-report.ts";

/** One make run of a sync. */
export interface StageTime {
	/** The goals, as typed. */
	name: string;
	seconds: number;
	/** kbuild's words and how often each was printed: HOSTCC, UPD, SYNC... */
	lines: Record<string, number>;
}

/** What a sync did, or would do. */
export interface SyncReport {
	strategy: Plan["strategy"];
	reason: string;
	plan: (WriteAction | MakeAction)[];
	/** What this machine does to the tree, cured. */
	cures: Cured[];
	stages: StageTime[];
	drift: JudgedDrift[];
	/** Copies beside files that the user had changed since the last sync and this one wrote anew; relative to objtree. */
	kept: string[];
	/** Whether anything was changed. */
	applied: boolean;
	warnings: string[];
	/** How the user named the target. */
	spec: TargetSpec;
	/** null for a dry run: nothing is there to verify. */
	verify: VerifyReport | null;
}
