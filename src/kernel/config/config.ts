/**
 * A kernel .config as a map: symbol without CONFIG_ → value as written (`y`, `m`, `250`, `0x1000`, `"text"`),
 * and `n` for `# CONFIG_X is not set`. A symbol that is absent was not visible when the file was made.
 */
export type Config = ReadonlyMap<string, string>;

const ASSIGNED = /^CONFIG_(\w+)=(.*)$/;
const NOT_SET = " is not set";
const UNSET = /^# CONFIG_(\w+) is not set$/;

/**
 * Reads .config text, CRLF accepted. Lines of any other form (comments, damage) are passed over; the last of
 * repeated symbols wins, as in kconfig (scripts/kconfig/confdata.c).
 */
export function parseConfig(text: string): Config {
	const symbols = new Map<string, string>();
	// Parsed by position: two configurations of ten thousand lines are read on every verify.
	for (let start = 0, end = 0; start < text.length; start = end + 1) {
		end = text.indexOf("\n", start);
		if (end === -1) end = text.length;
		const last = text[end - 1] === "\r" ? end - 1 : end;
		if (text.startsWith("CONFIG_", start)) {
			const equals = text.indexOf("=", start);
			if (equals === -1 || equals >= last) continue;
			const symbol = text.slice(start + 7, equals);
			if (/^\w+$/.test(symbol)) symbols.set(symbol, text.slice(equals + 1, last));
		} else if (
			text.startsWith("# CONFIG_", start) &&
			text.startsWith(NOT_SET, last - NOT_SET.length) &&
			last - start > 9 + NOT_SET.length
		) {
			const symbol = text.slice(start + 9, last - NOT_SET.length);
			if (/^\w+$/.test(symbol)) symbols.set(symbol, "n");
		}
	}
	return symbols;
}

/** Whether text can be a kernel's whole configuration: twenty symbols at least, and no NUL bytes. */
export function looksLikeConfig(text: string): boolean {
	if (text.includes("\0")) return false;
	let count = 0;
	for (const _ of text.matchAll(/^(?:CONFIG_\w+=|# CONFIG_\w+ is not set)/gm)) if (++count >= 20) return true;
	return false;
}

/** `y` or `m` means on. */
export function isOn(config: Config, symbol: string): boolean {
	const value = config.get(symbol);
	return value === "y" || value === "m";
}

/** The text of a string symbol without its quotes and escapes; undefined when the symbol is absent or not a string. */
export function stringOf(config: Config, symbol: string): string | undefined {
	const value = config.get(symbol);
	if (value === undefined || !value.startsWith('"') || !value.endsWith('"') || value.length < 2)
		return undefined;
	return value.slice(1, -1).replace(/\\(["\\])/g, "$1");
}

/** A string value as kconfig writes it. */
export function quoteConfig(text: string): string {
	return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * The text with some symbols set to other values (`n` writes "is not set"); absent ones are added at the end,
 * everything else stays byte for byte.
 */
export function editConfig(text: string, changes: ReadonlyMap<string, string>): string {
	const missing = new Map(changes);
	const lines = text.split("\n").map((line) => {
		const clean = line.endsWith("\r") ? line.slice(0, -1) : line;
		const symbol = ASSIGNED.exec(clean)?.[1] ?? UNSET.exec(clean)?.[1];
		const value = symbol === undefined ? undefined : changes.get(symbol);
		if (symbol === undefined || value === undefined) return line;
		missing.delete(symbol);
		return configLine(symbol, value) + line.slice(clean.length);
	});
	if (missing.size > 0) {
		const last = lines.at(-1) === "" ? lines.pop() : undefined;
		for (const [symbol, value] of missing) lines.push(configLine(symbol, value));
		if (last !== undefined) lines.push("");
	}
	return lines.join("\n");
}

function configLine(symbol: string, value: string): string {
	return value === "n" ? `# CONFIG_${symbol} is not set` : `CONFIG_${symbol}=${value}`;
}
