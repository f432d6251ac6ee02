/** What make, kbuild's recipes or a shell take apart or act on, and how a message calls it. */
const NAMES: Readonly<Record<string, string>> = {
	...{
		":": "a colon",
		"'": "a quote",
		'"': "a quote",
		"`": "a backtick",
		$: "a dollar sign",
		";": "a semicolon",
	},
	...{
		"&": "an ampersand",
		"|": "a bar",
		"<": "a bracket",
		">": "a bracket",
		"[": "a bracket",
		"]": "a bracket",
	},
	...{ "{": "a bracket", "}": "a bracket", "(": "a parenthesis", ")": "a parenthesis", "*": "an asterisk" },
	...{ "?": "a question mark", "#": "a hash", "\\": "a backslash" },
};

/** The first character of a path that kbuild does not take as it stands, in words; null when all of it is plain. */
export function unplainIn(path: string): string | null {
	const [found] = UNPLAIN.exec(path) ?? [];
	if (found === undefined) return null;
	if (found === " ") return "a space";
	const code = `U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
	if (/\p{Cc}/u.test(found)) return `a control character (${code})`;
	const name = NAMES[found];
	return name === undefined ? `a space (${code})` : `${name} (${found})`;
}

/** The name of a file or folder with what is plain of it. */
export function plainName(name: string): string {
	return name.split(UNPLAIN).filter(Boolean).join("-").replaceAll(/-{2,}/g, "-") || "linux";
}

const UNPLAIN = /[\s\p{Cc}:'"`$;&|<>[\]{}()*?#\\]/u;
