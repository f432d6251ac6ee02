import { isSettingValue } from "./settings.ts";

/** NAME=VALUE for every make in a tree, or why it cannot be that. */
export type MakeVariable = { name: string; value: string } | { refused: string };

/** Variables that say what kprep itself must say, or that change what make is; and why. */
const KEPT: readonly [names: RegExp, why: string][] = [
	[/^(?:M|SUBDIRS|KBUILD_EXTMOD)$/, "it names the module of one make, not a setting of the tree"],
	[/^(?:O|KBUILD_OUTPUT)$/, "-O says where the build lies"],
	[
		/^(?:KERNELRELEASE|kernelrelease|filechk_kernel\.release|LOCALVERSION|EXTRAVERSION|VERSION|PATCHLEVEL|SUBLEVEL|KERNELVERSION)$/,
		"the target decides the release",
	],
	[
		/^(?:SHELL|MAKE|MAKEFLAGS|MFLAGS|GNUMAKEFLAGS|MAKEFILES|MAKEFILE_LIST|MAKELEVEL|MAKECMDGOALS|MAKEOVERRIDES|CURDIR|\.\w+|kprep-\S*)$/,
		"it is make's own",
	],
	[/^__proto__$/, "no makefile uses such a name"],
	[/^(?:PATH|LD_PRELOAD|LD_LIBRARY_PATH|BASH_ENV|ENV|IFS)$/, "it changes every program that make runs"],
];

/**
 * Reads one word of `--make-var`. The name is a plain variable name; the value is empty or plain words with single spaces
 * between them: nothing that make or a shell takes apart (`$`, quotes, `;`, `#`, backslashes, line ends).
 */
export function parseMakeVariable(word: string): MakeVariable {
	const at = word.indexOf("=");
	if (at < 1) return { refused: "expected NAME=VALUE" };
	const [name, value] = [word.slice(0, at), word.slice(at + 1)];
	if (!/^[A-Za-z_][A-Za-z0-9_-]{0,99}$/.test(name))
		return { refused: "a name has letters, digits, _ and - and begins with a letter" };
	const why = KEPT.find(([names]) => names.test(name))?.[1];
	if (why !== undefined) return { refused: `${name} cannot be set here: ${why}` };
	if (value !== "" && !isSettingValue(value))
		return { refused: "a value is plain words with single spaces between them" };
	return { name, value };
}
