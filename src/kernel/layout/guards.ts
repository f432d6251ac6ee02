import { conditionOf, sourceLines } from "../kbuild/preprocessor.ts";

/** A member of a structure in C source, and what decides whether it is there. */
export interface GuardedMember {
	name: string;
	/** Conditions of the #if, #ifdef... around it inside the structure, outermost first, as expressions. */
	guards: string[];
	/** Line of the source, from 1. */
	line: number;
}

/** Config symbols (without CONFIG_) that a condition asks for, in order, each once. */
export function configSymbolsOf(condition: string): string[] {
	return [...new Set(Array.from(condition.matchAll(/\bCONFIG_(\w+)/g), ([, name = ""]) => name))];
}

/**
 * Members of `struct NAME { ... }` at any depth in C source text, in order, each with its stack of conditions. null when
 * the text does not define it. Reads declarations only as far as their names: no preprocessor runs, no macro is expanded.
 */
export function guardedMembers(source: string, name: string): GuardedMember[] | null {
	const lines = sourceLines(source);
	const opening = new RegExp(`^\\s*(?:typedef\\s+)?struct\\s+${name}\\b[^;()]*\\{`);
	const start = lines.findIndex(
		({ text }, at) => opening.test(`${text} ${lines[at + 1]?.text.trim() ?? ""}`) && /struct/.test(text),
	);
	if (start < 0) return null;
	const members: GuardedMember[] = [];
	const stack: string[][] = [];
	let depth = 0;
	let declaration = "";
	let declaredAt = 0;
	for (const { text, line } of lines.slice(start)) {
		const [, directive = "", rest = ""] = /^\s*#\s*(\w+)\s*(.*)$/.exec(text) ?? [];
		if (directive !== "") {
			follow(stack, directive, rest);
			continue;
		}
		for (const piece of text.split(/(?<=[{};])/)) {
			if (declaration.trim() === "") declaredAt = line;
			declaration += ` ${piece}`;
			const last = piece.at(-1);
			if (last === "{") {
				depth++;
				declaration = "";
			} else if (last === "}") {
				depth--;
				declaration = "";
				if (depth === 0) return members;
			} else if (last === ";") {
				const guards = stack.map((frame) => frame.at(-1) ?? "").filter((guard) => guard !== "");
				for (const member of namesIn(declaration)) members.push({ name: member, guards, line: declaredAt });
				declaration = "";
			}
		}
	}
	return null;
}

/** Keeps the stack of conditions; each frame holds the branches seen so far, the last one as it must be to be here. */
function follow(stack: string[][], directive: string, rest: string): void {
	const frame = stack.at(-1);
	if (directive.startsWith("if")) {
		stack.push([conditionOf(directive, rest)]);
	} else if (directive === "endif") {
		stack.pop();
	} else if (frame !== undefined && (directive.startsWith("elif") || directive === "else")) {
		const before = frame.map((condition, index) =>
			index === 0 ? condition : (condition.split(" && ").at(-1) ?? ""),
		);
		const negated = before.map((condition) => `!(${condition})`).join(" && ");
		frame.push(directive === "else" ? negated : `${negated} && ${conditionOf(directive.slice(2), rest)}`);
	}
}

/** Names that one declaration declares: `int a, *b[4];`, `void (*f)(int);`, `unsigned x:1;`. */
function namesIn(declaration: string): string[] {
	const text = declaration
		.replace(/__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)/g, " ")
		.replace(/\b(?:____cacheline_\w+|__\w*align\w*(?:\([^()]*\))?|__randomize_layout|__packed)\b/g, " ");
	const pointer = /\(\s*\*+\s*(?:const\s+)?(\w+)(?:\s*\[[^\]]*\])?\s*\)\s*\(/.exec(text)?.[1];
	if (pointer !== undefined) return [pointer];
	const [, macro = "", first = "", second = ""] =
		/^\s*([A-Z_]+)\(\s*([^,()]*?)\s*(?:,\s*(\w+)[^()]*)?\)\s*;/.exec(text) ?? [];
	if (macro !== "") return [macro.includes("FLEX_ARRAY") ? second : first];
	return text
		.replace(/;$/, "")
		.replace(/\[[^\]]*\]/g, " ")
		.split(",")
		.map((part) => /(\w+)\s*(?::[^:]*)?$/.exec(part.trim())?.[1] ?? "")
		.filter((found) => found !== "");
}
