/** Foreign text (releases, paths, log lines) for a terminal: every run of control characters becomes one space. */
export function printable(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed here
	return text.replace(/[\x00-\x1f\x7f-\x9f]+/g, " ");
}
