/** A place where Kconfig takes a value from the environment. */
export interface EnvironmentUse {
	name: string;
	/** 1-based. */
	line: number;
	text: string;
	/** The path as written when it is a `source` line; null: it stands bare where a value must be. */
	source: string | null;
}

/** What one Kconfig text asks of the environment, defines itself, and includes. */
export interface KconfigText {
	uses: EnvironmentUse[];
	/** Macros that it defines (4.18 and later: `NAME := value`). */
	defines: string[];
	sources: string[];
}

const SOURCE = /^\s*(?:source|rsource|osource|orsource)\s+(?:"([^"]*)"|([^"\s#]+))/;
const REFERENCE = /\$\((\w[\w-]*)\)|\$\{(\w+)\}|\$([A-Za-z_]\w*)/g;

/** Reads a Kconfig text (scripts/kconfig/preprocess.c, zconf.l of all eras); help texts and comments do not count. */
export function readKconfig(text: string): KconfigText {
	const read: KconfigText = { uses: [], defines: [], sources: [] };
	let help: string | null = null;
	text.split("\n").forEach((line, at) => {
		if (line.length > 4096) return;
		const indent = /^\s*/.exec(line)?.[0] ?? "";
		if (help !== null) {
			if (line.trim() === "" || indent.length > help.length) return;
			help = null;
		}
		if (/^\s*(?:---)?help(?:---)?\s*$/.test(line)) {
			// What is indented deeper than the least of its lines belongs to it: at least one step.
			help = indent;
			return;
		}
		const code = line.replace(/(^|\s)#.*$/, "");
		const define = /^\s*([A-Za-z_][\w-]*)\s*(?::|\+)?=(?!=)/.exec(code)?.[1];
		if (define !== undefined) {
			read.defines.push(define);
			return;
		}
		const source = SOURCE.exec(code);
		const path = source?.[1] ?? source?.[2] ?? null;
		if (path !== null) read.sources.push(path);
		const searched = path ?? code.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, '""');
		for (const name of namesIn(searched, path === null))
			read.uses.push({ name, line: at + 1, text: line.trim(), source: path });
	});
	return read;
}

/**
 * Bare `$NAME` is only read in source lines; elsewhere it is a symbol's text. What a call is given
 * (`$(success,... $(USERCFLAGS))`) may be empty: it is no value by itself.
 */
function namesIn(text: string, macrosOnly: boolean): string[] {
	return [...(macrosOnly ? withoutCalls(text) : text).matchAll(REFERENCE)].flatMap(
		([, macro, braced, plain]) => {
			const name = macro ?? (macrosOnly ? undefined : (braced ?? plain));
			return name === undefined || /^\d+$/.test(name) ? [] : [name];
		},
	);
}

/** The text less the calls of functions in it, `$(NAME,...)` and `$(NAME ...)`, with all that they are given. */
function withoutCalls(text: string): string {
	let kept = "";
	for (let at = 0; at < text.length; at++) {
		const call = /^\$\([\w-]+[\s,]/.test(text.slice(at, at + 64));
		if (call) at = endOf(text, at + 1);
		else kept += text[at];
	}
	return kept;
}

/** Where the bracket that opens at `start` is closed; the text's end when it is not. */
function endOf(text: string, start: number): number {
	let depth = 0;
	for (let at = start; at < text.length; at++) {
		if (text[at] === "(") depth++;
		if (text[at] === ")" && --depth === 0) return at;
	}
	return text.length;
}

/** A path with its references replaced by what `value` gives; unknown ones by nothing, as kconfig does. */
export function expandPath(path: string, value: (name: string) => string | undefined): string {
	return path.replace(
		REFERENCE,
		(_, macro?: string, braced?: string, plain?: string) => value(macro ?? braced ?? plain ?? "") ?? "",
	);
}

/** Names that a makefile hands to the programs it runs (`export A B`, `export A := x`), continued lines too. */
export function exportedNames(makefile: string): string[] {
	const text = makefile.replace(/\\\n/g, " ");
	return [...text.matchAll(/^[ \t]*export\s+([^\n#]+)/gm)].flatMap(([, rest = ""]) => {
		const assigned = /^([\w-]+)\s*(?:[:?+!]|::)?=/.exec(rest)?.[1];
		return assigned !== undefined ? [assigned] : rest.split(/\s+/).filter((word) => /^[\w-]+$/.test(word));
	});
}

/** Values that a build script gives to a name: `NAME=x`, `export NAME=x`, `NAME := x`; those that need a shell are left out. */
export function assignedValues(text: string, name: string): { value: string; line: number }[] {
	const pattern = new RegExp(`^\\s*(?:export\\s+|local\\s+)?${name}\\s*[:?]?=\\s*(.*?)\\s*$`);
	return text.split("\n").flatMap((line, at) => {
		const raw = line.length > 4096 ? undefined : pattern.exec(line)?.[1];
		const value = raw?.replace(/\s+#.*$/, "").replace(/^(["'])(.*)\1;?$/, "$2");
		return value === undefined || value === "" || /[$`"'\\;|&<>()]/.test(value)
			? []
			: [{ value, line: at + 1 }];
	});
}
