import { FormatError } from "../error.ts";

/** Bytes that a decoder writes one after another; never more than `limit`, whatever the input claims. */
export class Output {
	length = 0;
	readonly #limit: number;
	#bytes: Uint8Array;

	/** `expected` bytes are set aside at once, as far as the limit allows. */
	constructor(limit: number, expected = 1 << 20) {
		this.#limit = limit;
		this.#bytes = new Uint8Array(Math.min(limit, expected));
	}

	/** What was written; not copied. */
	get bytes(): Uint8Array {
		return this.#bytes.subarray(0, this.length);
	}

	/** Appends bytes[start, end). Throws FormatError "too-large" beyond the limit. */
	append(bytes: Uint8Array, start = 0, end = bytes.length): void {
		this.#reserve(end - start);
		this.#bytes.set(bytes.subarray(start, end), this.length);
		this.length += end - start;
	}

	/** Repeats `length` bytes that were written `distance` bytes ago; they may overlap. Throws FormatError "bad-distance". */
	repeat(distance: number, length: number): void {
		if (distance < 1 || distance > this.length)
			throw new FormatError("bad-distance", "a match before the beginning", this.length);
		this.#reserve(length);
		const bytes = this.#bytes;
		let to = this.length;
		if (distance >= length) bytes.copyWithin(to, to - distance, to - distance + length);
		else for (let left = length; left > 0; left--, to++) bytes[to] = bytes[to - distance] as number;
		this.length += length;
	}

	#reserve(more: number): void {
		const needed = this.length + more;
		if (needed > this.#limit)
			throw new FormatError("too-large", `decompresses to more than ${this.#limit} bytes`);
		if (needed <= this.#bytes.length) return;
		const grown = new Uint8Array(Math.min(this.#limit, Math.max(needed, this.#bytes.length * 2)));
		grown.set(this.bytes);
		this.#bytes = grown;
	}
}
