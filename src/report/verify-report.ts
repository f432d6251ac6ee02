import type { CheckResult } from "../checks/check.ts";
import type { TargetDocument } from "../target/document.ts";

/** The contract's `boot` object. */
export interface BootResult {
	loaded: boolean;
	/** Name of the errno, such as "ENOEXEC"; null when it loaded, or when the load took the kernel down. */
	errno: string | null;
	accelerator: "kvm" | "tcg";
	seconds: number;
	/** What the kernel logged about the probe, without times. */
	log: string[];
}

export type Verdict = "match" | "mismatch" | "unproven";

/** The contract's JSON of verify. */
export interface VerifyReport {
	verdict: Verdict;
	target: TargetDocument;
	tree: { path: string; output: string; version: string; release: string | null };
	checks: CheckResult[];
	boot: BootResult | null;
}
