/** How this tree's kbuild makes a configuration complete and prepares itself; probed from its own makefiles. */
export interface Goals {
	/** Takes .config, answers all new questions by default. */
	config: string;
	/** What must be fed to its stdin, because this goal asks questions; "" when it asks none. */
	answers: string;
	/** Writes autoconf.h and auto.conf from .config and does no more; null where only `prepare` does it (up to 2.6.17). */
	split: string | null;
	prepare: string;
	/** The last goal: all that an external module build needs. */
	modulesPrepare: string[];
}

const YES = "\n".repeat(20_000);

/** `makefile` is the top-level Makefile, `kconfig` scripts/kconfig/Makefile ("" when it is not there). */
export function probeGoals(makefile: string, kconfig: string): Goals {
	const has = (text: string, goal: string) => new RegExp(`\\b${goal}\\b`).test(text);
	const config = ["olddefconfig", "oldnoconfig"].find((goal) => has(kconfig, goal)) ?? "oldconfig";
	const split =
		["syncconfig", "silentoldconfig"].find((goal) => has(kconfig, goal) || has(makefile, goal)) ?? null;
	const hasModulesPrepare = has(makefile, "modules_prepare");
	const prepare = /^prepare-all:/m.test(makefile) ? "prepare-all" : "prepare";
	return {
		config,
		answers: config === "oldconfig" ? YES : "",
		split: has(makefile, "SPLIT") ? null : split,
		prepare,
		modulesPrepare: hasModulesPrepare ? ["modules_prepare"] : [prepare, "scripts"],
	};
}
