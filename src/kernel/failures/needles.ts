const encoder = new TextEncoder();

/** ASCII that no formatting replaces; quotes come in many shapes. */
const PLAIN = /^[\w#*+./=()!: -]{4}$/;

/**
 * The cheap test before everything else: which lines of a byte stream hold four bytes of some needle. Hashing four
 * bytes at a time costs about as much as copying them, whatever the number of needles.
 */
export class NeedleFilter {
	readonly #marked = new Uint8Array(1 << 16);

	constructor(needles: Iterable<string>) {
		for (const needle of needles) this.#marked[slot(encoder.encode(rarest(needle)), 0)] = 1;
	}

	/** True when bytes[from, to) may hold a needle, or an escape sequence that may stand inside one. */
	test(bytes: Uint8Array, from: number, to: number): boolean {
		const marked = this.#marked;
		let word = 0;
		for (let at = from; at < to; at++) {
			const byte = bytes[at] as number;
			if (byte === 0x1b || byte === 0x9b) return true;
			word = (word << 8) | byte;
			if (marked[Math.imul(word, 0x9e3779b1) >>> 16] === 1 && at >= from + 3) return true;
		}
		return false;
	}
}

function slot(bytes: Uint8Array, at: number): number {
	let word = 0;
	for (let i = 0; i < 4; i++) word = (word << 8) | (bytes[at + i] as number);
	return Math.imul(word, 0x9e3779b1) >>> 16;
}

/** The four letters in a row that stand least often in other text; bytes of other scripts stand as they are. */
function rarest(needle: string): string {
	let best = "";
	let most = Number.NEGATIVE_INFINITY;
	for (let at = 0; at + 4 <= needle.length; at++) {
		const gram = needle.slice(at, at + 4);
		const value = [...gram].reduce((sum, letter) => sum + (WEIGHT[letter] ?? 8), 0);
		if (PLAIN.test(gram) && value > most) [best, most] = [gram, value];
	}
	// No Latin letters: the first characters of its own script.
	if (best === "") best = /[\u0370-\uffff]{2,}/.exec(needle)?.[0] ?? "";
	if (best === "") throw new TypeError(`a needle needs four plain letters in a row: ${needle}`);
	return best;
}

/** How rare a letter is in English text; capitals, digits and signs are rarer than all of these. */
const WEIGHT: Record<string, number> = Object.fromEntries(
	[..." :etaoinsrhldcumfpgwybvkxjqz"].map((letter, place) => [letter, place < 2 ? -20 : place / 4]),
);
