import type { Config } from "../kernel/config/config.ts";
import type { Mark } from "../kernel/config/instrumentation.ts";
import type { JudgedDrift } from "../kernel/config/judge.ts";
import type { Facts } from "../kernel/failures/catalogue.ts";
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
	| "rust"
	| "instrumentation"
	| "vermagic"
	| "module-layout"
	| "struct-module"
	| "btf"
	| "signing"
	| "boot";

/** `note`: it differs, and that has no effect on modules; `why` says what shows it. */
export type CheckStatus = "match" | "note" | "mismatch" | "unknown" | "skipped";

/** A structure that the tree lays out otherwise than the target, as `kprep diff` lists them too. */
export interface UnsafeStruct {
	name: string;
	/** Bytes, the target's and the tree's. */
	size: [target: number, tree: number];
	/** Members that only one side has; without such, those that lie elsewhere. */
	members: string[];
	/** Config symbols behind it, without CONFIG_; empty when none explains it. */
	symbols: string[];
}

/**
 * What a mismatch does to a module that is built here. "refused": the kernel says so, by name of the errno and in its
 * own words. "unsafe": the kernel takes it, and it works on other structures, or is called or instrumented in another
 * way (`symbols`: the options of the latter). "unbuilt": no module comes out of the tree at all.
 */
export type Effect =
	| { kind: "refused"; errno: string; message: string }
	| { kind: "unsafe"; structs: UnsafeStruct[]; symbols: string[] }
	| { kind: "unbuilt"; message: string };

export interface CheckResult {
	id: CheckId;
	status: CheckStatus;
	expected: string | null;
	actual: string | null;
	/** Where both sides were read. */
	evidence: { kind: string; path: string }[];
	/** What to do when it is not a match, in the words of the failure catalogue; null when there is nothing to do. */
	remedy: string | null;
	/** What to type for it, in this very case. */
	commands: string[];
	/** Of a note: what shows that the difference has no effect. Else null. */
	why: string | null;
	/** Of a mismatch: what becomes of a module. Else null. */
	effect: Effect | null;
	/** What the kernel or kbuild would make of a mismatch: an entry of the failure catalogue. */
	diagnosis?: { id: string; title: string };
	/** Structures that differ, member by member, with the options behind it: only from --deep. */
	layouts?: LayoutFinding[];
}

/** What to do about a check: the entry of the failure catalogue that has the words, and what to type. */
export interface Advice {
	/** Id of the entry, or a pair of vermagic strings (or releases) of which the entry is worked out; null: commands alone. */
	about: string | { ours: string; theirs: string } | null;
	/** Fill the words of the entry. */
	facts?: Facts;
	commands: string[];
}

/** What a check found; the words of its remedy are the catalogue's, so that there is one wording of each. */
export interface CheckFinding
	extends Omit<CheckResult, "remedy" | "commands" | "diagnosis" | "why" | "effect"> {
	advice: Advice | null;
	why?: string;
	effect?: Effect;
	/** It differs, and what modules make of it can only be told by a proof (deep/): the check is asked again with one. */
	asks?: boolean;
	/** From deep/instrumentation: marks that differ between a module of the tree and the target's own. */
	marks?: MarkDifference[];
}

/** A mark that only one side's code has. */
export interface MarkDifference {
	mark: Mark;
	/** Share of functions (or whether at all: 1 or 0) that have it. */
	target: number;
	tree: number;
}

/** What a boot can enforce besides the configuration (CONTRACT: `--enforce`). */
export type Enforcement = "none" | "signature" | "lockdown";

export interface CheckContext {
	tree: Tree;
	target: Target;
	/** The target's .config; null: unknown. */
	targetConfig: Config | null;
	/** How the tree's .config differs from the target's, each judged; worked out when first asked for. */
	drift: () => JudgedDrift[];
	/** What compiling probes showed (deep/), just now or at the last sync; null: nothing was proved. */
	proof: readonly CheckFinding[] | null;
	/** What the user says that the target's boot enforces. */
	enforce?: Enforcement | undefined;
	/** A sync has just run: what it left, a plain one does not mend. */
	afterSync?: boolean;
	/** As the user would type it, for remedies: `kprep sync PATH -t R`. */
	syncCommand: string;
	/** The same for `kprep verify PATH -t R`. */
	verifyCommand: string;
	/** The same for `kprep source list -t R`: where another source tree has to be found. */
	sourceCommand: string;
}

/** One check: a question to tree and target that is answered by reading alone. A new one is one file and one entry in `index.ts`. */
export interface Check {
	readonly id: CheckId;
	run(context: CheckContext): CheckFinding | Promise<CheckFinding>;
}
