import { existsSync, lstatSync, mkdirSync, rmSync, statfsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { KprepError } from "../errors.ts";
import { writeAtomically } from "../host/files/files.ts";
import { lock } from "../host/files/lock.ts";
import { forgetRunning, noteRunning, stopLeftover } from "../host/process/leftover.ts";
import { isProduct } from "../kernel/kbuild/products.ts";
import { refuseLinksOutside } from "./inside.ts";
import {
	beginJournal,
	type Journal,
	journalFolder,
	readBefore,
	readJournal,
	writeJournal,
} from "./journal.ts";
import { productsIn, saveOriginals } from "./originals.ts";
import type { SyncRecord, WriteAction } from "./plan/action.ts";

import { type Snapshot, takeSnapshot } from "./snapshot.ts";
import type { Tree } from "./tree.ts";
import { undo } from "./undo.ts";

/** Room that the products of modules_prepare take, with some to spare. */
const ROOM = 96 * 1024 * 1024;

/** A tree that is being written: locked, its journal open. Every change of a tree goes through one. */
export interface Session {
	/** Nothing was synced here before. */
	readonly fresh: boolean;
	/** What make created, when it is over: paths relative to objtree. */
	made(): readonly string[];
	/** Writes the files of a plan that change; the originals are durable before. */
	write(actions: WriteAction[]): Promise<void>;
	/** Runs `make`; whatever it creates or changes is accounted for, also when it is killed. */
	making<T>(make: (onStart: (pid: number) => void) => Promise<T>): Promise<T>;
	/** All is done: remembers what was given and left. Returns what undo could not put back. */
	finish(record: SyncRecord): Promise<string[]>;
	/** Puts back what this session changed: all of it when the tree was untouched before, else the files it wrote. */
	rollBack(): Promise<void>;
	close(): void;
}

/**
 * Locks the tree and opens its journal. `written`: what the plan writes; `makes`: whether make will run, which needs
 * room. Throws "busy" (someone else, or a link that leads out) and "missing" (no room, read-only) with the tree untouched.
 */
export async function openSession(tree: Tree, written: string[], makes = true): Promise<Session> {
	const madeObjtree = makeObjtree(tree.output);
	try {
		refuseLinksOutside(tree.output, written);
		if (makes) requireRoom(tree.output);
		// Not recursive: that says ENOENT for EROFS.
		if (!existsSync(journalFolder(tree.output))) makeFolder(journalFolder(tree.output));
	} catch (error) {
		if (madeObjtree !== null) rmSync(madeObjtree, { recursive: true, force: true });
		throw error;
	}
	const release = lock(journalFolder(tree.output));
	try {
		return await begin(tree, madeObjtree, release);
	} catch (error) {
		release();
		if (readJournalQuietly(tree.output) === null)
			rmSync(madeObjtree ?? journalFolder(tree.output), { recursive: true, force: true });
		throw error;
	}
}

async function begin(tree: Tree, madeObjtree: string | null, release: () => void): Promise<Session> {
	const { output } = tree;
	const own = journalFolder(output);
	await stopLeftover(own);
	const earlier = readJournal(output);
	const before = earlier === null ? takeSnapshot(output) : readBefore(output);
	const journal = earlier ?? (await beginJournal(output, { srctree: tree.path, madeObjtree }, before));
	if (earlier !== null) journal.foreign = foreignIn(output, journal, before);
	const written: WriteAction[] = [];
	return {
		fresh: earlier === null,
		made: () => journal.made,
		async write(actions) {
			await saveOriginals(
				output,
				journal,
				before,
				actions.map(({ path }) => relative(output, path)),
			);
			for (const action of actions) {
				written.push(action);
				mkdirSync(dirname(action.path), { recursive: true });
				await writeAtomically(action.path, action.content, modeOf(action.path));
			}
		},
		async making(make) {
			if (journal.phase === "writing") {
				await saveOriginals(output, journal, before, productsIn(output, before));
			}
			journal.phase = "making";
			await writeJournal(output, journal);
			const result = await make((pid) => noteRunning(own, pid));
			forgetRunning(own);
			account(output, journal, before);
			return result;
		},
		async finish(record) {
			journal.phase = "done";
			journal.record = record;
			await writeJournal(output, journal);
			return journal.unsaved;
		},
		async rollBack() {
			if (earlier === null) {
				await undo(output);
				return;
			}
			forgetRunning(own);
			for (const { path, before: content } of written) {
				if (content === null) rmSync(path, { force: true });
				else await writeAtomically(path, content, modeOf(path));
			}
			account(output, journal, before);
			journal.phase = "done";
			if (journal.record !== null) journal.record.made = false;
			await writeJournal(output, journal);
		},
		close: release,
	};
}

/** What people put there since the last sync: neither before it, nor by kprep, nor by make, which may have been cut off. */
function foreignIn(objtree: string, journal: Journal, before: Snapshot): string[] {
	if (journal.phase === "making") return journal.foreign;
	const made = new Set(journal.made);
	return [...takeSnapshot(objtree)]
		.filter(([path, status]) => status !== "/" && !before.has(path) && !made.has(path))
		.map(([path]) => path)
		.filter((path) => journal.originals[path] === undefined && !isProduct(path));
}

/** After make: what is new belongs to it; what changed, where kbuild may rewrite at all, and was not saved is remembered. */
function account(objtree: string, journal: Journal, before: Snapshot): void {
	const made = new Set(journal.made);
	const foreign = new Set(journal.foreign);
	const unsaved = new Set(journal.unsaved);
	for (const [path, status] of takeSnapshot(objtree)) {
		if (foreign.has(path)) continue;
		const was = before.get(path);
		if (was === undefined) made.add(path);
		else if (was !== status && status !== "/" && journal.originals[path] === undefined) unsaved.add(path);
	}
	journal.made = [...made];
	journal.unsaved = [...unsaved];
}

/** Somebody else may make it at the same moment: the lock then settles who is first. */
function makeFolder(path: string): void {
	try {
		mkdirSync(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	}
}

function makeObjtree(objtree: string): string | null {
	if (existsSync(objtree)) return null;
	return mkdirSync(objtree, { recursive: true }) ?? null;
}

function requireRoom(folder: string): void {
	const { bavail, bsize } = statfsSync(folder);
	if (bavail * bsize >= ROOM) return;
	throw new KprepError("missing", "no-space", "there is too little space for a prepared tree", {
		expected: `${ROOM / 1024 / 1024} MiB free`,
		found: `${Math.floor((bavail * bsize) / 1024 / 1024)} MiB free`,
		where: folder,
		suggestions: [
			"free some space (df -h), then run the same command again",
			"keep the build elsewhere with -O DIR",
		],
	});
}

function modeOf(path: string): number {
	const status = lstatSync(path, { throwIfNoEntry: false });
	return status?.isFile() ? status.mode & 0o7777 : 0o644;
}

function readJournalQuietly(objtree: string): Journal | null {
	return existsSync(join(journalFolder(objtree), "journal.json")) ? readJournal(objtree) : null;
}
