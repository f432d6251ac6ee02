import { lstatSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { KprepError } from "../../errors.ts";
import { writeAtomically } from "../../host/files/files.ts";
import { readRegular } from "../../host/files/regular.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { OWN_FOLDER, type Snapshot } from "../snapshot.ts";
import { requireOwn } from "./own.ts";
import { beforeSchema, journalSchema } from "./schema.ts";

/**
 * The durable account of everything that syncs changed in objtree: enough to put all of it back after any crash.
 * Paths are relative to objtree. Kept in OBJTREE/.kprep/journal.json; the originals in .kprep/saved/.
 */
export type Journal = v.InferOutput<typeof journalSchema>;

/** What was at a path before the first sync. */
export type Original = Journal["originals"][string];

const MOST_BYTES = 256 * 1024 * 1024;

/** The folder of the journal for this objtree. */
export function journalFolder(objtree: string): string {
	return join(objtree, OWN_FOLDER);
}

/**
 * The journal of this objtree; null when none was begun. Throws "busy": `not-ours` when .kprep belongs to somebody
 * else, `journal-damaged` when it cannot be read, when nothing may be guessed.
 */
export function readJournal(objtree: string): Journal | null {
	const folder = journalFolder(objtree);
	requireOwn(folder);
	const path = join(folder, "journal.json");
	if (!isThere(path)) {
		if (isThere(join(folder, "saved/0")))
			throw damaged(objtree, "journal.json is not there, but originals are");
		return null;
	}
	const json = parse(objtree, path);
	if ((json as { schema?: unknown } | null)?.schema === 1)
		throw damaged(objtree, "a journal of an earlier kprep, which put files back less exactly");
	const result = v.safeParse(journalSchema, json);
	if (result.success) return result.output;
	const [issue] = result.issues;
	throw damaged(objtree, `${v.getDotPath(issue) ?? "the document"}: ${issue.message}`);
}

/** Writes the journal so that it survives a crash from here on. */
export async function writeJournal(objtree: string, journal: Journal): Promise<void> {
	await writeAtomically(join(journalFolder(objtree), "journal.json"), JSON.stringify(journal));
}

/** What the clock of the file system says now, as it stamps files: ns. */
export function journalTime(objtree: string): string {
	return String(statSync(join(journalFolder(objtree), "journal.json"), { bigint: true }).mtimeNs);
}

/** Begins a journal: its folder (invisible to git), the list of what is there, and the empty account. */
export async function beginJournal(
	objtree: string,
	given: Pick<Journal, "srctree" | "madeObjtree" | "topTime">,
	before: Snapshot,
): Promise<Journal> {
	const folder = journalFolder(objtree);
	mkdirSync(join(folder, "saved"), { recursive: true });
	await writeAtomically(join(folder, ".gitignore"), "*\n");
	await writeAtomically(join(folder, "before.json"), JSON.stringify([...before]));
	const journal: Journal = {
		schema: 2,
		...given,
		originals: {},
		phase: "writing",
		runs: [],
		made: [],
		foreign: [],
		unsaved: [],
		written: {},
		left: {},
		record: null,
	};
	await writeJournal(objtree, journal);
	return journal;
}

/** What was in objtree before the first sync; null when the list is gone or damaged. */
export function readBefore(objtree: string): Snapshot | null {
	const path = join(journalFolder(objtree), "before.json");
	try {
		return new Map(v.parse(beforeSchema, parse(objtree, path)));
	} catch (error) {
		if (error instanceof KprepError || error instanceof v.ValiError) return null;
		throw error;
	}
}

/** The same where a list is needed: throws `before-damaged`, whose way out is undo. */
export function requireBefore(objtree: string): Snapshot {
	const before = readBefore(objtree);
	if (before !== null) return before;
	throw new KprepError(
		"busy",
		"before-damaged",
		"the list of what was in the tree before kprep is gone or damaged",
		{
			where: join(journalFolder(objtree), "before.json"),
			suggestions: [`kprep undo ${quoted(objtree)}`],
		},
	);
}

function parse(objtree: string, path: string): unknown {
	const folder = journalFolder(objtree);
	try {
		return JSON.parse(readRegular(path, { limit: MOST_BYTES, within: folder }).toString("utf8"));
	} catch (error) {
		if (error instanceof SyntaxError) throw damaged(objtree, error.message);
		throw error instanceof KprepError ? damaged(objtree, error.message) : error;
	}
}

function damaged(objtree: string, found: string): KprepError {
	const folder = journalFolder(objtree);
	return new KprepError("busy", "journal-damaged", "the journal of earlier syncs cannot be read", {
		found,
		where: folder,
		suggestions: [
			`mv ${quoted(folder)} ${quoted(`${folder}-damaged`)}   (kprep then takes the tree as it is now; what it had saved stays in ${OWN_FOLDER}-damaged/saved)`,
			"put the folder back from a backup",
			"unpack the tree afresh and sync that",
		],
	});
}

function isThere(path: string): boolean {
	return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
