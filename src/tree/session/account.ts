import { isEdited, lastSignOf, nameForKept } from "../account/edits.ts";
import { insideRun } from "../account/evidence.ts";
import { foldersOf, readScene, takeAccount } from "../account/index.ts";
import { type Journal, journalTime, writeJournal } from "../journal/index.ts";
import { keepTheRest, restoringOf } from "../originals.ts";
import { isFolder, type Snapshot, takeSnapshot } from "../snapshot.ts";

/** At the beginning of a later sync: what has come since, and what a sync that was cut off had made. */
export async function settle(output: string, journal: Journal, before: Snapshot): Promise<void> {
	keepTheRest(output, journal);
	account(output, journal, before);
	await writeJournal(output, journal);
	const now = journalTime(output);
	for (const run of journal.runs) run.end ??= now;
	await writeJournal(output, journal);
}

/** Tells what is new in objtree apart into make's and people's; what changed, where kbuild may rewrite at all, and was not kept is remembered. */
export function account(objtree: string, journal: Journal, before: Snapshot): void {
	const now = takeSnapshot(objtree);
	const { products, foreign } = takeAccount(objtree, journal, before, now);
	journal.made = [...new Set([...journal.made, ...products, ...foldersOf(products, before)])];
	journal.foreign = foreign;
	const unsaved = new Set(journal.unsaved);
	for (const [path, status] of now) {
		const was = before.get(path);
		if (was === undefined || was === status || isFolder(status)) continue;
		if (journal.originals[path] === undefined && changedInRun(status, journal)) unsaved.add(path);
	}
	journal.unsaved = [...unsaved];
}

function changedInRun(status: string, { runs }: Journal): boolean {
	const time = BigInt(status.split(" ")[0] ?? 0);
	return insideRun(
		time,
		runs.map(({ start, end }) => ({ start: BigInt(start), end: end === null ? null : BigInt(end) })),
	);
}

/** The user's edits among files that this session is about to write: path → the name under which they are kept. */
export function editsAt(
	objtree: string,
	journal: Journal,
	before: Snapshot,
	paths: string[],
): Map<string, string> {
	const now = takeSnapshot(objtree);
	const scene = readScene(objtree, journal, before, now);
	const lastSign = lastSignOf(objtree, journal.made);
	const edited = paths.filter(
		(path) =>
			journal.originals[path] !== undefined &&
			restoringOf(objtree, path, journal.originals[path]) !== "unchanged" &&
			isEdited(objtree, journal, path, scene, lastSign),
	);
	return new Map(edited.map((path) => [path, nameForKept(objtree, path)]));
}
