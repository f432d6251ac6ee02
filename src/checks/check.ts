import type { Config } from "../kernel/config.ts";
import type { LayoutFinding } from "../kernel/layout/finding.ts";
import type { Target } from "../target/target.ts";
import type { Tree } from "../tree/tree.ts";

/** All ids of the contract, in the order in which they are printed. */
export type CheckId =
	| "release"
	| "version-code"
	| "makefile"
	| "kernelrelease"
	| "config"
	| "toolchain"
	| "host-tools"
	| "symvers"
	| "randstruct"
	| "vermagic"
	| "module-layout"
	| "struct-module"
	| "btf"
	| "signing"
	| "boot";

export type CheckStatus = "match" | "mismatch" | "unknown" | "skipped";

export interface CheckResult {
	id: CheckId;
	status: CheckStatus;
	expected: string | null;
	actual: string | null;
	/** Where both sides were read. */
	evidence: { kind: string; path: string }[];
	/** What to do when it is not a match; null when there is nothing to do. */
	remedy: string | null;
	/** What the kernel or kbuild would make of a mismatch: an entry of the failure catalogue. */
	diagnosis?: { id: string; title: string };
	/** Structures that differ, member by member, with the options behind it: only from --deep. */
	layouts?: LayoutFinding[];
}

export interface CheckContext {
	tree: Tree;
	target: Target;
	/** The target's .config; null: unknown. */
	targetConfig: Config | null;
	/** As the user would type it, for remedies: `kprep sync PATH -t R`. */
	syncCommand: string;
}

/** One check: a question to tree and target that is answered by reading alone. A new one is one file and one entry in `index.ts`. */
export interface Check {
	readonly id: CheckId;
	run(context: CheckContext): CheckResult | Promise<CheckResult>;
}
