/** What Kconfig files say about one symbol; a symbol that is defined in several places has all of it. */
export interface KconfigSymbol {
	/** A person can set it: it has a prompt somewhere. */
	prompt: boolean;
	/** The expressions that decide about its value: defaults, dependencies, the conditions around it. */
	decides: string[];
	/** What it depends on, the conditions around it included: all of them must hold. */
	depends: string[];
	/** It has a default, so that it can be on although nobody sets it. */
	defaults: boolean;
	/** Symbols that select or imply it. */
	selectedBy: string[];
}

/** Symbols by name (without CONFIG_), and what the macros stand for. */
export interface Kconfig {
	symbols: Map<string, KconfigSymbol>;
	macros: Map<string, string>;
}

/** An empty collection for `readKconfigText`. */
export function emptyKconfig(): Kconfig {
	return { symbols: new Map(), macros: new Map() };
}

const WORDS =
	/^(config|menuconfig|source|if|endif|menu|endmenu|choice|endchoice|comment|mainmenu|depends|visible|default|def_bool|def_tristate|def_int|def_hex|def_string|bool|tristate|int|hex|string|prompt|select|imply|range|option|modules|optional|transitional|---help---|help)(?![\w-])\s*(.*)$/;
const MACRO = /^([A-Za-z][\w-]*)\s*(?::=|\+=|=)\s*(.*)$/;

/**
 * Reads the text of one Kconfig file (Documentation/kbuild/kconfig-language.rst, kconfig-macro-language.rst) into
 * `kconfig`, and gives the files that it sources, in order, each with the conditions around it. Help texts are passed
 * over by their indentation, as scripts/kconfig/lexer.l does; what is not understood is passed over too.
 */
export function readKconfigText(
	text: string,
	kconfig: Kconfig,
	around: readonly string[] = [],
): { path: string; around: string[] }[] {
	const sources: { path: string; around: string[] }[] = [];
	/** Conditions of the if, menu and choice blocks that are open; a menu's own `depends on` is added to its frame. */
	const frames: string[][] = [[...around]];
	let current: KconfigSymbol | null = null;
	let name = "";
	let help: number | null = null;
	let helping = false;
	for (const line of joinedLines(text)) {
		const body = line.trimStart();
		if (body === "") continue;
		const indent = widthOf(line, line.length - body.length);
		if (helping) {
			help ??= indent;
			if (indent > 0 && indent >= help) continue;
			helping = false;
		}
		if (body.startsWith("#")) continue;
		const [, word = "", rest = ""] = WORDS.exec(body) ?? [];
		switch (word) {
			case "":
			case "modules": {
				const [, macro, value] = MACRO.exec(body) ?? [];
				if (macro !== undefined) kconfig.macros.set(macro, value ?? "");
				break;
			}
			case "config":
			case "menuconfig":
				name = /^\w+/.exec(rest)?.[0] ?? "";
				current = symbolIn(kconfig, name);
				current.decides.push(...frames.flat());
				current.depends.push(...frames.flat());
				break;
			case "help":
			case "---help---":
				helping = true;
				help = null;
				break;
			case "source":
				current = null;
				sources.push({ path: unquoted(rest), around: frames.flat() });
				break;
			case "if":
				current = null;
				frames.push([rest]);
				break;
			case "menu":
			case "choice":
				current = null;
				frames.push([]);
				break;
			case "endif":
			case "endmenu":
			case "endchoice":
				current = null;
				if (frames.length > 1) frames.pop();
				break;
			case "depends": {
				const expression = rest.replace(/^on\s+/, "");
				if (current !== null) {
					current.decides.push(expression);
					current.depends.push(expression);
				} else frames.at(-1)?.push(expression);
				break;
			}
			case "default":
			case "def_bool":
			case "def_tristate":
			case "def_int":
			case "def_hex":
			case "def_string":
				if (current === null) break;
				current.decides.push(rest);
				current.defaults = true;
				break;
			case "bool":
			case "tristate":
			case "int":
			case "hex":
			case "string":
			case "prompt":
				if (current !== null && /^["']/.test(rest)) current.prompt = true;
				break;
			case "select":
			case "imply": {
				const selected = /^\w+/.exec(rest)?.[0];
				if (selected !== undefined && current !== null) symbolIn(kconfig, selected).selectedBy.push(name);
				break;
			}
		}
	}
	return sources;
}

/**
 * The symbols whose value is what Kconfig found out about the compilers and tools of this machine: no person sets them,
 * and a $(shell) decides, directly or through macros (scripts/Kconfig.include: cc-option, success, as-instr...), or
 * nothing but such symbols.
 */
export function hostFacts({ symbols, macros }: Kconfig): Set<string> {
	const asking = shellMacros(macros);
	const asks = (expression: string) => [...expressionMacros(expression)].some((macro) => asking.has(macro));
	const found = new Set<string>();
	const open = [...symbols].filter(([, { prompt, decides }]) => !prompt && decides.length > 0);
	for (const [name, { decides }] of open) if (decides.some(asks)) found.add(name);
	for (let before = -1; before !== found.size; ) {
		before = found.size;
		for (const [name, { decides, selectedBy }] of open) {
			if (found.has(name) || selectedBy.length > 0) continue;
			const asked = decides.flatMap(expressionSymbols);
			if (asked.length > 0 && asked.every((one) => found.has(one))) found.add(name);
		}
	}
	return found;
}

/**
 * Whether some configuration of this tree can have the symbol on: not when no Kconfig file knows it, nor when it depends
 * on one that nobody can set, that has no default and that nothing selects (ARCH_SUPPORTS_RT without the realtime patch).
 */
export function isAttainable({ symbols }: Kconfig, name: string): boolean {
	const symbol = symbols.get(name);
	if (symbol === undefined || !isReachable(symbol)) return false;
	return symbol.depends
		.flatMap((expression) => expression.split("&&"))
		.map((part) => part.trim())
		.filter((part) => /^[A-Z0-9][A-Z0-9_a-z]*$/.test(part) && symbols.has(part))
		.every((part) => isReachable(symbols.get(part) as KconfigSymbol));
}

function isReachable({ prompt, defaults, selectedBy }: KconfigSymbol): boolean {
	return prompt || defaults || selectedBy.length > 0;
}

/** Names of symbols in an expression; texts in quotes and macros are none. */
export function expressionSymbols(expression: string): string[] {
	const plain = expression.replaceAll(/"[^"]*"|'[^']*'|\$\((?:[^()]|\([^()]*\))*\)/g, " ");
	return [...plain.matchAll(/\b[A-Z][A-Z0-9_a-z]*\b/g)].map(([symbol]) => symbol);
}

function shellMacros(macros: Kconfig["macros"]): Set<string> {
	// What Kconfig itself runs, and what the top-level Makefile finds out by running it.
	const asking = new Set(["shell", "CC_VERSION_TEXT", "RUSTC_VERSION_TEXT", "PAHOLE_VERSION"]);
	for (let before = -1; before !== asking.size; ) {
		before = asking.size;
		for (const [name, value] of macros)
			if (!asking.has(name) && [...expressionMacros(value)].some((one) => asking.has(one))) asking.add(name);
	}
	return asking;
}

function* expressionMacros(expression: string): Generator<string> {
	for (const [, name] of expression.matchAll(/\$\(\s*([\w-]+)/g)) yield name as string;
}

function symbolIn({ symbols }: Kconfig, name: string): KconfigSymbol {
	const known = symbols.get(name);
	if (known !== undefined) return known;
	const symbol: KconfigSymbol = {
		...{ prompt: false, decides: [], depends: [], defaults: false },
		selectedBy: [],
	};
	symbols.set(name, symbol);
	return symbol;
}

/** Lines with those that a backslash continues joined. */
function joinedLines(text: string): string[] {
	return text.replaceAll("\r\n", "\n").replaceAll("\\\n", " ").split("\n");
}

/** Columns of white space, a tab up to the next eight. */
function widthOf(line: string, length: number): number {
	let width = 0;
	for (let at = 0; at < length; at++) width += line[at] === "\t" ? 8 - (width % 8) : 1;
	return width;
}

function unquoted(text: string): string {
	return /^["']([^"']*)["']/.exec(text.trim())?.[1] ?? text.trim();
}
