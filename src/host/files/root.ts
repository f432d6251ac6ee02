import { type Dirent, existsSync, lstatSync, readdirSync, readlinkSync, type Stats, statSync } from "node:fs";
import { isAbsolute, join, normalize, relative, resolve, sep } from "node:path";
import { KprepError } from "../../errors.ts";
import { readRegular } from "./regular.ts";

const MOST_LINKS = 40;
const LARGEST = 1024 * 1024 * 1024;

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

	/**
	 * Where `path` is or would be made: links of what is there resolved inside the root, what is missing as it stands. So
	 * nothing that is made there leaves the root. Throws KprepError "link-loop".
	 */
	place(path: string): string {
		const inside = this.#walk(path, true);
		if (inside !== null) return this.#outer(inside);
		throw new KprepError("missing", "link-loop", `a loop of symbolic links: ${path}`, { where: this.folder });
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

	/** Whole file as text (UTF-8); null when it is not there. Throws "not-a-file", and "too-large" beyond `limit` bytes. */
	text(path: string, limit = 64 * 1024 * 1024): string | null {
		const real = this.real(path);
		return real === null || !existsSync(real) ? null : readRegular(real, { limit }).toString("utf8");
	}

	async bytes(path: string): Promise<Uint8Array | null> {
		const real = this.real(path);
		return real === null ? null : readRegular(real, { limit: LARGEST });
	}

	#outer(inside: string): string {
		return this.isHost ? inside : join(this.folder, inside);
	}

	/** Resolves links one part at a time, never leaving the root. null: a loop, or something is missing and not to be made. */
	#walk(path: string, toMake = false): string | null {
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
			if (status === undefined && !toMake) return null;
			if (!status?.isSymbolicLink()) {
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
