/** What every make in a synced tree gets, as if it had been typed on the command line. */
export interface MakeSettings {
	/** The whole release, when it is pinned; null leaves it to kbuild. */
	release: string | null;
	/** Keep git's lone `+` away by an exported, empty LOCALVERSION. */
	quietScm: boolean;
	/** Variables such as CC, ARCH, CROSS_COMPILE; a value typed on a command line wins over them. */
	variables: Record<string, string>;
	/** What programs of the build read from their environment, such as LIBCLANG_PATH. */
	environment?: Record<string, string> | undefined;
	/** Folders that come first on PATH. */
	path?: string[] | undefined;
}

const MARK = "# Written by kprep:";

/**
 * The make words that pin a release in every era: KERNELRELEASE reaches UTS_RELEASE, `filechk_kernel.release`
 * (2.6.35 and later) and `kernelrelease` (2.6.18 to 2.6.34) reach include/config/kernel.release.
 */
export function pinWords(release: string): string[] {
	return [`KERNELRELEASE=${release}`, `kernelrelease=${release}`, `filechk_kernel.release=echo ${release}`];
}

/** All settings as words for a make command line; environment and PATH are what `settingEnvironment` gives. */
export function settingWords({ release, variables }: MakeSettings): string[] {
	const typed = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
	return [...(release === null ? [] : pinWords(release)), ...typed];
}

/** The environment of a make that is given the settings as words: what they add, and PATH with their folders first. */
export function settingEnvironment(
	{ environment, path }: Pick<MakeSettings, "environment" | "path">,
	inherited: string,
): Record<string, string> {
	const first = path === undefined || path.length === 0 ? {} : { PATH: [...path, inherited].join(":") };
	return { ...environment, ...first };
}

/**
 * The text of OBJTREE/GNUmakefile: GNU make reads it before `Makefile` (GNU make manual, 3.2), so the settings hold
 * for a bare `make`, for `make -C TREE M=DIR` and for DKMS, in every era, with kbuild's own Makefile untouched.
 * Values must be free of make's special characters; see `isSettingValue`.
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
		const word = value.includes(" ") ? `'${name}=${value}'` : `${name}=${value}`;
		lines.push(`ifneq ($(origin ${name}),command line)`, `kprep-settings += ${word}`, "endif");
	}
	for (const [name, value] of Object.entries(settings.environment ?? {}))
		lines.push(`export ${name} := ${value}`);
	if (settings.path !== undefined && settings.path.length > 0)
		lines.push(`export PATH := ${settings.path.join(":")}:$(PATH)`);
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
	const given = /^ifneq \(\$\(origin ([\w-]+)\),command line\)\nkprep-settings \+= '?\1=([^'\n]*)'?$/gm;
	for (const [, name, value] of text.matchAll(given)) variables[name as string] = value as string;
	const environment: Record<string, string> = {};
	for (const [, name, value] of text.matchAll(/^export (?!PATH )(\w+) := (.+)$/gm))
		environment[name as string] = value as string;
	const path = /^export PATH := (.+):\$\(PATH\)$/m.exec(text)?.[1]?.split(":");
	return {
		release: /^kprep-release := (\S+)$/m.exec(text)?.[1] ?? null,
		quietScm: /^export LOCALVERSION/m.test(text),
		variables,
		...(Object.keys(environment).length === 0 ? {} : { environment }),
		...(path === undefined ? {} : { path }),
	};
}

/**
 * Whether a value can stand in such a file: plain words with single spaces between them ("gcc -m32"), no quotes, `$`, `#`
 * or other characters that make or a shell takes apart.
 */
export function isSettingValue(text: string): boolean {
	return /^[\w@%+=:,./~-]+(?: [\w@%+=:,./~-]+)*$/.test(text);
}

/** Whether a folder can stand on such a PATH: as a value, without spaces and colons. */
export function isSettingFolder(text: string): boolean {
	return text.startsWith("/") && /^[\w@%+=,./~-]+$/.test(text);
}
