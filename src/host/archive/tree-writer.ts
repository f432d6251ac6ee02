import { closeSync, futimesSync, linkSync, mkdirSync, openSync, symlinkSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { KprepError } from "../../errors.ts";
import type { TarEntry, TarSink } from "../../formats/archive/tar.ts";
import { Room } from "./room.ts";

/** What is taken from an archive; a path is relative to the top of what it unpacks to. */
export type Wanted = (path: string) => boolean;

/** What decides what is done in a tree must come from who works there; -O may make a folder of the tree one. */
const NEVER_BROUGHT = new Set([".kprep", ".kprep.ini", ".git"]);

/**
 * Writes the entries of an archive below a new, private folder, less the one folder at the archive's top. Refuses
 * (KprepError "unsafe-archive") names that are absolute, leave the folder or hold control characters, links that
 * lead outside, devices, .kprep, .kprep.ini and .git, and archives without one folder at the top. Symbolic links are made last, so that no file
 * is ever written through one.
 */
export class TreeWriter implements TarSink {
	readonly #folder: string;
	readonly #wanted: Wanted | null;
	readonly #made = new Set<string>([""]);
	readonly #links = new Map<string, string>();
	#top: string | null = null;
	#open: { descriptor: number; mtime: number } | null = null;
	readonly #room: Room;
	files = 0;

	constructor(folder: string, wanted: Wanted | null, room = new Room(folder)) {
		this.#folder = folder;
		this.#wanted = wanted;
		this.#room = room;
	}

	entry(entry: TarEntry): boolean {
		this.#room.entry();
		const path = this.#inside(entry.path);
		if (entry.type === "device") throw unsafe(entry.path, "a device node");
		if (path === "" && entry.type !== "folder") throw unsafe(entry.path, "it is not below the top folder");
		if (entry.type === "folder") {
			if (this.#wanted === null) this.#folderOf(`${path}/`);
			return false;
		}
		if (this.#wanted !== null && !this.#wanted(path)) return false;
		if (entry.type === "symlink") {
			// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused here
			if (entry.link.startsWith("/") || entry.link === "" || /[\x00-\x1f\x7f]/.test(entry.link))
				throw unsafe(entry.path, `a link to ${JSON.stringify(entry.link)}`);
			this.#links.set(path, entry.link);
			return false;
		}
		if (entry.type === "other") return false;
		try {
			this.#folderOf(path);
			this.#make(entry, join(this.#folder, path));
		} catch (error) {
			throw clash(entry.path, error);
		}
		this.files++;
		return entry.type === "file";
	}

	content(part: Uint8Array): void {
		if (this.#open === null) return;
		this.#room.take(part.length);
		for (let at = 0; at < part.length; ) at += writeSync(this.#open.descriptor, part, at);
	}

	end(): void {
		if (this.#open === null) return;
		const { descriptor, mtime } = this.#open;
		this.#open = null;
		try {
			futimesSync(descriptor, mtime, mtime);
		} finally {
			closeSync(descriptor);
		}
	}

	/** Makes the symbolic links, after every one was followed on paper and found to stay inside. */
	finish(): void {
		for (const [path, link] of this.#links) this.#follow(path, link);
		for (const [path, link] of this.#links) {
			try {
				this.#folderOf(path);
				symlinkSync(link, join(this.#folder, path));
			} catch (error) {
				throw clash(path, error);
			}
			this.files++;
		}
	}

	/** Closes what is open; for the way out after an error. */
	abandon(): void {
		if (this.#open !== null) closeSync(this.#open.descriptor);
		this.#open = null;
	}

	#make(entry: TarEntry, outer: string): void {
		if (entry.type === "hardlink") {
			linkSync(join(this.#folder, this.#inside(entry.link)), outer);
			return;
		}
		// "wx": a second entry of the same name could write through a hard link.
		const descriptor = openSync(outer, "wx", entry.mode & 0o111 ? 0o755 : 0o644);
		this.#open = { descriptor, mtime: entry.mtime };
	}

	#inside(path: string): string {
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused here
		if (/[\x00-\x1f\x7f]/.test(path)) throw unsafe(path, "a control character in its name");
		if (path.startsWith("/")) throw unsafe(path, "an absolute name");
		const parts = path.split("/").filter((part) => part !== "" && part !== ".");
		if (parts.includes("..")) throw unsafe(path, "it leaves the folder");
		const own = parts.slice(1).find((part) => NEVER_BROUGHT.has(part.toLowerCase()));
		if (own !== undefined) throw unsafe(path, `it brings ${own}, which says what kprep and git do there`);
		const [top = ""] = parts;
		if (top === "") return "";
		this.#top ??= top;
		if (this.#top !== top) throw unsafe(path, `a second folder at the top, beside ${this.#top}`);
		return parts.slice(1).join("/");
	}

	#folderOf(path: string): void {
		const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
		if (this.#made.has(folder)) return;
		mkdirSync(join(this.#folder, folder), { recursive: true });
		for (let above = folder; above !== "." && !this.#made.has(above); above = dirname(above))
			this.#made.add(above);
	}

	/** Walks a link part by part, other links of the archive included; going above the top is refused. */
	#follow(path: string, link: string): void {
		const done = path.split("/").slice(0, -1);
		const pending = link.split("/");
		let links = 0;
		for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
			if (part === "" || part === ".") continue;
			if (part === "..") {
				if (done.pop() === undefined) throw unsafe(path, `a link to ${link}, outside of the folder`);
				continue;
			}
			done.push(part);
			const further = this.#links.get(done.join("/"));
			if (further === undefined) continue;
			if (++links > 40) return;
			done.pop();
			pending.unshift(...further.split("/"));
		}
	}
}

/** A name that comes twice, or as a file and a folder, or a hard link to what is not there. */
function clash(path: string, error: unknown): unknown {
	const { code = "" } = error as NodeJS.ErrnoException;
	return ["EEXIST", "ENOTDIR", "EISDIR", "ENOENT"].includes(code)
		? unsafe(path, `a name that clashes with another (${code})`)
		: error;
}

function unsafe(path: string, why: string): KprepError {
	return new KprepError("missing", "unsafe-archive", `the archive is refused: ${why}`, {
		expected: "one folder with files and links that stay inside it",
		found: JSON.stringify(path),
		suggestions: ["fetch the archive again from a place that you trust"],
	});
}
