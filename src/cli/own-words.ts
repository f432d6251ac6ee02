import { quoted } from "../kernel/shell-word.ts";

/** What the user named on the command line, and that must come back in every command that is advised. */
export interface Given {
	target?: string | undefined;
	sysroot?: string | undefined;
	config?: string | undefined;
	output?: string | undefined;
}

/** Commands that ask about a target, and those of them that also take -O. */
const TARGETED =
	/^kprep (?:sync|verify|target|check|capture|doctor|build|package|source list|source get|toolchain \w+)\b/;
/** What quoted() makes of a word, and any other word. */
const INNER = /\$'(?:[^'\\]|\\.)*'|'[^']*'|\\./g;
const WORD = new RegExp(`(?:${INNER.source}|[^\\s'])+`, "g");
const OUTPUT = /^kprep (?:sync|verify|undo|build|package)\b/;

/**
 * A suggested line with the user's own -t, --sysroot, --config and -O in it, where the command takes them and does not
 * name others. Lines that are no command of kprep, and prose, stay as they are.
 */
export function withGiven(line: string, given: Given): string {
	const words: string[] = line.match(WORD) ?? [];
	if (words.join(" ") !== line) return line;
	if (!/^kprep [a-z]/.test(line) || /[();]/.test(line.replace(INNER, "x"))) return line;
	const targeted = TARGETED.test(line);
	const add = (flag: string, short: string | null, value: string | undefined) => {
		if (value === undefined || words.includes(flag) || (short !== null && words.includes(short))) return;
		words.push(short ?? flag, quoted(value));
	};
	if (OUTPUT.test(line)) add("--output", "-O", given.output);
	if (targeted) {
		const at = words.findIndex((word) => word === "-t" || word === "--target");
		if (at >= 0 && given.target !== undefined) words[at + 1] = quoted(given.target);
		// A release that kprep found out may be one of several kernels only with the sysroot that it was found in.
		add("--target", "-t", given.target);
		add("--sysroot", null, given.sysroot);
		add("--config", null, given.config);
	}
	return words.join(" ");
}
