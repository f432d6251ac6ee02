import type { Pattern } from "../entry.ts";

/** What a placeholder of a format stands for. Every repetition is bounded, so that matching stays linear. */
const KINDS: Record<string, string> = {
	module: "[\\w.+-]{1,64}",
	symbol: "[\\w.$]{1,512}",
	namespace: "[\\w.-]{1,128}",
	parameter: "[\\w.-]{1,128}",
	release: "\\d[\\w.+~:@,-]{0,80}",
	path: "[^\\s'\":;,]{1,400}",
	file: "[^\\s'\":;,()]{1,400}",
	tool: "[\\w.+/-]{1,200}",
	option: "-[^\\s']{1,120}",
	config: "[A-Z0-9_]{1,100}",
	relocation: "(?:0x)?[0-9a-fA-F]{1,8}",
	ko: "[^\\s'\"\\[\\]:(]{0,300}?[\\w.+-]{1,64}\\.k?o(?:\\.(?:gz|xz|zst|bz2|lzma))?",
	number: "-?(?:0x)?[0-9a-fA-F]{1,20}",
	word: "\\S{1,200}",
	words: ".{1,200}?",
};

/** Kinds that are details under their own name. */
const CAPTURED = new Set(Object.keys(KINDS).filter((kind) => !["number", "word", "words"].includes(kind)));

/**
 * Makes a pattern from the format of a message, nearly as it stands in the source that prints it: `<module>`,
 * `<symbol>`... stand for details, `<number>`, `<word>`, `<words>` for anything of that kind, `{a|b}` for either
 * (`{a|}`: or nothing). A space is any white space, a quote any quote (lines are normalised before). The needles are
 * the longest fixed piece of the format, or those given. Throws TypeError for a format without a piece of 4 letters.
 */
export function says(format: string, rest: Partial<Omit<Pattern, "match">> = {}): Pattern {
	const taken = new Set<string>();
	const body = format
		.split(/(<\w+>|[{}|])/)
		.map((piece) => {
			if (piece === "{") return "(?:";
			if (piece === "}") return ")";
			if (piece === "|") return "|";
			const kind = /^<(\w+)>$/.exec(piece)?.[1];
			if (kind === undefined) return literal(piece);
			const expression = KINDS[kind];
			if (expression === undefined) throw new TypeError(`no such placeholder: ${piece}`);
			if (!CAPTURED.has(kind) || taken.has(kind)) return `(?:${expression})`;
			taken.add(kind);
			return `(?<${kind}>${expression})`;
		})
		.join("");
	const start = format.startsWith("<") ? "(?<![\\w.+/-])" : "";
	return {
		needles: rest.needles ?? [longestPiece(format)],
		match: new RegExp(start + body),
		...without(rest),
	};
}

function without({ needles: _, ...rest }: Partial<Omit<Pattern, "match">>): Partial<Pattern> {
	return rest;
}

function literal(text: string): string {
	return text.replace(/[.*+?^$()[\]\\/-]/g, "\\$&").replace(/ +/g, "\\s{1,20}");
}

/** Outside of alternatives and placeholders; without quotes at its ends, which a log may have in another shape. */
function longestPiece(format: string): string {
	const pieces = format
		.replace(/\{[^}]*\}/g, "\0")
		.split(/<\w+>|\0/)
		.map((piece) => piece.replace(/^[\s'"]+|[\s'"]+$/g, ""))
		.sort((a, b) => b.length - a.length);
	const [longest = ""] = pieces;
	if (!/\w{4}/.test(longest))
		throw new TypeError(`a pattern needs a fixed piece with 4 letters in a row: ${format}`);
	return longest;
}
