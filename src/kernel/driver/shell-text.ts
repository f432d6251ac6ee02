/** A shell assignment at the top of a file, its value expanded. */
export interface Assignment {
	name: string;
	/** The subscript of NAME[N]=, expanded; null without one. */
	index: string | null;
	value: string;
	/** Whether every part of the value could be told without running anything. */
	known: boolean;
}

/** What was read of a shell file without running any of it. */
export interface ShellText {
	assignments: Assignment[];
	/** First lines of the commands and conditions that were passed over, in order. */
	unread: string[];
}

const OPENING = new Set(["if", "case", "for", "while", "until", "{", "select"]);
const CLOSING = new Set(["fi", "esac", "done", "}"]);

/**
 * The assignments of a shell file (POSIX 2.10, and bash's arrays) that hold whatever happens: those inside conditions,
 * loops and functions are passed over, and nothing is run. `$NAME`, `${NAME}`, `${NAME:-WORD}` and `$((NAME+N))` are
 * expanded from `variables` and from what was assigned before; what a command would say (`$(...)`) makes a value unknown.
 * Never throws, and its time is linear in the text.
 */
export function readShellText(text: string, variables: ReadonlyMap<string, string>): ShellText {
	const scanner = new Scanner(text.replace(/\r\n/g, "\n"), new Map(variables));
	const found: ShellText = { assignments: [], unread: [] };
	let depth = 0;
	while (!scanner.ended()) {
		const { words, line, assigned } = scanner.statement();
		if (words.length === 0 && assigned.length === 0) continue;
		const [first = ""] = words;
		if (assigned.length === 0 && CLOSING.has(first)) {
			depth = Math.max(0, depth - 1);
			continue;
		}
		const opens = OPENING.has(first) || /^(?:function$|[\w-]+\(\)$)/.test(first);
		if (depth === 0 && words.length === 0) {
			for (const one of assigned) {
				scanner.assign(one);
				found.assignments.push(one);
			}
		} else if (depth === 0) found.unread.push(line.slice(0, 200));
		if (opens && words.at(-1) !== "}") depth++;
	}
	return found;
}

interface Statement {
	words: string[];
	assigned: Assignment[];
	line: string;
}

class Scanner {
	readonly #text: string;
	readonly #variables: Map<string, string>;
	#at = 0;

	constructor(text: string, variables: Map<string, string>) {
		this.#text = text;
		this.#variables = variables;
	}

	ended(): boolean {
		return this.#at >= this.#text.length;
	}

	assign({ name, index, value, known }: Assignment): void {
		if (index !== null && index !== "0") return;
		if (known) this.#variables.set(name, value);
		else this.#variables.delete(name);
	}

	/** Up to the next separator. */
	statement(): Statement {
		const start = this.#at;
		const words: string[] = [];
		const assigned: Assignment[] = [];
		for (;;) {
			this.#blanks();
			if (this.ended()) break;
			const char = this.#text[this.#at] as string;
			if (char === "#") {
				const end = this.#text.indexOf("\n", this.#at);
				this.#at = end < 0 ? this.#text.length : end;
				continue;
			}
			if ("\n;&|".includes(char)) {
				this.#at++;
				break;
			}
			if ("()<>".includes(char)) {
				// A subshell's or a function's parenthesis, a redirection: a command in any case.
				words.push(char);
				this.#at++;
				continue;
			}
			const assignment = words.length === 0 ? this.#assignment() : null;
			if (assignment !== null) assigned.push(assignment);
			else words.push(this.#word().text);
			// The words behind then, do and else are statements of their own.
			if (words.length === 1 && /^(?:then|else|do)$/.test(words[0] as string)) words.pop();
		}
		const line = this.#text.slice(start, this.#at).trim().split("\n")[0] ?? "";
		return { words, assigned, line };
	}

	#blanks(): void {
		for (;;) {
			const char = this.#text[this.#at];
			if (char === " " || char === "\t") this.#at++;
			else if (char === "\\" && this.#text[this.#at + 1] === "\n") this.#at += 2;
			else return;
		}
	}

	#assignment(): Assignment | null {
		const head = /([A-Za-z_]\w*)(?:\[([^\]\n]{0,64})\])?=/y;
		head.lastIndex = this.#at;
		const match = head.exec(this.#text);
		if (match === null) return null;
		this.#at = head.lastIndex;
		const [, name = "", subscript] = match;
		const { text, known } = this.#word();
		const index = subscript === undefined ? null : this.#expand(subscript);
		return { name, index: index?.text ?? null, value: text, known: known && (index?.known ?? true) };
	}

	/** One word: quotes and escapes undone, expansions made. */
	#word(): { text: string; known: boolean } {
		let text = "";
		let known = true;
		let double = false;
		const start = this.#at;
		while (!this.ended()) {
			const char = this.#text[this.#at] as string;
			if (!double && " \t\n;&|()<>".includes(char)) break;
			if (char === '"') {
				double = !double;
				this.#at++;
			} else if (char === "'" && !double) {
				const end = this.#text.indexOf("'", this.#at + 1);
				text += this.#text.slice(this.#at + 1, end < 0 ? undefined : end);
				this.#at = end < 0 ? this.#text.length : end + 1;
			} else if (char === "\\") {
				const next = this.#text[this.#at + 1] ?? "";
				if (next !== "\n") text += double && !'"\\$`'.includes(next) ? `\\${next}` : next;
				this.#at += 2;
			} else if (char === "$") {
				const part = this.#dollar();
				text += part.text;
				known &&= part.known;
			} else if (char === "`") {
				const end = this.#text.indexOf("`", this.#at + 1);
				this.#at = end < 0 ? this.#text.length : end + 1;
				known = false;
			} else {
				text += char;
				this.#at++;
			}
		}
		if (this.#at === start) this.#at++;
		return { text, known };
	}

	#dollar(): { text: string; known: boolean } {
		const rest = /\$(?:\{([^}\n]{1,200})\}|([A-Za-z_]\w*))/y;
		rest.lastIndex = this.#at;
		const match = rest.exec(this.#text);
		if (match !== null) {
			this.#at = rest.lastIndex;
			return this.#parameter(match[1] ?? match[2] ?? "");
		}
		const sum = /\$\(\(\s*([A-Za-z_]\w*|\d+)\s*(?:([+-])\s*(\d+)\s*)?\)\)/y;
		sum.lastIndex = this.#at;
		const counted = sum.exec(this.#text);
		if (counted !== null) {
			this.#at = sum.lastIndex;
			const [, left = "", sign, right = "0"] = counted;
			const base = Number(this.#variables.get(left) ?? left);
			return {
				text: String(sign === "-" ? base - Number(right) : base + Number(right)),
				known: Number.isInteger(base),
			};
		}
		if (this.#text[this.#at + 1] === "(") {
			this.#closing();
			return { text: "", known: false };
		}
		this.#at++;
		return { text: "$", known: true };
	}

	#parameter(inner: string): { text: string; known: boolean } {
		const match = /^([A-Za-z_]\w*)(?:\[0\])?(?::?-([^$`]*))?$/.exec(inner);
		if (match === null) return { text: "", known: false };
		const [, name = "", otherwise] = match;
		const value = this.#variables.get(name);
		if (value !== undefined && (value !== "" || otherwise === undefined)) return { text: value, known: true };
		return { text: otherwise ?? "", known: otherwise !== undefined };
	}

	/** A subscript or another small text of its own. */
	#expand(text: string): { text: string; known: boolean } {
		const inner = new Scanner(text, this.#variables);
		return inner.#word();
	}

	/** Past the parenthesis that closes the one behind `$`, quotes counted. */
	#closing(): void {
		let depth = 0;
		let quote = "";
		for (this.#at++; !this.ended(); this.#at++) {
			const char = this.#text[this.#at] as string;
			if (quote !== "") {
				if (char === quote) quote = "";
			} else if (char === "'" || char === '"') quote = char;
			else if (char === "(") depth++;
			else if (char === ")" && --depth === 0) {
				this.#at++;
				return;
			}
		}
	}
}
