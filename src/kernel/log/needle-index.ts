import { rarestFour } from "./rare-text.ts";

const SLOTS = 1 << 16;

/**
 * Which of many fixed texts stand in a line, found in one pass over the line: four characters of each needle are hashed,
 * and only needles whose four characters occur are compared. A value with several needles is found once.
 */
export class NeedleIndex<T> {
	readonly #slots = new Uint16Array(SLOTS);
	readonly #lists: Item<T>[][] = [[]];
	/** Too short to be hashed: always compared. */
	readonly #short: { needle: string; value: T }[] = [];

	constructor(items: Iterable<{ needle: string; value: T }>) {
		for (const item of items) {
			const { needle } = item;
			if (needle.length < 4) {
				this.#short.push(item);
				continue;
			}
			const at = rarestFour(needle);
			const slot = hash(
				needle.charCodeAt(at),
				needle.charCodeAt(at + 1),
				needle.charCodeAt(at + 2),
				needle.charCodeAt(at + 3),
			);
			const list = this.#slots[slot] as number;
			const placed = { ...item, at };
			if (list > 0) this.#lists[list]?.push(placed);
			else {
				this.#slots[slot] = this.#lists.length;
				this.#lists.push([placed]);
			}
		}
	}

	/** The values whose needle is in `text`, each once. */
	find(text: string): Set<T> {
		const found = new Set<T>();
		for (const { needle, value } of this.#short) if (text.includes(needle)) found.add(value);
		let [a, b, c] = [text.charCodeAt(0), text.charCodeAt(1), text.charCodeAt(2)];
		for (let end = 3; end < text.length; end++) {
			const d = text.charCodeAt(end);
			const list = this.#slots[hash(a, b, c, d)] as number;
			if (list > 0)
				for (const { needle, value, at } of this.#lists[list] as Item<T>[])
					if (text.startsWith(needle, end - 3 - at) && end - 3 >= at) found.add(value);
			a = b;
			b = c;
			c = d;
		}
		return found;
	}
}

/** A needle, and where in it the four hashed characters stand. */
interface Item<T> {
	needle: string;
	value: T;
	at: number;
}

function hash(a: number, b: number, c: number, d: number): number {
	return (
		(Math.imul(a, 0x9e3779b1) ^
			Math.imul(b, 0x85ebca6b) ^
			Math.imul(c, 0xc2b2ae35) ^
			Math.imul(d, 0x27d4eb2f)) >>>
		16
	);
}
