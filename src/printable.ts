// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is made visible here
const ACTS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Foreign text (releases, paths, log lines) as one line for a terminal: line breaks and tabs become spaces, so that no
 * text can look like lines of a report, and what would act on the terminal is shown as its code.
 */
export function printable(text: string): string {
	return visible(text.replace(/[\t\n\r]+/g, " "));
}

/**
 * Text with every control character as its code: \x1b, \x9b; Unicode's marks that turn the reading direction as
 * \u202e (they make a text look like another one). Line feeds and tabs stay.
 */
export function visible(text: string): string {
	return text.replace(ACTS, (sign) => {
		const code = sign.charCodeAt(0);
		return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
	});
}
