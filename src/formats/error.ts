/**
 * What is wrong with a binary input. `code` is a stable kebab-case word, `offset` the place in the input in bytes
 * where it was seen. The only error that formats/ throws, whatever the input.
 */
export class FormatError extends Error {
	override readonly name = "FormatError";
	readonly code: string;
	readonly offset: number;

	constructor(code: string, message: string, offset = 0) {
		super(message);
		this.code = code;
		this.offset = offset;
	}
}
