import { type Dirent, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { mayBeRewritten } from "../kernel/kbuild/products.ts";

/**
 * Path relative to the folder → "/" for a folder, "mtime in ms, size, mode" where making a tree ready may rewrite
 * files, "-" for any other file: a whole tree has ninety thousand. Links are listed, never followed.
 */
export type Snapshot = Map<string, string>;

/** kprep's own folder in objtree. */
export const OWN_FOLDER = ".kprep";

/** Lists everything below `folder` but .git and kprep's own folder. */
export function takeSnapshot(folder: string): Snapshot {
	const found: Snapshot = new Map();
	walk(folder, "", found);
	return found;
}

function walk(top: string, inner: string, found: Snapshot): void {
	for (const entry of entriesOf(join(top, inner))) {
		const path = inner === "" ? entry.name : `${inner}/${entry.name}`;
		if (path === ".git" || path === OWN_FOLDER) continue;
		if (entry.isDirectory()) {
			found.set(path, "/");
			walk(top, path, found);
		} else if (mayBeRewritten(path)) {
			const { mtimeMs, size, mode } = lstatSync(`${top}/${path}`);
			found.set(path, `${mtimeMs} ${size} ${mode}`);
		} else {
			found.set(path, "-");
		}
	}
}

function entriesOf(folder: string): Dirent[] {
	try {
		return readdirSync(folder, { withFileTypes: true });
	} catch (error) {
		if (["ENOENT", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
		throw error;
	}
}
