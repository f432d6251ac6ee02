import { lstatSync } from "node:fs";
import { join } from "node:path";
import { type Entry, entriesOf, onDisk } from "../host/files/names.ts";
import { mayBeRewritten } from "../kernel/kbuild/products.ts";

/**
 * Path relative to the folder → "/" and mtime in ns for a folder, "mtime in ns, size, mode" where making a tree ready
 * may rewrite files, "-" for any other file: a whole tree has ninety thousand. Links are listed, never followed.
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

/** Whether a snapshot's status is that of a folder. */
export function isFolder(status: string | undefined): boolean {
	return status?.startsWith("/") === true;
}

function walk(top: string, inner: string, found: Snapshot): void {
	for (const { name, kind } of entries(join(top, inner))) {
		const path = inner === "" ? name : `${inner}/${name}`;
		if (path === ".git" || path === OWN_FOLDER) continue;
		if (kind !== "folder" && !mayBeRewritten(path)) {
			found.set(path, "-");
			continue;
		}
		const status = lstat(`${top}/${path}`);
		if (kind === "folder") {
			found.set(path, `/${status?.mtimeNs ?? ""}`);
			walk(top, path, found);
		} else if (status !== null) {
			found.set(path, `${status.mtimeNs} ${status.size} ${status.mode}`);
		}
	}
}

/** Gone meanwhile, not for this user, or too deep for any path: then it is not kprep's to change either. */
const UNREADABLE = ["ENOENT", "EACCES", "ENAMETOOLONG", "ELOOP"];

function entries(folder: string): Entry[] {
	try {
		return entriesOf(folder);
	} catch (error) {
		if (UNREADABLE.includes((error as NodeJS.ErrnoException).code ?? "")) return [];
		throw error;
	}
}

function lstat(path: string) {
	try {
		return lstatSync(onDisk(path), { bigint: true });
	} catch (error) {
		if (UNREADABLE.includes((error as NodeJS.ErrnoException).code ?? "")) return null;
		throw error;
	}
}
