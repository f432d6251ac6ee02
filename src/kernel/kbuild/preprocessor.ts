/** Value of a macro in the eyes of `#if`: its text, null when it is not defined, undefined when that is not known. */
export type MacroLookup = (name: string) => string | null | undefined;

/**
 * Decides a condition of `#if` and `#elif` (the text behind the directive, comments removed): true, false, or null
 * when a macro that matters is not known or the expression is beyond this reader. Knows defined, IS_ENABLED,
 * IS_BUILTIN, IS_MODULE, IS_REACHABLE, integers, ! && || == != < <= > >= and parentheses.
 */
export function evaluateCondition(text: string, macro: MacroLookup): boolean | null {
	const value = new Expression(text, macro).value();
	return value === null ? null : value !== 0;
}

/** The condition of a directive as a text for `evaluateCondition`: `#ifdef X` becomes `defined(X)`. */
export function conditionOf(directive: string, rest: string): string {
	const name = rest.trim().split(/\s/)[0] ?? "";
	if (directive === "ifdef" || directive === "elifdef") return `defined(${name})`;
	if (directive === "ifndef" || directive === "elifndef") return `!defined(${name})`;
	return rest.trim();
}

/**
 * The macros that autoconf.h makes of a .config: `y` defines CONFIG_X as 1, `m` defines CONFIG_X_MODULE as 1, other
 * values as they are. `symbol` gives the value of a config symbol, its name without CONFIG_; undefined when not set.
 */
export function configMacros(symbol: (name: string) => string | undefined): MacroLookup {
	return (macro) => {
		if (!macro.startsWith("CONFIG_")) return undefined;
		const value = symbol(macro.slice("CONFIG_".length));
		if (value === "y") return "1";
		if (value !== undefined && value !== "m" && value !== "n") return value;
		const module = macro.endsWith("_MODULE") && symbol(macro.slice("CONFIG_".length, -"_MODULE".length));
		return module === "m" ? "1" : null;
	};
}

/** One logical line: continuation lines joined and comments removed. `line` counts from 1, where it begins. */
export interface SourceLine {
	text: string;
	line: number;
}

/** The text as logical lines without comments; string literals are respected. */
export function sourceLines(text: string): SourceLine[] {
	const blank = (comment: string) => comment.replace(/[^\n]+/g, " ");
	const plain = text.replace(
		/"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*/g,
		(found) => (found.startsWith("/") ? blank(found) : found),
	);
	const lines: SourceLine[] = [];
	let joined = "";
	let start = 1;
	for (const [index, line] of plain.split("\n").entries()) {
		if (joined === "") start = index + 1;
		if (line.endsWith("\\")) {
			joined += `${line.slice(0, -1)} `;
			continue;
		}
		lines.push({ text: joined + line, line: start });
		joined = "";
	}
	if (joined !== "") lines.push({ text: joined, line: start });
	return lines;
}

const TOKEN = /\s*(?:(\d[\w]*)|([A-Za-z_]\w*)|(&&|\|\||[=!<>]=|[!<>()+-]))/y;
const MOST_TOKENS = 1000;
const CONFIG_TESTS = ["IS_ENABLED", "IS_BUILTIN", "IS_MODULE", "IS_REACHABLE"];

/** Recursive descent over three values: a number, or null for unknown. */
class Expression {
	readonly #tokens: string[] = [];
	readonly #macro: MacroLookup;
	readonly #readable: boolean;
	#next = 0;

	constructor(text: string, macro: MacroLookup) {
		this.#macro = macro;
		TOKEN.lastIndex = 0;
		let end = 0;
		for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
			this.#tokens.push(match[1] ?? match[2] ?? match[3] ?? "");
			end = TOKEN.lastIndex;
			if (this.#tokens.length > MOST_TOKENS) break;
		}
		this.#readable = text.slice(end).trim() === "";
	}

	value(): number | null {
		if (!this.#readable) return null;
		const value = this.#or();
		return this.#next === this.#tokens.length ? value : null;
	}

	#take(token: string): boolean {
		if (this.#tokens[this.#next] !== token) return false;
		this.#next++;
		return true;
	}

	#or(): number | null {
		let left = this.#and();
		while (this.#take("||")) {
			const right = this.#and();
			if (left !== null && left !== 0) left = 1;
			else if (right !== null && right !== 0) left = 1;
			else left = left === null || right === null ? null : 0;
		}
		return left;
	}

	#and(): number | null {
		let left = this.#comparison();
		while (this.#take("&&")) {
			const right = this.#comparison();
			if (left === 0 || right === 0) left = 0;
			else left = left === null || right === null ? null : 1;
		}
		return left;
	}

	#comparison(): number | null {
		const left = this.#unary();
		const operator = this.#tokens[this.#next] ?? "";
		if (!["==", "!=", "<", "<=", ">", ">="].includes(operator)) return left;
		this.#next++;
		const right = this.#unary();
		if (left === null || right === null) return null;
		return Number(COMPARE[operator]?.(left, right) ?? false);
	}

	#unary(): number | null {
		const token = this.#tokens[this.#next++];
		if (token === undefined) return null;
		if (token === "!") {
			const value = this.#unary();
			return value === null ? null : Number(value === 0);
		}
		if (token === "(") {
			const value = this.#or();
			return this.#take(")") ? value : null;
		}
		if (/^\d/.test(token)) return number(token);
		return this.#name(token);
	}

	#name(name: string): number | null {
		if (name !== "defined" && !CONFIG_TESTS.includes(name)) {
			const text = this.#macro(name);
			if (this.#tokens[this.#next] === "(" || text === undefined) return null;
			return text === null ? 0 : number(text.trim());
		}
		const inner = this.#take("(");
		const argument = this.#tokens[this.#next++] ?? "";
		if (inner && !this.#take(")")) return null;
		if (name === "defined") return this.#defined(argument);
		const [builtin, module] = [this.#defined(argument), this.#defined(`${argument}_MODULE`)];
		if (name === "IS_BUILTIN") return builtin;
		if (name === "IS_MODULE") return module;
		if (builtin === 1) return 1;
		// Whether the file itself becomes a module decides IS_REACHABLE of a module, and is not known here.
		if (name === "IS_REACHABLE" && module === 1) return null;
		return builtin === null || module === null ? null : module;
	}

	#defined(name: string): number | null {
		const text = this.#macro(name);
		return text === undefined ? null : Number(text !== null);
	}
}

const COMPARE: Record<string, (left: number, right: number) => boolean> = {
	"==": (left, right) => left === right,
	"!=": (left, right) => left !== right,
	"<": (left, right) => left < right,
	"<=": (left, right) => left <= right,
	">": (left, right) => left > right,
	">=": (left, right) => left >= right,
};

function number(token: string): number | null {
	const value = Number(token.replace(/[uUlL]+$/, ""));
	return Number.isSafeInteger(value) ? value : null;
}
