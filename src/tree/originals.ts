import {
	type BigIntStats,
	closeSync,
	lstatSync,
	mkdirSync,
	readlinkSync,
	readSync,
	renameSync,
	rmSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { syncFolder } from "../host/files/files.ts";
import { entriesOf, onDisk } from "../host/files/names.ts";
import { copyWhole, keepInode, placeAt, sameContent, standIn } from "../host/files/place.ts";
import { openRegular } from "../host/files/regular.ts";
import type { Times } from "../host/files/times.ts";
import { isProduct, mayBeRewritten } from "../kernel/kbuild/products.ts";
import { type Journal, journalFolder, type Original, writeJournal } from "./journal/index.ts";
import { isFolder, type Snapshot } from "./snapshot.ts";

/**
 * Keeps what is at these paths (relative to objtree) unless an earlier sync did; durable, journal included, when it
 * returns. What is kept is the original itself, so that undo gives back the very inode with owner, mode, times,
 * attributes and hard links. What came after `before` and is no person's was made by an earlier sync: there was nothing
 * originally. `forMake`: copies take the originals' places, because make may write into files without replacing them.
 */
export async function saveOriginals(
	objtree: string,
	journal: Journal,
	before: Snapshot,
	paths: Iterable<string>,
	forMake = false,
): Promise<void> {
	const foreign = new Set(journal.foreign);
	const kept: [path: string, saved: string][] = [];
	let next = Object.values(journal.originals).length;
	let added = 0;
	for (const path of paths) {
		if (journal.originals[path] !== undefined) continue;
		const status = statOf(join(objtree, path));
		if (status === undefined && before.has(path)) refuseListed(objtree, path);
		const original = originalOf(before.has(path) || foreign.has(path) ? status : undefined, String(next));
		if (original === null) continue;
		journal.originals[path] = original;
		added++;
		if (original.kind === "absent") continue;
		kept.push([path, original.saved]);
		next++;
	}
	if (added === 0) return;
	// The journal first: an original of which there is nothing in saved/ yet is still in its place.
	await writeJournal(objtree, journal);
	const saved = join(journalFolder(objtree), "saved");
	for (const [path, name] of kept) keepInode(join(objtree, path), join(saved, name));
	syncFolder(saved);
	if (!forMake) return;
	for (const [path, name] of kept)
		placeAt(join(objtree, path), journalFolder(objtree), (temporary) =>
			standIn(join(saved, name), temporary),
		);
}

/**
 * Goes on with what a kill cut off: originals that the journal knows and that are still in their places are kept, and
 * copies take their places, so that nothing that writes there reaches them.
 */
export function keepTheRest(objtree: string, journal: Journal): void {
	mkdirSync(join(journalFolder(objtree), "saved"), { recursive: true });
	for (const [path, original] of Object.entries(journal.originals)) {
		if (original.kind === "absent") continue;
		const full = join(objtree, path);
		const saved = savedPath(objtree, original);
		const present = statOf(full);
		if (present === undefined) continue;
		const kept = savedOf(objtree, original);
		if (kept === null ? !isOriginal(present, original) : present.ino !== kept.ino || present.dev !== kept.dev)
			continue;
		if (kept === null) keepInode(full, saved);
		placeAt(full, journalFolder(objtree), (temporary) => standIn(saved, temporary));
	}
	syncFolder(join(journalFolder(objtree), "saved"));
}

/** What an earlier preparation left and make may rewrite: relative paths out of a snapshot of objtree. */
export function productsIn(objtree: string, before: Snapshot): string[] {
	const folders = new Map<string, Set<string>>();
	for (const path of before.keys()) {
		const at = path.lastIndexOf("/");
		const folder = path.slice(0, Math.max(at, 0));
		const names = folders.get(folder) ?? new Set();
		names.add(path.slice(at + 1));
		folders.set(folder, names);
	}
	const found: string[] = [];
	for (const [path, status] of before) {
		if (isFolder(status) || !mayBeRewritten(path)) continue;
		const siblings = folders.get(path.slice(0, Math.max(path.lastIndexOf("/"), 0)));
		const kind = Number(status.split(" ")[2]) & 0o170000;
		// Links such as include/asm are made anew for another architecture, and cost nothing to remember.
		if (
			kind === 0o120000 ||
			(kind === 0o100000 && (isProduct(path, siblings) || isProgram(join(objtree, path), status)))
		)
			found.push(path);
	}
	return found;
}

/** What putting one original back comes to. */
export type Restoring = "nothing" | "unchanged" | "restore" | "remove" | "lost";

/** What has to be done at `path`; nothing is changed. "lost": it is neither in its place nor in .kprep. */
export function restoringOf(objtree: string, path: string, original: Original): Restoring {
	const present = statOf(join(objtree, path));
	if (original.kind === "absent") return present === undefined ? "nothing" : "remove";
	const saved = savedOf(objtree, original);
	if (saved === null) return present !== undefined && isOriginal(present, original) ? "nothing" : "lost";
	if (present === undefined) return "restore";
	const same =
		present.ino === saved.ino ||
		(present.mode === saved.mode &&
			isEqual({ path: join(objtree, path), status: present }, savedPath(objtree, original), saved));
	return same ? "unchanged" : "restore";
}

/**
 * Puts the original back, in one step and without needing room on the disk. The caller has seen to what is in its place.
 * Returns the times that it shall have in the end.
 */
export function restore(objtree: string, path: string, original: Original): Times[] {
	if (original.kind === "absent") return [];
	const full = join(objtree, path);
	const saved = savedPath(objtree, original);
	const [kept, present] = [savedOf(objtree, original), statOf(full)];
	const times = [{ path: full, mtime: BigInt(original.at.mtime), atime: BigInt(original.at.atime) }];
	if (kept === null) return times;
	// Never replaced: the two names are one file, which rename(2) would leave as they are; or a copy had to be kept.
	if (present !== undefined && isVery({ path: full, status: present }, saved, kept, original)) rmSync(saved);
	else {
		mkdirSync(onDisk(dirname(full)), { recursive: true });
		moveBack(saved, full);
	}
	return times;
}

function moveBack(saved: string, full: string): void {
	try {
		renameSync(saved, onDisk(full));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
		placeAt(full, dirname(full), (temporary) => copyWhole(saved, temporary));
		rmSync(saved);
	}
}

/** A path that its folder lists and the system does not find is not absent: noted as that, undo would remove it. */
function refuseListed(objtree: string, path: string): void {
	const [folder, name] = [dirname(join(objtree, path)), basename(path)];
	if (statOf(folder)?.isDirectory() !== true || !entriesOf(folder).some((entry) => entry.name === name))
		return;
	throw new Error(`${path} is listed, and not found: its original cannot be kept`);
}

function originalOf(status: BigIntStats | undefined, saved: string): Original | null {
	if (status === undefined) return { kind: "absent" };
	const kind = status.isFile() ? "file" : status.isSymbolicLink() ? "link" : null;
	// A folder, pipe or device where kbuild has a file: not make's, and not to be replaced.
	if (kind === null) return null;
	const { ino, size, mtimeNs, atimeNs } = status;
	return { kind, saved, at: { ino: `${ino}`, size: `${size}`, mtime: `${mtimeNs}`, atime: `${atimeNs}` } };
}

type Kept = Exclude<Original, { kind: "absent" }>;

function savedPath(objtree: string, { saved }: Kept): string {
	return join(journalFolder(objtree), "saved", saved);
}

/** null when it is not there, or is not what was kept. */
function savedOf(objtree: string, original: Kept): BigIntStats | null {
	const status = statOf(savedPath(objtree, original));
	const fits = original.kind === "file" ? status?.isFile() : status?.isSymbolicLink();
	return status !== undefined && fits === true ? status : null;
}

interface Present {
	path: string;
	status: BigIntStats;
}

/**
 * A stand-in has the size and the time of the original too; the inode tells, but its number alone does not: it is given
 * anew to what make writes, and in a copy of the tree numbers mean nothing. Only what holds the same needs no copy.
 */
function isVery(present: Present, saved: string, kept: BigIntStats, { at }: Kept): boolean {
	const { ino, dev, mtimeNs } = present.status;
	if (ino === kept.ino && dev === kept.dev) return true;
	return `${ino}` === at.ino && `${mtimeNs}` === at.mtime && isEqual(present, saved, kept);
}

/** Whether two files hold the same, or two links lead the same way. */
function isEqual({ path, status }: Present, other: string, otherStatus: BigIntStats): boolean {
	if (status.isSymbolicLink() && otherStatus.isSymbolicLink()) return linkOf(path).equals(linkOf(other));
	if (!status.isFile() || !otherStatus.isFile() || status.size !== otherStatus.size) return false;
	return sameContent(path, other);
}

function linkOf(path: string): Buffer {
	return readlinkSync(onDisk(path), { encoding: "buffer" });
}

function isOriginal(present: BigIntStats, { kind, at }: Kept): boolean {
	const same =
		`${present.ino}` === at.ino || (`${present.size}` === at.size && `${present.mtimeNs}` === at.mtime);
	return same && (kind === "file" ? present.isFile() : present.isSymbolicLink());
}

function statOf(path: string): BigIntStats | undefined {
	return lstatSync(onDisk(path), { bigint: true, throwIfNoEntry: false });
}

/** An ELF file with an execute bit: a host tool that was linked without a `.cmd` file (tools/objtool/objtool). */
function isProgram(path: string, status: string): boolean {
	const mode = Number(status.split(" ")[2]);
	if ((mode & 0o111) === 0) return false;
	try {
		const { descriptor } = openRegular(path);
		try {
			const head = Buffer.alloc(4);
			return readSync(descriptor, head, 0, 4, 0) === 4 && head.toString("latin1") === "\x7fELF";
		} finally {
			closeSync(descriptor);
		}
	} catch {
		return false;
	}
}
