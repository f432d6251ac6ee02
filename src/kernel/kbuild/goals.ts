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
	const has = (text: string, goal: string) =>
		new RegExp(`^(?:[\\w%$().-]+[ \\t]+)*${goal}\\b[^\\n]*:|\\b${goal}\\b`, "m").test(text);
	const config = ["olddefconfig", "oldnoconfig"].find((goal) => has(kconfig, goal)) ?? "oldconfig";
	const split =
		["syncconfig", "silentoldconfig"].find((goal) => has(kconfig, goal) || has(makefile, goal)) ?? null;
	const hasModulesPrepare = /^modules_prepare:/m.test(makefile) || /\bmodules_prepare\b/.test(makefile);
	const prepare = /^prepare-all:/m.test(makefile) ? "prepare-all" : "prepare";
	return {
		config,
		answers: config === "oldconfig" ? YES : "",
		split: /include\/linux\/autoconf\.h[\s\S]{0,400}\bSPLIT\b|\bSPLIT\b/.test(makefile) ? null : split,
		prepare,
		modulesPrepare: hasModulesPrepare ? ["modules_prepare"] : [prepare, "scripts"],
	};
}
