import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmdirSync,
	rmSync,
	symlinkSync,
	utimesSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { writeAtomically } from "../host/files/files.ts";
import { isProduct } from "../kernel/kbuild/products.ts";
import { refuseFoldersOutside } from "./inside.ts";
import { type Journal, journalFolder, type Original, readBefore, readJournal } from "./journal.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";

/** What undo did; paths relative to objtree. */
export interface Undone {
	restored: string[];
	removed: string[];
	/** Came after the sync, and neither kprep nor make made them: left alone. */
	kept: string[];
	/** Changed by make without a copy having been kept. */
	lost: string[];
}

/**
 * Puts objtree back as it was before the first sync: originals restored byte for byte with mode and times, what kprep
 * and make created removed. Can be interrupted and run again: the journal goes last. null when there is no journal.
 * The caller holds the lock.
 */
export async function undo(objtree: string): Promise<Undone | null> {
	const journal = readJournal(objtree);
	if (journal === null) {
		// Cut off before the journal was begun, when nothing had been changed yet.
		rmSync(journalFolder(objtree), { recursive: true, force: true });
		return null;
	}
	const before = readBefore(objtree);
	refuseFoldersOutside(
		objtree,
		Object.keys(journal.originals).map((path) => join(objtree, path)),
	);
	const { removed, kept } = removeMade(objtree, journal, before);
	const restored: string[] = [];
	for (const [path, original] of Object.entries(journal.originals)) {
		if (await restore(objtree, path, original)) restored.push(path);
		else if (original.kind === "absent" && !removed.includes(path)) removed.push(path);
	}
	removeEmptyFolders(objtree, before);
	const lost = journal.unsaved.filter((path) => existsSync(join(objtree, path)));
	rmSync(join(journalFolder(objtree), "journal.json"));
	rmSync(journalFolder(objtree), { recursive: true, force: true });
	if (journal.madeObjtree !== null) removeMadeObjtree(objtree, journal.madeObjtree);
	return { restored, removed, kept, lost };
}

/** Removes every file that was not there before and that make made: by the account, by its kind, or all when make was cut off. */
function removeMade(
	objtree: string,
	journal: Journal,
	before: Snapshot,
): { removed: string[]; kept: string[] } {
	const made = new Set(journal.made);
	const foreign = new Set(journal.foreign);
	const now = takeSnapshot(objtree);
	const siblings = new Map<string, Set<string>>();
	for (const path of now.keys()) {
		const at = path.lastIndexOf("/");
		const folder = path.slice(0, Math.max(at, 0));
		const names = siblings.get(folder) ?? new Set();
		siblings.set(folder, names.add(path.slice(at + 1)));
	}
	const removed: string[] = [];
	const kept: string[] = [];
	for (const [path, status] of now) {
		if (before.has(path) || status === "/" || journal.originals[path] !== undefined) continue;
		const folder = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
		if (foreign.has(path)) kept.push(path);
		else if (journal.phase === "making" || made.has(path) || isProduct(path, siblings.get(folder))) {
			rmSync(join(objtree, path), { force: true });
			removed.push(path);
		} else {
			kept.push(path);
		}
	}
	return { removed, kept };
}

/** True when something was put back; false when it was so already, or when nothing had been there. */
async function restore(objtree: string, path: string, original: Original): Promise<boolean> {
	const full = join(objtree, path);
	const present = lstatSync(full, { throwIfNoEntry: false });
	if (original.kind === "absent") {
		if (present !== undefined) rmSync(full, { recursive: true, force: true });
		return false;
	}
	mkdirSync(dirname(full), { recursive: true });
	if (original.kind === "link") {
		if (present?.isSymbolicLink() && readlinkSync(full) === original.target) return false;
		if (present !== undefined) rmSync(full, { recursive: true, force: true });
		symlinkSync(original.target, full);
		return true;
	}
	const content = readFileSync(join(journalFolder(objtree), "saved", original.saved));
	const same = present?.isFile() && present.size === content.length && readFileSync(full).equals(content);
	if (!same) {
		if (present?.isDirectory()) rmSync(full, { recursive: true, force: true });
		await writeAtomically(full, content, original.mode);
	}
	if (present?.isFile() && (present.mode & 0o7777) !== original.mode) chmodSync(full, original.mode);
	// utimes is less exact than the file system, so a time that is still right is left alone.
	if (!same || present?.mtimeMs !== original.mtimeMs)
		utimesSync(full, original.atimeMs / 1000, original.mtimeMs / 1000);
	return !same;
}

/** The folders that -O made, from `objtree` up to `top`, as far as they are empty. */
function removeMadeObjtree(objtree: string, top: string): void {
	let folder = resolve(objtree);
	while (folder === top || folder.startsWith(`${top}/`)) {
		if (readdirSync(folder).length > 0) return;
		rmdirSync(folder);
		folder = dirname(folder);
	}
}

/** Folders that were not there before and hold nothing now. */
function removeEmptyFolders(objtree: string, before: Snapshot): void {
	const folders = [...takeSnapshot(objtree)]
		.filter(([path, status]) => status === "/" && !before.has(path))
		.map(([path]) => path);
	for (const path of folders.sort((one, other) => other.length - one.length)) {
		try {
			rmdirSync(join(objtree, path));
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ENOTEMPTY") throw error;
		}
	}
}
