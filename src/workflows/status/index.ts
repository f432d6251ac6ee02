import { existsSync, lstatSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { readHolder, stateOf } from "../../host/files/holder.ts";
import { onDisk } from "../../host/files/names.ts";
import type { TreeStatus } from "../../report/status.ts";
import { isEdited } from "../../tree/account/edits.ts";
import { readScene } from "../../tree/account/index.ts";
import { isTree } from "../../tree/find.ts";
import { type Journal, journalFolder, readBefore, readJournal } from "../../tree/journal/index.ts";
import { readPrepared } from "../../tree/read.ts";
import { takeSnapshot } from "../../tree/snapshot.ts";

/**
 * Reads what a tree was made ready for. Nothing is run, written or locked. Throws "missing" when `path` is no kernel
 * tree and kprep was never there.
 */
export function readStatus(path: string, output?: string): TreeStatus {
	const objtree = output === undefined || !existsSync(output) ? (output ?? path) : realpathSync(output);
	const own = journalFolder(objtree);
	const known = lstatSync(own, { throwIfNoEntry: false }) !== undefined;
	if (!known && output === undefined && !isTree(path))
		throw new KprepError("missing", "not-a-tree", `${path} is not a kernel source tree`, {
			expected: "a folder with the kernel's Makefile",
			where: path,
			suggestions: ["kprep source list"],
		});
	const status: TreeStatus = {
		...{
			tree: path,
			output: objtree,
			state: "none",
			ready: null,
			release: readPrepared(objtree)?.release ?? null,
		},
		...{ changed: [], kept: [], problem: null },
	};
	if (!known) return status;
	try {
		const journal = readJournal(objtree);
		if (isBusy(own)) return { ...status, state: "busy", ready: readyOf(journal) };
		if (journal === null) return status;
		return {
			...{ ...status, tree: journal.srctree, state: journal.phase === "done" ? "synced" : "interrupted" },
			...{ ready: readyOf(journal), changed: changedIn(objtree, journal) },
			kept: journal.foreign.filter(
				(it) => lstatSync(onDisk(join(objtree, it)), { throwIfNoEntry: false }) !== undefined,
			),
		};
	} catch (error) {
		if (!(error instanceof KprepError) || error.kind !== "busy") throw error;
		const { message, found, suggestions } = error;
		return {
			...status,
			state: "damaged",
			problem: { message: found ? `${message}: ${found}` : message, suggestions },
		};
	}
}

function readyOf(journal: Journal | null): TreeStatus["ready"] {
	if (journal === null || journal.record === null) return null;
	const { release, until, made, kprep = null, finished = null } = journal.record;
	return { release, until, made, kprep, finished };
}

function isBusy(own: string): boolean {
	const holder = readHolder(own);
	return holder !== null && holder !== "garbage" && stateOf(holder, own, false) !== "gone";
}

/** Only what kprep itself writes: products of make change whenever make runs. */
function changedIn(objtree: string, journal: Journal): string[] {
	const now = takeSnapshot(objtree);
	const scene = readScene(objtree, journal, readBefore(objtree) ?? now, now);
	return Object.keys(journal.written).filter(
		(path) => !now.has(path) || isEdited(objtree, journal, path, scene),
	);
}
