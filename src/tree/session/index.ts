import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { sha256 } from "../../host/files/digest.ts";
import { writeAtomically } from "../../host/files/files.ts";
import { lock } from "../../host/files/lock.ts";
import { onDisk } from "../../host/files/names.ts";
import { keepInode } from "../../host/files/place.ts";
import { setTimes } from "../../host/files/times.ts";
import { ownVersion } from "../../host/machine/version.ts";
import { forgetRunning, noteRunning, stopLeftover } from "../../host/process/leftover.ts";
import { leftAt } from "../account/edits.ts";
import { foldersOf } from "../account/index.ts";
import { refuseLinksOutside } from "../inside.ts";
import {
	beginJournal,
	type Journal,
	journalFolder,
	journalTime,
	readJournal,
	requireBefore,
	writeJournal,
} from "../journal/index.ts";
import { openNamed } from "../journal/named.ts";
import { requireOwn } from "../journal/own.ts";
import { productsIn, saveOriginals } from "../originals.ts";
import { giveTo, type Owner, ownerFor } from "../owner.ts";
import type { SyncRecord, WriteAction } from "../plan/action.ts";
import { isFolder, takeSnapshot } from "../snapshot.ts";
import type { Tree } from "../tree.ts";
import { undo } from "../undo.ts";
import { account, editsAt, settle } from "./account.ts";
import { makeFolder, makeObjtree, requireRoom } from "./room.ts";

/** A tree that is being written: locked, its journal open. Every change of a tree goes through one. */
export interface Session {
	/** Nothing was synced here before. */
	readonly fresh: boolean;
	/** Files that were in objtree before its first sync, links included: paths relative to it. */
	filesBefore(): string[];
	/** What make created, when it is over: paths relative to objtree. */
	made(): readonly string[];
	/** Writes the files of a plan that change; the originals are durable before. A user's edits of them are kept beside. */
	write(actions: WriteAction[]): Promise<void>;
	/** Runs `make`; whatever it creates or changes is accounted for, also when it is killed. */
	making<T>(make: (watch: MakeWatch) => Promise<T>): Promise<T>;
	/** All is done: remembers what was given and left. */
	finish(record: SyncRecord): Promise<Finished>;
	/** Puts back what this session changed: all of it when the tree was untouched before, else the files it wrote. */
	rollBack(): Promise<void>;
	close(): void;
}

/** What is to be told about a running make. */
export interface MakeWatch {
	onStart(pid: number): void;
	/** What a line of its output names. */
	onNamed(what: string): void;
	/**
	 * What is about to be put into objtree that an equal make has made; durable when it resolves. Paths relative to objtree;
	 * `digests`: sha256 of what comes to the place of a file that was just written.
	 */
	onPut(paths: readonly string[], digests: Record<string, string>): Promise<void>;
}

/** What a session leaves besides a tree that is ready; paths relative to objtree. */
export interface Finished {
	/** Changed while make ran, without a copy: undo cannot put them back. */
	unsaved: string[];
	/** Copies of what the user had made of kprep's files since the last sync. */
	kept: string[];
}

/**
 * Locks the tree and opens its journal. `written`: what the plan writes; `makes`: whether make will run, which needs
 * room. Throws "busy" (someone else, or a link that leads out) and "missing" (no room, read-only) with the tree untouched.
 */
export async function openSession(tree: Tree, written: string[], makes = true): Promise<Session> {
	const own = journalFolder(tree.output);
	const madeObjtree = makeObjtree(tree.output);
	const topTime = String(lstatSync(tree.output, { bigint: true }).mtimeNs);
	let owner: Owner | undefined;
	try {
		refuseLinksOutside(tree.output, written);
		requireOwn(own);
		if (makes) requireRoom(tree.output);
		owner = ownerFor(tree.output);
		// Not recursive: that says ENOENT for EROFS.
		if (!existsSync(own)) makeFolder(own);
	} catch (error) {
		if (madeObjtree !== null) rmSync(madeObjtree, { recursive: true, force: true });
		throw error;
	}
	const release = lock(own);
	try {
		return await begin(tree, { madeObjtree, topTime }, owner, release);
	} catch (error) {
		// While it is still locked: the next one may be waiting.
		if (!existsSync(join(own, "journal.json")) && !existsSync(join(own, "saved/0"))) {
			rmSync(madeObjtree ?? own, { recursive: true, force: true });
			try {
				if (madeObjtree === null) setTimes([{ path: tree.output, mtime: BigInt(topTime) }]);
			} catch {
				// The error that led here is the one to tell.
			}
		}
		release();
		throw error;
	}
}

async function begin(
	tree: Tree,
	given: Pick<Journal, "madeObjtree" | "topTime">,
	owner: Owner | undefined,
	release: () => void,
): Promise<Session> {
	const { output } = tree;
	const own = journalFolder(output);
	await stopLeftover(own);
	for (const name of readdirSync(own))
		if (/^\.kprep-\d+-|^back$/.test(name)) rmSync(join(own, name), { recursive: true });
	const earlier = readJournal(output);
	const before = earlier === null ? takeSnapshot(output) : requireBefore(output);
	const journal = earlier ?? (await beginJournal(output, { srctree: tree.path, ...given }, before));
	if (earlier !== null) await settle(output, journal, before);
	const { left, record: recorded } = journal;
	const back: { path: string; kept: string | null; aside: string | null }[] = [];
	return {
		fresh: earlier === null,
		filesBefore: () => [...before].flatMap(([path, status]) => (isFolder(status) ? [] : [path])),
		made: () => journal.made,
		async write(actions) {
			const paths = actions.map(({ path }) => relative(output, path));
			const aside = earlier === null ? new Map<string, string>() : editsAt(output, journal, before, paths);
			for (const { path, content } of actions) journal.written[relative(output, path)] = sha256(content);
			journal.foreign.push(...aside.values());
			await writeJournal(output, journal);
			await saveOriginals(output, journal, before, paths);
			mkdirSync(join(own, "back"), { recursive: true });
			for (const { path, content } of actions) {
				const inner = relative(output, path);
				const name = aside.get(inner) ?? null;
				if (name !== null) keepInode(path, join(output, name));
				back.push({
					path,
					kept: earlier === null ? null : keepForNow(path, join(own, "back", `${back.length}`)),
					aside: name,
				});
				mkdirSync(onDisk(dirname(path)), { recursive: true });
				await writeAtomically(path, content, modeOf(path), { staging: own, owner: ownerOf(path) ?? owner });
			}
		},
		async making(make) {
			if (journal.phase === "writing")
				await saveOriginals(output, journal, before, productsIn(output, before), true);
			journal.phase = "making";
			await writeJournal(output, journal);
			const run = { start: journalTime(output), end: null as string | null };
			journal.runs.push(run);
			await writeJournal(output, journal);
			const named = openNamed(output);
			// As long as nothing but kprep itself writes, what it wrote is known without a look at the whole tree.
			let watched = true;
			try {
				const onPut: MakeWatch["onPut"] = async (paths, digests) => {
					const fresh = paths.filter((path) => !before.has(path) && journal.originals[path] === undefined);
					journal.made = [...new Set([...journal.made, ...fresh, ...foldersOf(fresh, before)])];
					journal.put = digests;
					await writeJournal(output, journal);
					watched = false;
				};
				const onStart = (pid: number) => {
					watched = true;
					noteRunning(own, pid);
				};
				return await make({ onStart, onNamed: named.add, onPut });
			} catch (error) {
				watched = true;
				throw error;
			} finally {
				named.close();
				forgetRunning(own);
				await writeJournal(output, journal);
				run.end = journalTime(output);
				if (watched) account(output, journal, before);
			}
		},
		async finish(record) {
			journal.phase = "done";
			journal.record = { ...record, kprep: ownVersion(), finished: new Date().toISOString() };
			journal.left = leftAt(output, journal, Object.keys(journal.originals));
			await writeJournal(output, journal);
			rmSync(join(own, "back"), { recursive: true, force: true });
			giveTo(owner, output, [...journal.made, ...Object.keys(journal.originals)]);
			return { unsaved: journal.unsaved, kept: back.flatMap(({ aside }) => aside ?? []) };
		},
		async rollBack() {
			forgetRunning(own);
			if (earlier === null) {
				await undo(output);
				return;
			}
			for (const { path, kept, aside } of back) {
				if (kept === null) rmSync(onDisk(path), { force: true });
				else renameSync(kept, onDisk(path));
				if (aside !== null) rmSync(onDisk(join(output, aside)), { force: true });
			}
			account(output, journal, before);
			journal.phase = "done";
			// A finish that could not be written down has taken the marks of what is no longer there.
			journal.left = left;
			journal.record = recorded;
			journal.foreign = journal.foreign.filter((path) => !back.some(({ aside }) => aside === path));
			if (journal.record !== null) journal.record.made = false;
			await writeJournal(output, journal);
			rmSync(join(own, "back"), { recursive: true, force: true });
			giveTo(owner, output, journal.made);
		},
		close: release,
	};
}

function modeOf(path: string): number {
	const status = lstatSync(onDisk(path), { throwIfNoEntry: false });
	return status?.isFile() ? status.mode & 0o777 : 0o644;
}

/** Root keeps the owner of what it replaces. */
function ownerOf(path: string): Owner | undefined {
	if (process.geteuid?.() !== 0) return undefined;
	const status = lstatSync(onDisk(path), { throwIfNoEntry: false });
	return status?.isFile() ? { uid: status.uid, gid: status.gid } : undefined;
}

/** Keeps what is at `path` for a roll-back; null when nothing is. */
function keepForNow(path: string, kept: string): string | null {
	if (lstatSync(onDisk(path), { throwIfNoEntry: false }) === undefined) return null;
	keepInode(path, kept);
	return kept;
}
