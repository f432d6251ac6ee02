const [TAB, NEWLINE, CARRIAGE_RETURN] = [9, 10, 13];

/** What a row of Module.symvers begins with. */
export interface Row {
	crc: string;
	symbol: string;
}

/**
 * The rows (CRC and symbol) of one Module.symvers, to be looked for in another one that is read part by part: neither
 * is ever decoded or cut into objects, so that a table of hundreds of megabytes costs little more than its bytes.
 */
export class WantedRows {
	/** Lines that are not empty. */
	readonly count: number;
	readonly #bytes: Uint8Array;
	/** Where each row begins, and where its second tab is. */
	readonly #starts: Uint32Array;
	readonly #ends: Uint32Array;
	readonly #found: Uint8Array;
	/** Buckets of rows (numbers from 1) by the hash of their beginning, chained. */
	readonly #heads: Uint32Array;
	readonly #next: Uint32Array;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
		this.count = countRows(bytes);
		this.#starts = new Uint32Array(this.count);
		this.#ends = new Uint32Array(this.count);
		this.#found = new Uint8Array(this.count);
		this.#next = new Uint32Array(this.count);
		this.#heads = new Uint32Array(2 ** Math.ceil(Math.log2(this.count + 2)));
		let row = 0;
		eachRow(bytes, (start, end) => {
			this.#starts[row] = start;
			this.#ends[row] = end;
			const bucket = this.#bucket(bytes, start, end);
			this.#next[row] = this.#heads[bucket] as number;
			this.#heads[bucket] = ++row;
		});
	}

	/** Notes which rows are among these whole lines of the other table. */
	look(lines: Uint8Array): void {
		eachRow(lines, (start, end) => {
			let row = this.#heads[this.#bucket(lines, start, end)] as number;
			for (; row !== 0; row = this.#next[row - 1] as number)
				if (this.#equals(row - 1, lines, start, end)) this.#found[row - 1] = 1;
		});
	}

	/** The first row that was not seen; null when all were. */
	missing(): Row | null {
		const row = this.#found.indexOf(0);
		return row === -1 ? null : rowAt(this.#bytes, this.#starts[row] as number, this.#ends[row] as number);
	}

	#bucket(bytes: Uint8Array, start: number, end: number): number {
		// FNV-1a.
		let hash = 0x811c9dc5;
		for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
		return (hash >>> 0) & (this.#heads.length - 1);
	}

	#equals(row: number, bytes: Uint8Array, start: number, end: number): boolean {
		const own = this.#starts[row] as number;
		if ((this.#ends[row] as number) - own !== end - start) return false;
		for (let at = start; at < end; at++) if (bytes[at] !== this.#bytes[own + at - start]) return false;
		return true;
	}
}

/** The last row of `symbol` among these whole lines; null when there is none. */
export function rowOf(symbol: string, lines: Uint8Array): Row | null {
	let found: Row | null = null;
	const needle = Buffer.from(`\t${symbol}`, "latin1");
	const text = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
	for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) {
		const start = text.lastIndexOf(NEWLINE, at) + 1;
		eachRow(text.subarray(start, lineEnd(text, at)), (from, to) => {
			const row = rowAt(text.subarray(start), from, to);
			if (row.symbol === symbol) found = row;
		});
	}
	return found;
}

/** Lines that are not empty. */
export function countRows(bytes: Uint8Array): number {
	let count = 0;
	eachLine(bytes, () => count++);
	return count;
}

function rowAt(bytes: Uint8Array, start: number, end: number): Row {
	const [crc = "", symbol = ""] = Buffer.from(bytes.subarray(start, end)).toString("latin1").split("\t");
	return { crc, symbol };
}

/** Each line's beginning and the end of its first two fields. */
function eachRow(bytes: Uint8Array, visit: (start: number, end: number) => void): void {
	eachLine(bytes, (start, end) => {
		const first = bytes.indexOf(TAB, start);
		const second = first === -1 ? -1 : bytes.indexOf(TAB, first + 1);
		visit(start, second === -1 || second > end ? end : second);
	});
}

function eachLine(bytes: Uint8Array, visit: (start: number, end: number) => void): void {
	for (let start = 0; start < bytes.length; ) {
		const newline = lineEnd(bytes, start);
		const end = bytes[newline - 1] === CARRIAGE_RETURN ? newline - 1 : newline;
		if (end > start) visit(start, end);
		start = newline + 1;
	}
}

function lineEnd(bytes: Uint8Array, from: number): number {
	const at = bytes.indexOf(NEWLINE, from);
	return at === -1 ? bytes.length : at;
}
