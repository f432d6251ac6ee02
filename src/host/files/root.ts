import {
	type Dirent,
	existsSync,
	lstatSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	type Stats,
	statSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute, join, normalize, relative, resolve, sep } from "node:path";
import { KprepError } from "../../errors.ts";

const MOST_LINKS = 40;

/**
 * A folder that stands for `/`: the real one, or a sysroot. Symbolic links are followed inside it, absolute ones
 * too, as chroot would; `..` stops at its top. Paths given and returned by `inside` start with `/`.
 */
export class Root {
	/** Absolute path of the folder on this machine. */
	readonly folder: string;

	constructor(folder = "/") {
		this.folder = resolve(folder);
	}

	get isHost(): boolean {
		return this.folder === "/";
	}

	/** The path on this machine of `path` inside the root, all links resolved; null when something on the way is missing. */
	real(path: string): string | null {
		const inside = this.#walk(path);
		return inside === null ? null : this.#outer(inside);
	}

	/** `real`, or the plain joined path when nothing is there: for messages, and to test for absence. */
	outer(path: string): string {
		return this.real(path) ?? this.#outer(normalize(`/${path}`));
	}

	/** The path as seen from inside the root, for a path on this machine; null when it lies outside. */
	inside(outer: string): string | null {
		const path = relative(this.folder, outer);
		return path.startsWith("..") || isAbsolute(path) ? null : `/${path}`;
	}

	exists(path: string): boolean {
		return this.real(path) !== null;
	}

	/** Status of what `path` leads to, links followed; null when it is not there. */
	stat(path: string): Stats | null {
		const real = this.real(path);
		return real === null ? null : (statSync(real, { throwIfNoEntry: false }) ?? null);
	}

	/** Names in the folder, sorted; empty when it is not there or not a folder. */
	list(path: string): string[] {
		const real = this.real(path);
		if (real === null || !statSync(real).isDirectory()) return [];
		return readdirSync(real).sort();
	}

	/** Entries of the folder; empty when it is not there. */
	entries(path: string): Dirent[] {
		const real = this.real(path);
		return real === null ? [] : readdirSync(real, { withFileTypes: true });
	}

	/** Whole file as text (UTF-8), at most `limit` bytes; null when it is not there. */
	text(path: string, limit = 64 * 1024 * 1024): string | null {
		const real = this.real(path);
		if (real === null || !existsSync(real)) return null;
		const { size } = statSync(real);
		if (size > limit)
			throw new KprepError("missing", "too-large", `${real} is too large to be what it should be`, {
				expected: `at most ${limit} bytes`,
				found: `${size} bytes`,
			});
		return readFileSync(real, "utf8");
	}

	async bytes(path: string): Promise<Uint8Array | null> {
		const real = this.real(path);
		return real === null ? null : readFile(real);
	}

	#outer(inside: string): string {
		return this.isHost ? inside : join(this.folder, inside);
	}

	/** Resolves links one part at a time, never leaving the root. */
	#walk(path: string): string | null {
		const pending = normalize(`/${path}`).split(sep).filter(Boolean);
		const done: string[] = [];
		let links = 0;
		while (pending.length > 0) {
			const part = pending.shift() as string;
			if (part === ".") continue;
			if (part === "..") {
				done.pop();
				continue;
			}
			const outer = this.#outer(`/${[...done, part].join("/")}`);
			const status = lstatSync(outer, { throwIfNoEntry: false });
			if (status === undefined) return null;
			if (!status.isSymbolicLink()) {
				done.push(part);
				continue;
			}
			if (++links > MOST_LINKS) return null;
			const link = readlinkSync(outer);
			if (isAbsolute(link)) done.length = 0;
			pending.unshift(...link.split(sep).filter(Boolean));
		}
		return `/${done.join("/")}`;
	}
}
