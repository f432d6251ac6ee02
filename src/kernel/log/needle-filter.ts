import { rarestFour } from "./rare-text.ts";

const encoder = new TextEncoder();

/** Of the hash: with some thousand needles, so many slots that chance marks hardly a line. Half a MiB of bits. */
const BITS = 22;

/** ASCII that no formatting replaces; quotes come in many shapes. */
const PLAIN = /^[\w#*+./=()!:[\] -]{4}$/;

/**
 * The cheap test before everything else: which lines of a byte stream hold four bytes of some needle. Hashing four
 * bytes at a time costs about as much as copying them, whatever the number of needles.
 */
export class NeedleFilter {
	/** A bit a slot. */
	readonly #marked = new Uint32Array(1 << (BITS - 5));

	constructor(needles: Iterable<string>) {
		for (const needle of needles) {
			const at = slot(encoder.encode(rarest(needle)), 0);
			this.#marked[at >>> 5] = (this.#marked[at >>> 5] as number) | (1 << (at & 31));
		}
	}

	/** True when bytes[from, to) may hold a needle, or an escape sequence that may stand inside one. */
	test(bytes: Uint8Array, from: number, to: number): boolean {
		const marked = this.#marked;
		let word = 0;
		for (let at = from; at < to; at++) {
			const byte = bytes[at] as number;
			if (byte === 0x1b || byte === 0x9b) return true;
			word = (word << 8) | byte;
			const place = Math.imul(word, 0x9e3779b1) >>> (32 - BITS);
			if (((marked[place >>> 5] as number) >>> (place & 31)) & 1 && at >= from + 3) return true;
		}
		return false;
	}
}

function slot(bytes: Uint8Array, at: number): number {
	let word = 0;
	for (let i = 0; i < 4; i++) word = (word << 8) | (bytes[at + i] as number);
	return Math.imul(word, 0x9e3779b1) >>> (32 - BITS);
}

/** The four letters that stand for a needle; of a needle in another script, its first characters. */
function rarest(needle: string): string {
	const at = rarestFour(needle, (four) => PLAIN.test(four));
	const chosen = at < 0 ? (/[\u0370-\uffff]{2,}/.exec(needle)?.[0] ?? "") : needle.slice(at, at + 4);
	if (chosen === "") throw new TypeError(`a needle needs four plain letters in a row: ${needle}`);
	return chosen;
}
