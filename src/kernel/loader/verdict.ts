import type { BootResult } from "../log/bootlog.ts";

/** Why the kernel would refuse a module, or what could not be decided. */
export interface Reason {
	/** Kebab-case id of the decision, such as `vermagic` or `symbol-version`. */
	id: string;
	expected: string;
	actual: string;
	/** What to do; the decisions leave it empty, remedies.ts fills it in. */
	remedy: string;
	/** All facts are known, and what the kernel makes of them lies beyond what can be worked out: only a boot shows it. */
	unforeseeable?: boolean;
}

/** A taint that loading the module brings. */
export interface Taint {
	/** The letter of /proc/sys/kernel/tainted and of oops headers, such as "O". */
	flag: string;
	/** The line that the kernel logs with it. */
	message: string;
}

/** Something that is not known of the target's boot, and what the module would meet if it were so. */
export interface Caveat {
	/** Kebab-case id, such as `enforcement`. */
	id: string;
	text: string;
	/** What to type to close it. */
	remedy: string;
}

/** What the target will do with a module, up to the call of its init function. */
export interface Verdict {
	/** `unsafe`: the kernel takes it and is corrupted, or cannot give it back. */
	verdict: "loads" | "refused" | "unsafe" | "unknown";
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
	/** What is open about the target, and would change this verdict. */
	caveats: Caveat[];
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

/** Something is not known that this decision needs, or that cannot be foretold at all (`unforeseeable`). */
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

/** Not decided although every fact is at hand. */
export function unforeseeable(id: string, expected: string, actual: string): Undecided {
	return { missing: [{ id, expected, actual, remedy: "", unforeseeable: true }] };
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

/** Whether the booted kernel's loader took the module, whatever its init function then made of the machine. */
export function takenByLoader({ stage }: BootResult): boolean {
	return stage === "loaded" || stage === "init";
}

/**
 * Whether the boot could not ask the loader: a module that this one needs was taken, and its init function failed in a
 * machine without its hardware, so that its symbols were gone again.
 */
export function leftUnasked({ stage, errno, dependency }: BootResult): boolean {
	return stage === "loader" && errno === "ENOENT" && dependency?.stage === "init";
}

/** The answer that counts: the booted kernel's where it gave one (loading is not safety), else what was foretold. */
export function answerOf({ verdict, errno, boot }: CheckedModule): Pick<CheckedModule, "verdict" | "errno"> {
	if (boot === undefined || leftUnasked(boot) || verdict === "unsafe") return { verdict, errno };
	return takenByLoader(boot) ? { verdict: "loads", errno: null } : { verdict: "refused", errno: boot.errno };
}

/** Whether the booted kernel did what was foretold to be impossible: loading says nothing against `unsafe`. */
export function foretoldWrong({ verdict, boot }: CheckedModule): boolean {
	if (boot === undefined || leftUnasked(boot)) return false;
	const taken = takenByLoader(boot) || boot.inInit === true;
	return verdict === "loads" ? !taken : verdict === "refused" && taken;
}

/**
 * Whether a module counts as one that loads, for exit codes. What the booted kernel's loader said stands above the
 * prediction; but loading is not safety, and an init that fails in a machine without its hardware is no refusal.
 */
export function passes({ verdict, boot }: CheckedModule, { lenient }: { lenient: boolean }): boolean {
	if (verdict === "unsafe") return false;
	if (boot !== undefined && !leftUnasked(boot)) return takenByLoader(boot);
	return verdict === "loads" || (verdict === "unknown" && lenient);
}
