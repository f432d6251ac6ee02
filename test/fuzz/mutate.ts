/** A generator of 32-bit numbers that gives the same series for the same seed (mulberry32). */
function random(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return (mixed ^ (mixed >>> 14)) >>> 0;
	};
}

/** Numbers at which sizes, offsets and counts go wrong. */
const EDGES = [0, 1, 4, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];
const LONGEST = 1 << 16;

type Mutation = (bytes: Uint8Array, next: () => number, seeds: readonly Uint8Array[]) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
	(bytes, next) =>
		edited(bytes, next() % bytes.length, [(bytes[next() % bytes.length] ?? 0) ^ (1 << (next() % 8))]),
	(bytes, next) => edited(bytes, next() % bytes.length, [next() & 255]),
	(bytes, next) => number(bytes, next, 4),
	(bytes, next) => number(bytes, next, 2),
	(bytes, next) => number(bytes, next, 8),
	(bytes, next) => bytes.slice(0, next() % bytes.length),
	(bytes, next) => {
		const [from, to] = range(bytes, next);
		return joined(bytes.subarray(0, from), bytes.subarray(to));
	},
	(bytes, next) => {
		const [from, to] = range(bytes, next);
		return joined(bytes.subarray(0, to), bytes.subarray(from, to), bytes.subarray(to));
	},
	(bytes, next) => {
		const [from, to] = range(bytes, next);
		return edited(bytes, next() % bytes.length, bytes.subarray(from, to));
	},
	(bytes, next, seeds) => {
		const other = seeds[next() % seeds.length] as Uint8Array;
		return joined(bytes.subarray(0, next() % bytes.length), other.subarray(next() % (other.length + 1)));
	},
	(bytes, next) => {
		const [from, to] = range(bytes, next);
		return edited(bytes, from, new Uint8Array(to - from).fill(EDGES[next() % EDGES.length] as number));
	},
];

/** Input `index` of the series `seed` over `seeds`: the same three always give the same bytes. */
export function mutant(seeds: readonly Uint8Array[], seed: number, index: number): Uint8Array {
	const next = random(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
	let bytes = Uint8Array.from(seeds[next() % seeds.length] as Uint8Array);
	for (let left = 1 + (next() % 6); left > 0 && bytes.length > 0; left--) {
		const mutation = MUTATIONS[next() % MUTATIONS.length] as Mutation;
		bytes = mutation(bytes, next, seeds).slice(0, LONGEST);
	}
	return bytes;
}

function number(bytes: Uint8Array, next: () => number, width: number): Uint8Array {
	const edge = EDGES[next() % EDGES.length] as number;
	const value = BigInt(next() % 4 === 0 ? next() % (2 * bytes.length) : edge);
	const big = next() % 4 === 0;
	const digits = Array.from({ length: width }, (_, at) => Number((value >> BigInt(8 * at)) & 255n));
	return edited(
		bytes,
		(next() % bytes.length) & ~(next() % 2 === 0 ? width - 1 : 0),
		big ? digits.reverse() : digits,
	);
}

function range(bytes: Uint8Array, next: () => number): [from: number, to: number] {
	const from = next() % bytes.length;
	return [from, Math.min(bytes.length, from + 1 + (next() % (next() % 2 === 0 ? 16 : bytes.length)))];
}

function edited(bytes: Uint8Array, at: number, part: ArrayLike<number>): Uint8Array {
	const copy = bytes.slice();
	for (let index = 0; index < part.length && at + index < copy.length; index++)
		copy[at + index] = part[index] as number;
	return copy;
}

function joined(...parts: Uint8Array[]): Uint8Array {
	return new Uint8Array(Buffer.concat(parts));
}
