import {
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
	utimesSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { ownedByCaller } from "../host/files/trust.ts";
import { cacheFolder } from "../host/machine/cache.ts";
import { type Entry, readEntry, writeEntry } from "./entry.ts";
import type { Manifest } from "./manifest.ts";

/** Entries of one kind. Each is a folder NEAR-KEY: those of the same NEAR can serve as a beginning for one another. */
export class Shelf {
	readonly #own: string;
	readonly #others: string[];

	/** `others`: places that are only read, such as a team's. */
	constructor(kind: string, others: readonly string[] = []) {
		this.#own = join(cacheFolder(), "store", kind);
		this.#others = others.map((folder) => join(resolve(folder), kind));
	}

	/** The entry of exactly this key. A damaged one of the user's own is removed. */
	find(near: string, key: string): Entry | null {
		const name = `${near}-${key}`;
		for (const place of [this.#own, ...this.#others]) {
			const folder = join(place, name);
			if (!existsSync(folder)) continue;
			const entry = readEntry(folder, key, this.#ownerOf(place));
			if (entry !== null) {
				this.#used(folder);
				return entry;
			}
			this.discard(folder);
		}
		return null;
	}

	/** The entry that was used last of those that begin alike; null when there is none. */
	near(near: string): Entry | null {
		const found = [this.#own, ...this.#others].flatMap((place) =>
			namesIn(place)
				.filter((name) => name.startsWith(`${near}-`))
				.map((name) => ({ place, name, time: statSync(join(place, name)).mtimeMs })),
		);
		for (const { place, name } of found.sort((a, b) => b.time - a.time)) {
			const entry = readEntry(join(place, name), name.slice(near.length + 1), this.#ownerOf(place));
			if (entry !== null) return entry;
		}
		return null;
	}

	/** Keeps these files of `from`; a rival that was first wins. Then the oldest entries go until the rest fits. */
	keep(
		near: string,
		key: string,
		from: string,
		folders: Manifest["folders"],
		paths: readonly string[],
	): void {
		const folder = join(this.#own, `${near}-${key}`);
		if (existsSync(folder)) return;
		const staging = join(this.#own, `.new-${process.pid}-${key}`);
		rmSync(staging, { recursive: true, force: true });
		mkdirSync(join(staging, "files"), { recursive: true });
		try {
			writeEntry(staging, from, { key, folders }, paths);
			renameSync(staging, folder);
		} catch (error) {
			if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
		} finally {
			rmSync(staging, { recursive: true, force: true });
		}
		this.#prune();
	}

	/** Removes an entry that turned out to be damaged, when it is the user's own. */
	discard(folder: string): void {
		if (folder.startsWith(`${this.#own}/`) && ownedByCaller(folder).ok)
			rmSync(folder, { recursive: true, force: true });
	}

	#used(folder: string): void {
		try {
			utimesSync(folder, new Date(), new Date());
		} catch {
			// A place that is only read keeps its times.
		}
	}

	/** Who owns a place that the user named may own its entries too. */
	#ownerOf(place: string): number | null {
		return place === this.#own ? null : (lstatSync(place, { throwIfNoEntry: false })?.uid ?? null);
	}

	#prune(): void {
		const entries = namesIn(this.#own).map((name) => {
			const folder = join(this.#own, name);
			return { folder, time: statSync(folder).mtimeMs };
		});
		const old = entries.sort((a, b) => b.time - a.time).slice(MOST_ENTRIES);
		for (const { folder } of old) rmSync(folder, { recursive: true, force: true });
	}
}

/** About 25 MB each. */
const MOST_ENTRIES = 64;

function namesIn(place: string): string[] {
	return existsSync(place) ? readdirSync(place).filter((name) => !name.startsWith(".")) : [];
}
