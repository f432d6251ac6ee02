/** What every make in a synced tree gets, as if it had been typed on the command line. */
export interface MakeSettings {
	/** The whole release, when it is pinned; null leaves it to kbuild. */
	release: string | null;
	/** Keep git's lone `+` away by an exported, empty LOCALVERSION. */
	quietScm: boolean;
	/** Variables such as CC, ARCH, CROSS_COMPILE; a value typed on a command line wins over them. */
	variables: Record<string, string>;
}

const MARK = "# Written by kprep:";

/**
 * The make words that pin a release in every era: KERNELRELEASE reaches UTS_RELEASE, `filechk_kernel.release`
 * (2.6.35 and later) and `kernelrelease` (2.6.18 to 2.6.34) reach include/config/kernel.release.
 */
export function pinWords(release: string): string[] {
	return [`KERNELRELEASE=${release}`, `kernelrelease=${release}`, `filechk_kernel.release=echo ${release}`];
}

/** All settings as words for a make command line. */
export function settingWords({ release, variables }: MakeSettings): string[] {
	const typed = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
	return [...(release === null ? [] : pinWords(release)), ...typed];
}

/**
 * The text of OBJTREE/GNUmakefile: GNU make reads it before `Makefile` (GNU make manual, 3.2), so the settings hold
 * for a bare `make`, for `make -C TREE M=DIR` and for DKMS, in every era, with kbuild's own Makefile untouched.
 * Values must be free of white space and make's special characters; see `isSettingValue`.
 */
export function composeGnumakefile(settings: MakeSettings): string {
	const lines = [
		`${MARK} it hands every make that is run here the settings below, as if they had been typed.`,
		"# `kprep undo` removes it.",
		"kprep-settings :=",
	];
	if (settings.release !== null) {
		lines.push(`kprep-release := ${settings.release}`);
		for (const word of pinWords("$(kprep-release)")) lines.push(`kprep-settings += '${word}'`);
	}
	for (const [name, value] of Object.entries(settings.variables)) {
		lines.push(`ifneq ($(origin ${name}),command line)`, `kprep-settings += ${name}=${value}`, "endif");
	}
	if (settings.quietScm) lines.push("export LOCALVERSION ?=");
	lines.push("", ".PHONY: kprep-make $(MAKECMDGOALS)");
	if (settings.release !== null) {
		lines.push("ifeq ($(MAKECMDGOALS),kernelrelease)", "kernelrelease:", "\t@echo $(kprep-release)", "else");
	}
	lines.push(
		"kprep-make:",
		"\t+@$(MAKE) --no-print-directory -f Makefile $(kprep-settings) $(MAKECMDGOALS)",
		"$(MAKECMDGOALS): kprep-make",
		"\t@:",
	);
	if (settings.release !== null) lines.push("endif");
	lines.push("GNUmakefile: ;", "");
	return lines.join("\n");
}

/** Reads such a file back; null when it is not one of kprep's. */
export function parseGnumakefile(text: string): MakeSettings | null {
	if (!text.startsWith(MARK)) return null;
	const variables: Record<string, string> = {};
	for (const [, name, value] of text.matchAll(/^kprep-settings \+= ([\w-]+)=(\S+)$/gm)) {
		variables[name as string] = value as string;
	}
	return {
		release: /^kprep-release := (\S+)$/m.exec(text)?.[1] ?? null,
		quietScm: /^export LOCALVERSION/m.test(text),
		variables,
	};
}

/** Whether a value can stand in such a file: no white space, quotes, `$`, `#` or other characters that make or a shell takes apart. */
export function isSettingValue(text: string): boolean {
	return /^[\w@%+=:,./~-]+$/.test(text);
}
