import {
	conditionOf,
	configMacros,
	evaluateCondition,
	type MacroLookup,
	sourceLines,
} from "../kbuild/preprocessor.ts";

/** What a vermagic string is made of. */
export interface VermagicParts {
	/** UTS_RELEASE. */
	release: string;
	/** Value of a config symbol, its name without CONFIG_; undefined when it is not set. */
	symbol: (name: string) => string | undefined;
	/**
	 * The tree's own texts in the order in which the compiler meets them: asm/vermagic.h (asm/module.h before 5.7),
	 * then linux/vermagic.h. They say which words exist, and in what order: no version is compared.
	 */
	headers: string[];
	/** Other macros that matter: RANDSTRUCT and RANDSTRUCT_HASHED_SEED (text in quotes), __LINUX_ARM_ARCH__, __GNUC__... */
	macros?: Record<string, string>;
}

/** The string, or what kept it from being composed. */
export type Composed = { text: string } | { unknown: string };

/**
 * Composes VERMAGIC_STRING as the compiler would, from the tree's own headers. Answers `unknown` with the name of the
 * macro or condition that could not be decided, rather than a guess.
 */
export function composeVermagic(parts: VermagicParts): Composed {
	const config = configMacros(parts.symbol);
	const given: Record<string, string> = { ...parts.macros, UTS_RELEASE: JSON.stringify(parts.release) };
	const defined = new Map<string, string>(Object.entries(given));
	const macro: MacroLookup = (name) =>
		defined.get(name) ?? (name.startsWith("CONFIG_") ? config(name) : null);
	for (const text of parts.headers) {
		const failure = collect(text, defined, macro);
		if (failure !== null) return { unknown: failure };
	}
	return expand("VERMAGIC_STRING", macro, 0);
}

/** Walks one header and keeps the macros it defines; the text of a condition that cannot be decided, or null. */
function collect(text: string, defined: Map<string, string>, macro: MacroLookup): string | null {
	/** A frame a nested #if: whether its present branch is read, and whether one was read already. */
	const frames: { active: boolean; taken: boolean }[] = [];
	for (const { text: line } of sourceLines(text)) {
		const [, directive = "", rest = ""] = /^\s*#\s*(\w+)\s*(.*)$/.exec(line) ?? [];
		const outside = frames.slice(0, -1).every((frame) => frame.active);
		const inside = frames.every((frame) => frame.active);
		const frame = frames.at(-1);
		if (directive.startsWith("if")) {
			const value = inside ? evaluateCondition(conditionOf(directive, rest), macro) : false;
			if (value === null) return rest;
			frames.push({ active: value, taken: value });
		} else if (directive.startsWith("elif") && frame !== undefined) {
			const open = outside && !frame.taken;
			const value = open ? evaluateCondition(conditionOf(directive, rest), macro) : false;
			if (value === null) return rest;
			frame.active = value;
			frame.taken ||= value;
		} else if (directive === "else" && frame !== undefined) {
			frame.active = !frame.taken;
			frame.taken = true;
		} else if (directive === "endif") {
			frames.pop();
		} else if (directive === "define" && inside) {
			const [, name = "", value = ""] = /^(\w+)(?!\()\s*(.*)$/.exec(rest) ?? [];
			if (name !== "" && !rest.startsWith(`${name}(`)) defined.set(name, value);
		} else if (directive === "undef" && inside) {
			defined.delete(rest.trim());
		}
	}
	return null;
}

const PIECE = /\s*(?:"((?:\\.|[^"\\])*)"|(__stringify|xstringify|stringify)\s*\(\s*(\w+)\s*\)|(\w+))/y;
const DEEPEST = 16;

/** The text of a macro that is a row of string literals and other such macros. */
function expand(name: string, macro: MacroLookup, depth: number): Composed {
	const body = macro(name);
	if (typeof body !== "string" || depth > DEEPEST) return { unknown: name };
	let text = "";
	let end = 0;
	PIECE.lastIndex = 0;
	const pieces: RegExpExecArray[] = [];
	for (let piece = PIECE.exec(body); piece !== null; piece = PIECE.exec(body)) {
		pieces.push(piece);
		end = PIECE.lastIndex;
	}
	if (body.slice(end).trim() !== "") return { unknown: name };
	for (const [, literal, stringify, argument = "", word = ""] of pieces) {
		if (literal !== undefined) {
			text += literal;
		} else if (stringify !== undefined) {
			const value = macro(argument);
			if (typeof value !== "string") return { unknown: argument };
			text += value;
		} else {
			const inner = expand(word, macro, depth + 1);
			if ("unknown" in inner) return inner;
			text += inner.text;
		}
	}
	return { text };
}
