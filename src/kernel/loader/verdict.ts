import type { BootResult } from "../log/bootlog.ts";

/** Why the kernel would refuse a module, or what could not be decided. */
export interface Reason {
	/** Kebab-case id of the decision, such as `vermagic` or `symbol-version`. */
	id: string;
	expected: string;
	actual: string;
	/** What to do; the decisions leave it empty, remedies.ts fills it in. */
	remedy: string;
}

/** A taint that loading the module brings. */
export interface Taint {
	/** The letter of /proc/sys/kernel/tainted and of oops headers, such as "O". */
	flag: string;
	/** The line that the kernel logs with it. */
	message: string;
}

/** What the target will do with a module, up to the call of its init function. */
export interface Verdict {
	verdict: "loads" | "refused" | "unknown";
	/** Name of the error that finit_module returns, such as "ENOEXEC"; null unless refused. */
	errno: string | null;
	/** The decisive line that the kernel logs, word for word, "..." for addresses; null when it logs none. */
	message: string | null;
	/** Every line that the refusal logs, in order. */
	messages: string[];
	reasons: Reason[];
	taints: Taint[];
	/** Things the kernel says, or does not even notice, that are no refusal. */
	warnings: string[];
	/** Modules that must be loaded first. */
	needs: string[];
}

/** One decision's answer: null lets the module pass. */
export type Outcome = Refusal | Undecided | null;

export interface Refusal {
	errno: string;
	/** Lines in the order in which they are logged. */
	messages: string[];
	/** Index in `messages` of the decisive one; the first when absent. */
	decisive?: number;
	reasons: Reason[];
}

/** Something is not known that this decision needs. */
export interface Undecided {
	missing: Reason[];
}

/** A refusal with one line (or none) and one reason. */
export function refuse(
	errno: string,
	message: string | null,
	id: string,
	expected: string,
	actual: string,
): Refusal {
	return {
		errno,
		messages: message === null ? [] : [message],
		reasons: [{ id, expected, actual, remedy: "" }],
	};
}

/** Not decided: `expected` says what would have to be known. */
export function undecided(id: string, expected: string, actual = "not known"): Undecided {
	return { missing: [{ id, expected, actual, remedy: "" }] };
}

/** One module's verdict with where it lies. */
export interface CheckedModule extends Verdict {
	path: string;
	name: string;
	/** What the booted kernel said to it; only where a boot was asked for. */
	boot?: BootResult;
}

/** What `kprep check --json` prints. */
export interface CheckDocument {
	/** Release of the target. */
	target: string;
	modules: CheckedModule[];
}
