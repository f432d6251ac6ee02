import { type ByteSource, Fields, find, latin1, part } from "../../bytes.ts";
import { FormatError } from "../../error.ts";

/** Where the value of a property lies in the file; values may be whole kernels, so they are not held. */
export interface Property {
	offset: number;
	size: number;
}

export interface FdtNode {
	name: string;
	properties: Map<string, Property>;
	children: FdtNode[];
}

export const FDT_MAGIC = "\xd0\x0d\xfe\xed";
const [BEGIN, END_NODE, PROPERTY, NOP, END] = [1, 2, 3, 4, 9];
const DEEPEST = 16;
const MOST_TOKENS = 50_000;
const LARGEST_STRINGS = 1 << 20;
const LONGEST_NAME = 256;

/**
 * The root of a flattened device tree (Devicetree Specification, chapter 5), with what it holds as places in the file.
 * Throws FormatError ("not-fdt", "bad-fdt", "truncated").
 */
export function readFdt(source: ByteSource): FdtNode {
	const header = new Fields(part(source, 0, 40), false);
	if (latin1(header.bytes, 0, 4) !== FDT_MAGIC)
		throw new FormatError("not-fdt", "not a flattened device tree");
	const [, , struct, names] = [0, 4, 8, 12].map((at) => header.u32(at)) as [number, number, number, number];
	const namesSize = Math.min(header.u32(32), source.size - names);
	if (namesSize < 0 || namesSize > LARGEST_STRINGS)
		throw new FormatError("bad-fdt", "the names of the device tree lie outside of it", 12);
	const reader = new Reader(source, struct, part(source, names, namesSize));
	return reader.root();
}

class Reader {
	readonly #source: ByteSource;
	readonly #names: Uint8Array;
	#at: number;
	#tokens = 0;

	constructor(source: ByteSource, at: number, names: Uint8Array) {
		this.#source = source;
		this.#at = at;
		this.#names = names;
	}

	root(): FdtNode {
		let token = this.#token();
		while (token === NOP) token = this.#token();
		if (token !== BEGIN) throw new FormatError("bad-fdt", "the device tree begins with no node", this.#at);
		return this.#node(0);
	}

	#node(depth: number): FdtNode {
		if (depth > DEEPEST) throw new FormatError("bad-fdt", "nodes within nodes without end", this.#at);
		const node: FdtNode = { name: this.#name(), properties: new Map(), children: [] };
		for (;;) {
			const token = this.#token();
			if (token === END_NODE) return node;
			if (token === BEGIN) node.children.push(this.#node(depth + 1));
			else if (token === PROPERTY) this.#property(node);
			else if (token !== NOP)
				throw new FormatError("bad-fdt", token === END ? "a node has no end" : "an unknown token", this.#at);
		}
	}

	#property(node: FdtNode): void {
		const fields = new Fields(part(this.#source, this.#at, 8), false);
		const [size, nameAt] = [fields.u32(0), fields.u32(4)];
		const offset = this.#at + 8;
		if (offset + size > this.#source.size)
			throw new FormatError("truncated", "a property goes beyond the end of the file", this.#at);
		const end = this.#names.indexOf(0, nameAt);
		if (end < 0) throw new FormatError("bad-fdt", "a property without a name", this.#at);
		node.properties.set(latin1(this.#names, nameAt, Math.min(end, nameAt + LONGEST_NAME)), { offset, size });
		this.#at = offset + Math.ceil(size / 4) * 4;
	}

	#token(): number {
		if (++this.#tokens > MOST_TOKENS)
			throw new FormatError("bad-fdt", "too many nodes and properties", this.#at);
		const token = new Fields(part(this.#source, this.#at, 4), false).u32(0);
		this.#at += 4;
		return token;
	}

	/** NUL-terminated, padded to four bytes. */
	#name(): string {
		const bytes = part(this.#source, this.#at, Math.min(LONGEST_NAME, this.#source.size - this.#at));
		const length = find(bytes, "\0");
		if (length < 0) throw new FormatError("bad-fdt", "a node's name has no end", this.#at);
		this.#at += Math.ceil((length + 1) / 4) * 4;
		return latin1(bytes, 0, length);
	}
}
