/** A vermagic string taken apart. Words keep the order in which the string has them. */
export interface Vermagic {
	/** The whole string as it is, trailing space included. */
	text: string;
	/** UTS_RELEASE: everything before the first space. */
	release: string;
	/** The words that generic code adds: SMP, preempt, preempt_rt, mod_unload, modversions. */
	flags: string[];
	/** The words that the architecture adds, such as aarch64, ARMv7, p2v8, 686. */
	arch: string[];
	/** `3.3` of `gcc-3.3` (up to 2.6.18); null when there is none. */
	gcc: string | null;
	/** The hash behind RANDSTRUCT_ or RANDSTRUCT_PLUGIN_; null when there is none. */
	randstruct: string | null;
}

/** One value on each side. */
export interface Sides<T> {
	module: T;
	kernel: T;
}

/** What sets a module's vermagic apart from the kernel's; null or empty where they agree. */
export interface VermagicDifference {
	release: Sides<string> | null;
	/** Flag words of the kernel that the module lacks. */
	flagsMissing: string[];
	/** Flag words of the module that the kernel does not have. */
	flagsExtra: string[];
	arch: Sides<string> | null;
	gcc: Sides<string | null> | null;
	randstruct: Sides<string | null> | null;
	/** True when the words are the same, and only their order or the spaces between or behind them differ. */
	spacing: boolean;
}

const FLAGS = new Set(["SMP", "preempt", "preempt_rt", "mod_unload", "modversions"]);

/** Takes any vermagic text apart; never fails: what it does not know is counted to the architecture. */
export function parseVermagic(text: string): Vermagic {
	const end = text.indexOf(" ");
	const release = end < 0 ? text : text.slice(0, end);
	const parsed: Vermagic = { text, release, flags: [], arch: [], gcc: null, randstruct: null };
	// No space is between `aarch64` or `riscv` and a RANDSTRUCT word (their asm/vermagic.h end without one).
	const words = text.slice(release.length).replace(/(RANDSTRUCT_)/, " $1");
	for (const word of words.split(" ").filter((part) => part !== "")) {
		const hash = /^RANDSTRUCT_(?:PLUGIN_)?(.+)$/.exec(word)?.[1];
		const gcc = /^gcc-(\d.*)$/.exec(word)?.[1];
		if (hash !== undefined) parsed.randstruct = hash;
		else if (gcc !== undefined) parsed.gcc = gcc;
		else (FLAGS.has(word) ? parsed.flags : parsed.arch).push(word);
	}
	return parsed;
}

/** What decides how a kernel compares, besides the two strings. */
export interface MagicRule {
	/** CONFIG_MODVERSIONS of the kernel. */
	modversions: boolean;
	/** The module has a `__versions` section (or, from 6.14, `__version_ext_crcs`). */
	hasVersions: boolean;
	/** Up to 2.6.25 a kernel with MODVERSIONS passed over the release of every module. */
	alwaysSkipsRelease?: boolean;
}

/** The kernel's own same_magic(): true when it takes `module` for its own (kernel/module/version.c and main.c, 6.12). */
export function sameMagic(module: string, kernel: string, rule: MagicRule): boolean {
	if (!rule.modversions || !(rule.hasVersions || rule.alwaysSkipsRelease)) return module === kernel;
	return afterRelease(module) === afterRelease(kernel);
}

/** Field by field, whatever rule the kernel compares by; null when the two strings are equal. */
export function compareVermagic(module: string, kernel: string): VermagicDifference | null {
	if (module === kernel) return null;
	const [ours, theirs] = [parseVermagic(module), parseVermagic(kernel)];
	const difference: VermagicDifference = {
		release: sides(ours.release, theirs.release),
		flagsMissing: theirs.flags.filter((word) => !ours.flags.includes(word)),
		flagsExtra: ours.flags.filter((word) => !theirs.flags.includes(word)),
		arch: sides(ours.arch.join(" "), theirs.arch.join(" ")),
		gcc: sides(ours.gcc, theirs.gcc),
		randstruct: sides(ours.randstruct, theirs.randstruct),
		spacing: false,
	};
	const words = difference.flagsMissing.length + difference.flagsExtra.length;
	const { release, arch, gcc, randstruct } = difference;
	difference.spacing = words === 0 && [release, arch, gcc, randstruct].every((field) => field === null);
	return difference;
}

function afterRelease(text: string): string {
	const space = text.indexOf(" ");
	return space < 0 ? "" : text.slice(space);
}

function sides<T>(module: T, kernel: T): Sides<T> | null {
	return module === kernel ? null : { module, kernel };
}
