import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { KprepError } from "../../errors.ts";

const MIB = 1024 * 1024;

export interface Limits {
	/** The most that may be written, in bytes. */
	bytes: number;
	/** The most that may come out of the decompressor, in bytes. */
	stream: number;
	entries: number;
	/** What the file system keeps for everybody else, in bytes. */
	spare: number;
}

/** Four times a kernel tree with its history of backports: 1.6 GB and 90,000 files in 7.0. */
const LIMITS: Limits = { bytes: 8192 * MIB, stream: 16384 * MIB, entries: 1_000_000, spare: 64 * MIB };
/** How much is written between two looks at the free space. */
const STEP = 32 * MIB;
/** Blocks and names of many small files, beyond their bytes. */
const OVERHEAD = 1.15;

/**
 * Room for what an archive unpacks to: a small one can unpack to more than any disk. Throws KprepError "too-large" when
 * it is more than any tree, and "no-space" before the disk is full.
 */
export class Room {
	readonly #folder: string;
	readonly #limits: Limits;
	#written = 0;
	#streamed = 0;
	#entries = 0;
	#looked = 0;

	constructor(folder: string, limits: Partial<Limits> = {}) {
		this.#folder = folder;
		this.#limits = { ...LIMITS, ...limits };
	}

	/** Before the first byte, when the size of all is known. */
	expect(size: number): void {
		if (size > this.#limits.stream) throw this.#tooLarge(`${size} bytes`);
		this.#require(size * OVERHEAD);
	}

	/** Bytes that came, wanted or not. */
	stream(bytes: number): void {
		this.#streamed += bytes;
		if (this.#streamed > this.#limits.stream) throw this.#tooLarge(`more than ${this.#limits.stream} bytes`);
	}

	entry(): void {
		if (++this.#entries > this.#limits.entries)
			throw this.#tooLarge(`more than ${this.#limits.entries} entries`);
	}

	/** Bytes that are going to be written. */
	take(bytes: number): void {
		this.#written += bytes;
		if (this.#written > this.#limits.bytes) throw this.#tooLarge(`more than ${this.#limits.bytes} bytes`);
		if (this.#written - this.#looked < STEP) return;
		this.#looked = this.#written;
		this.#require(STEP);
	}

	#require(bytes: number): void {
		requireSpace(this.#folder, bytes, this.#limits.spare);
	}

	#tooLarge(found: string): KprepError {
		return new KprepError("missing", "too-large", "the archive unpacks to more than any kernel tree", {
			expected: `at most ${this.#limits.bytes} bytes in ${this.#limits.entries} files`,
			found,
			where: this.#folder,
			suggestions: ["fetch the archive again from a place that you trust"],
		});
	}
}

/** Throws KprepError "no-space" unless the file system of `folder`, which need not be there yet, has room for `bytes` more, and `spare` for everybody else. */
export function requireSpace(folder: string, bytes: number, spare = LIMITS.spare): void {
	let there = folder;
	while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
	const { bavail, bsize } = statfsSync(there);
	const free = bavail * bsize;
	if (free >= bytes + spare) return;
	throw new KprepError("missing", "no-space", "there is too little space to unpack this", {
		expected: `${Math.ceil((bytes + spare) / MIB)} MiB free`,
		found: `${Math.floor(free / MIB)} MiB free`,
		where: folder,
		suggestions: [
			"free some space (df -h), then run the same command again",
			"the same command with --minimal, or with --dest DIR on another disk",
		],
	});
}
