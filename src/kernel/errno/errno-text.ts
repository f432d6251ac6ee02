import { NeedleIndex } from "../log/needle-index.ts";
import { errnoName } from "./errno.ts";
import { ERRNO_WORDS } from "./errno-words.ts";

interface Errno {
	name: string;
	words: string[];
}

/**
 * The errno that a normalised text names: by word in any language (the longest wording wins), by name (`ENOEXEC`), or by
 * number in one of the shapes that tools and drivers use (`err -22`, `error code 8`, `: -17`). null when it names none;
 * -1 alone is what module-init-tools prints for every errno, and names none.
 */
export function errnoIn(text: string): string | null {
	const word = errnoWord(text);
	if (word !== null) return word;
	const named = /(?<!\w)(E[A-Z]{3,12})(?!\w)/.exec(text)?.[1];
	if (named !== undefined && known().some(({ name }) => name === named)) return named;
	const shape =
		/(?:err(?:no|or)?(?: code)?|returned|status|ret|rc)[ :=(]{1,3}-?(\d{1,3})(?!\d)|(?:[:(=] ?)-(\d{1,3})\)?$/i.exec(
			text,
		);
	// What make calls "Error 2" is an exit status.
	const number = text.includes("***") ? 0 : Number(shape?.[1] ?? shape?.[2] ?? 0);
	const name = errnoName(number);
	return number > 1 && name.startsWith("E") ? name : null;
}

/** Every wording of an errno, lower case. */
export function wordsOf(name: string): readonly string[] {
	return known().find((errno) => errno.name === name)?.words ?? [];
}

/** True when the text says in any language that a file is not there. */
export function saysNoSuchFile(text: string): boolean {
	return errnoWord(text) === "ENOENT";
}

function errnoWord(text: string): string | null {
	index ??= new NeedleIndex(
		known().flatMap((errno) => errno.words.map((needle) => ({ needle, value: { ...errno, needle } }))),
	);
	let best: { name: string; needle: string } | null = null;
	for (const value of index.find(text.toLowerCase()))
		if (value.needle.length > (best?.needle.length ?? 0)) best = value;
	return best?.name ?? null;
}

let index: NeedleIndex<{ name: string; needle: string }> | undefined;

let errnos: Errno[] | undefined;

function known(): Errno[] {
	errnos ??= ERRNO_WORDS.trim()
		.replace(/\|\n\s+/g, "| ")
		.split("\n")
		.map((line) => {
			const [, name = "", words = ""] = /^(\w+): (.*)$/.exec(line) ?? [];
			return { name, words: words.split(" | ").map((word) => word.trim()) };
		});
	return errnos;
}
