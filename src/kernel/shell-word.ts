/**
 * One word of a shell, as a person would type it: bare when nothing in it acts, else in single quotes; with control
 * characters, marks that turn the reading direction, or bytes that are no UTF-8 (which stand in paths as lone
 * surrogates) as $'...' of bash, zsh, ksh and busybox, so that it is one line and shows what it is.
 */
export function quoted(word: string): string {
	if (word.search(ACTS) < 0) return posixQuoted(word);
	const text = word
		.replace(/[\\'!]/g, (sign) => (sign === "!" ? "\\041" : `\\${sign}`))
		.replace(ACTS, (sign) =>
			Array.from(bytesOf(sign), (byte) => NAMED[byte] ?? `\\${byte.toString(8).padStart(3, "0")}`).join(""),
		);
	return `$'${text}'`;
}

/** As `quoted`, for any POSIX shell that runs it and that nobody reads: line feeds stay as they are. */
export function posixQuoted(word: string): string {
	return /^(?!~)(?:(?![:=]~)[\w@%+=:,./~-])+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

const ACTS =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is written as codes here
	/[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])/g;

const NAMED: Record<number, string> = { 9: "\\t", 10: "\\n", 13: "\\r" };

/** The bytes of a character; of a lone surrogate that stands for a byte, that byte. */
function bytesOf(sign: string): Uint8Array {
	const code = sign.charCodeAt(0);
	return code >= 0xdc80 && code <= 0xdcff ? Uint8Array.of(code - 0xdc00) : new TextEncoder().encode(sign);
}
