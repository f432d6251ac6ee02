import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../errors.ts";
import { writeAtomically } from "../host/files/files.ts";
import type { SyncRecord } from "./plan/action.ts";
import { OWN_FOLDER, type Snapshot } from "./snapshot.ts";

/** What was at a path before the first sync. */
export type Original =
	| { kind: "absent" }
	| { kind: "file"; saved: string; mode: number; mtimeMs: number; atimeMs: number }
	| { kind: "link"; target: string };

/**
 * The durable account of everything that syncs changed in objtree: enough to put all of it back after any crash.
 * Paths are relative to objtree. Kept in OBJTREE/.kprep/journal.json; the originals in .kprep/saved/.
 */
export interface Journal {
	schema: 1;
	srctree: string;
	/** The topmost folder that -O made; null when objtree was there before. */
	madeObjtree: string | null;
	originals: Record<string, Original>;
	/** "making" while make runs: then everything that is not in before.json came from it. */
	phase: "writing" | "making" | "done";
	/** What make created, when it is over. */
	made: string[];
	/** What people made between two syncs: never removed. */
	foreign: string[];
	/** Files that make changed and of which no copy was kept; undo cannot put them back, and says so. */
	unsaved: string[];
	record: SyncRecord | null;
}

const SCHEMA = 1;

/** The folder of the journal for this objtree. */
export function journalFolder(objtree: string): string {
	return join(objtree, OWN_FOLDER);
}

/** The journal of this objtree; null when none was begun. Throws "busy" for one that cannot be read: nothing may be guessed then. */
export function readJournal(objtree: string): Journal | null {
	const path = join(journalFolder(objtree), "journal.json");
	if (!existsSync(path)) return null;
	const damaged = (found: string) =>
		new KprepError("busy", "journal-damaged", "the journal of earlier syncs cannot be read", {
			found,
			where: path,
			suggestions: ["put the file back from a backup", `unpack the tree afresh and sync that`],
		});
	let journal: Journal;
	try {
		journal = JSON.parse(readFileSync(path, "utf8")) as Journal;
	} catch (error) {
		throw damaged((error as Error).message);
	}
	// Journals of the first builds had no list of foreign files.
	if (journal !== null && typeof journal === "object") journal.foreign ??= [];
	if (
		journal?.schema !== SCHEMA ||
		typeof journal.originals !== "object" ||
		!Array.isArray(journal.made) ||
		!Array.isArray(journal.foreign)
	) {
		throw damaged("not a journal of this version of kprep");
	}
	for (const inner of [...Object.keys(journal.originals), ...journal.made]) {
		if (inner.startsWith("/") || inner.split("/").includes(".."))
			throw damaged(`a path that leaves the tree: ${inner}`);
	}
	for (const original of Object.values(journal.originals)) {
		if (original.kind === "file" && !/^\d+$/.test(original.saved))
			throw damaged(`a saved file of a strange name: ${original.saved}`);
	}
	return journal;
}

/** Writes the journal so that it survives a crash from here on. */
export async function writeJournal(objtree: string, journal: Journal): Promise<void> {
	await writeAtomically(join(journalFolder(objtree), "journal.json"), JSON.stringify(journal));
}

/** Begins a journal: its folder (invisible to git), the list of what is there, and the empty account. */
export async function beginJournal(
	objtree: string,
	given: Pick<Journal, "srctree" | "madeObjtree">,
	before: Snapshot,
): Promise<Journal> {
	const folder = journalFolder(objtree);
	mkdirSync(join(folder, "saved"), { recursive: true });
	await writeAtomically(join(folder, ".gitignore"), "*\n");
	await writeAtomically(join(folder, "before.json"), JSON.stringify([...before]));
	const journal: Journal = {
		schema: SCHEMA,
		...given,
		originals: {},
		phase: "writing",
		made: [],
		foreign: [],
		unsaved: [],
		record: null,
	};
	await writeJournal(objtree, journal);
	return journal;
}

/** What was in objtree before the first sync. */
export function readBefore(objtree: string): Snapshot {
	return new Map(
		JSON.parse(readFileSync(join(journalFolder(objtree), "before.json"), "utf8")) as [string, string][],
	);
}
