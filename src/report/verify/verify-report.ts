import type { CheckResult } from "../../checks/check.ts";
import type { BootResult } from "../../kernel/log/bootlog.ts";
import type { TargetDocument } from "../../target/document.ts";

export type Verdict = "match" | "mismatch" | "unproven";

/** The contract's JSON of verify. */
export interface VerifyReport {
	verdict: Verdict;
	target: TargetDocument;
	tree: { path: string; output: string; version: string; release: string | null };
	checks: CheckResult[];
	boot: BootResult | null;
}
