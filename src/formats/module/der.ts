import { Fields } from "../bytes.ts";
import { FormatError } from "../error.ts";

/** One element of DER: its tag byte and content. */
export interface DerElement {
	tag: number;
	content: Uint8Array;
}

/** The elements that follow one another in `bytes` (ITU-T X.690, definite lengths only). Throws FormatError. */
export function* derElements(bytes: Uint8Array): Generator<DerElement> {
	const fields = new Fields(bytes, false);
	let at = 0;
	while (at < bytes.length) {
		const tag = fields.u8(at);
		let length = fields.u8(at + 1);
		let start = at + 2;
		if (length & 0x80) {
			const digits = length & 0x7f;
			if (digits === 0 || digits > 4)
				throw new FormatError("bad-der", "a length of no definite size", at + 1);
			length = 0;
			for (let digit = 0; digit < digits; digit++) length = length * 256 + fields.u8(start + digit);
			start += digits;
		}
		yield { tag, content: fields.slice(start, length) };
		at = start + length;
	}
}

/** The elements inside a constructed element. Throws FormatError "bad-der" when there is none. */
export function derChildren(element: DerElement | undefined): DerElement[] {
	if (element === undefined) throw new FormatError("bad-der", "an expected element is absent");
	return Array.from(derElements(element.content));
}

/** Dotted text of an object identifier's content. */
export function objectIdentifier(content: Uint8Array): string {
	const [first = 0, ...rest] = content;
	const numbers = [Math.min(2, Math.floor(first / 40)), first - 40 * Math.min(2, Math.floor(first / 40))];
	let value = 0;
	for (const byte of rest) {
		value = (value * 128 + (byte & 0x7f)) % Number.MAX_SAFE_INTEGER;
		if (byte & 0x80) continue;
		numbers.push(value);
		value = 0;
	}
	return numbers.join(".");
}
