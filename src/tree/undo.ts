import { existsSync, lstatSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { onDisk } from "../host/files/names.ts";
import { setTimes, type Times } from "../host/files/times.ts";
import { isEdited, nameForKept } from "./account/edits.ts";
import { isMadeEmpty } from "./account/evidence.ts";
import { foldersOf, readScene, takeAccount } from "./account/index.ts";
import { closed } from "./account/runs.ts";
import { refuseFoldersOutside } from "./inside.ts";
import { type Journal, journalFolder, readBefore, readJournal, writeJournal } from "./journal/index.ts";
import { restore, restoringOf } from "./originals.ts";
import { isFolder, type Snapshot, takeSnapshot } from "./snapshot.ts";

/** What undo did, or would do; paths relative to objtree. */
export interface Undone {
	restored: string[];
	removed: string[];
	/** Came since the first sync and may be the user's: left alone. Edits of files that kprep wrote are moved beside them. */
	kept: string[];
	/** Changed while make ran without a copy having been kept. */
	lost: string[];
}

interface UndoPlan extends Undone {
	journal: Journal;
	before: Snapshot | null;
	/** When make ran: by the signs, which undo takes away. */
	runs: Journal["runs"];
	/** Folders to remove when they are empty. */
	folders: string[];
	/** Where what a user made of kprep's files goes: path → name beside it. */
	aside: Map<string, string>;
}

/** What undo would do, without doing it; null when there is no journal. Throws as undo() does. */
export function planUndo(objtree: string): UndoPlan | null {
	const journal = readJournal(objtree);
	if (journal === null) return null;
	const before = readBefore(objtree);
	const originals = Object.entries(journal.originals);
	refuseFoldersOutside(
		objtree,
		originals.map(([path]) => join(objtree, path)),
	);
	const now = takeSnapshot(objtree);
	const scene = readScene(objtree, journal, before ?? now, now);
	// Without the list of what was there, only what is on record is anybody's but the user's.
	const account =
		before === null
			? {
					products: journal.made.filter((path) => now.has(path) && !isFolder(now.get(path))),
					foreign: journal.foreign,
				}
			: takeAccount(objtree, journal, before, now, scene);
	const plan: UndoPlan = {
		...{ journal, before, restored: [], removed: [...account.products], kept: [], lost: [] },
		runs: closed(scene.runs),
		folders: foldersToEmpty(objtree, journal, account.products, before ?? now, now),
		aside: new Map(),
	};
	for (const [path, original] of originals) {
		const restoring = restoringOf(objtree, path, original);
		// Until 0.1.0 names that are not UTF-8 were noted as absent: nobody but kprep itself puts such a thing there.
		if (restoring === "remove" && before?.has(path) && journal.written[path] === undefined) {
			plan.kept.push(path);
			continue;
		}
		if (restoring === "lost") plan.lost.push(path);
		if (restoring !== "restore" && restoring !== "remove") continue;
		if (isEdited(objtree, journal, path, scene)) plan.aside.set(path, nameForKept(objtree, path));
		if (restoring === "restore") plan.restored.push(path);
		else if (!plan.aside.has(path)) plan.removed.push(path);
	}
	plan.kept = [...plan.kept, ...account.foreign.filter((path) => now.has(path)), ...plan.aside.values()];
	plan.lost.push(...journal.unsaved.filter((path) => now.has(path)));
	return plan;
}

/**
 * Puts objtree back as it was before the first sync: the originals themselves, and without what kprep and make can be
 * shown to have created. Needs no room on the disk. Can be interrupted and run again: the journal goes last. null when
 * there is no journal. The caller holds the lock.
 */
export async function undo(objtree: string): Promise<Undone | null> {
	const plan = planUndo(objtree);
	if (plan === null) {
		// Cut off before the journal was begun, when nothing had been changed yet.
		rmSync(journalFolder(objtree), { recursive: true, force: true });
		return null;
	}
	const { journal, before, restored, removed, kept, lost } = plan;
	await notePlan(objtree, plan);
	for (const [path, name] of plan.aside) renameSync(onDisk(join(objtree, path)), onDisk(join(objtree, name)));
	for (const path of removed) rmSync(onDisk(join(objtree, path)), { force: true });
	const times = Object.entries(journal.originals).flatMap(([path, original]) =>
		restore(objtree, path, original),
	);
	setTimes(times);
	for (const path of plan.folders.sort((one, other) => other.length - one.length))
		removeEmpty(join(objtree, path));
	if (before !== null) setTimes(folderTimes(objtree, before, kept));
	removeOwn(objtree);
	if (journal.madeObjtree !== null) removeMadeObjtree(objtree, journal.madeObjtree);
	else if (!kept.some((path) => !path.includes("/")))
		setTimes([{ path: objtree, mtime: BigInt(journal.topTime) }]);
	return { restored, removed, kept, lost };
}

/** New folders in which kprep or make wrote, as far as they are still there. */
function foldersToEmpty(
	objtree: string,
	journal: Journal,
	products: string[],
	before: Snapshot,
	now: Snapshot,
): string[] {
	const written = [...products, ...Object.keys(journal.originals)];
	const found = [...foldersOf(written, before), ...journal.made];
	// kbuild makes a folder of a build folder for each that it descends to in srctree, also where nothing comes to lie.
	const mirrored = (path: string) =>
		journal.srctree !== objtree && existsSync(onDisk(join(journal.srctree, path)));
	const places = [...now.keys()].filter((path) => !before.has(path) && (isMadeEmpty(path) || mirrored(path)));
	return [...new Set([...found, ...places])].filter((path) => isFolder(now.get(path)));
}

/** So that an undo that is cut off and run again still knows what was make's, and its folders, when the signs are gone. */
export async function notePlan(
	objtree: string,
	{ journal, folders, removed, runs }: UndoPlan,
): Promise<void> {
	const made = new Set([...journal.made, ...folders, ...removed.filter((path) => !journal.originals[path])]);
	if (made.size === journal.made.length && journal.runs.every(({ end }) => end !== null)) return;
	journal.made = [...made];
	journal.runs = runs;
	try {
		await writeJournal(objtree, journal);
	} catch (error) {
		// A full disk is what undo is to free: at worst some empty folders stay.
		if (!["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
	}
}

/** Folders as they were, but for those in which something of the user's has come. */
function folderTimes(objtree: string, before: Snapshot, kept: string[]): Times[] {
	const theirs = new Set(kept.map(dirname));
	return [...before]
		.filter(([path, status]) => /^\/\d+$/.test(status) && !theirs.has(path))
		.map(([path, status]) => ({ path: join(objtree, path), mtime: BigInt(status.slice(1)) }));
}

/** The journal goes when nothing is left that it speaks of. */
function removeOwn(objtree: string): void {
	const own = journalFolder(objtree);
	rmSync(join(own, "saved"), { recursive: true, force: true });
	rmSync(join(own, "journal.json"));
	rmSync(own, { recursive: true, force: true });
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

function removeEmpty(folder: string): void {
	try {
		if (lstatSync(onDisk(folder)).isDirectory()) rmdirSync(onDisk(folder));
	} catch (error) {
		if (!["ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
			throw error;
	}
}
