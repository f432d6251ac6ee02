import { latin1 } from "../bytes.ts";

const SLOTS = 4096;
/** Bounds what a file can cost whose million names all begin in one endless text. */
const LONGEST = 1024;

/**
 * Makes each of the texts that recur in thousands of files once. A text keeps its slot until another with the same
 * hash comes, so that inputs made to collide cost no more than new texts.
 */
export class RecurringTexts {
	readonly #texts: string[] = new Array(SLOTS).fill("");

	/** The NUL-terminated text at `start` (Latin-1); null when there is none or it has no end within 1024 bytes. */
	cstring(bytes: Uint8Array, start: number): string | null {
		const most = Math.min(bytes.length, start + LONGEST);
		let hash = 0;
		let end = start;
		for (; end < most && bytes[end] !== 0; end++) hash = (Math.imul(hash, 31) + (bytes[end] as number)) | 0;
		if (end >= most) return null;
		const slot = hash & (SLOTS - 1);
		const known = this.#texts[slot] as string;
		if (known.length === end - start && isAt(known, bytes, start)) return known;
		const text = latin1(bytes, start, end);
		this.#texts[slot] = text;
		return text;
	}
}

function isAt(text: string, bytes: Uint8Array, start: number): boolean {
	for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== bytes[start + at]) return false;
	return true;
}
