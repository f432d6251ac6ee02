import { isEdited, nameForKept } from "../account/edits.ts";
import { foldersOf, readScene, takeAccount } from "../account/index.ts";
import { closed } from "../account/runs.ts";
import { insideRun } from "../account/scene.ts";
import { type Journal, writeJournal } from "../journal/index.ts";
import { keepTheRest, restoringOf } from "../originals.ts";
import { isFolder, type Snapshot, takeSnapshot } from "../snapshot.ts";

/** At the beginning of a later sync: what has come since, and what a sync that was cut off had made. */
export async function settle(output: string, journal: Journal, before: Snapshot): Promise<void> {
	keepTheRest(output, journal);
	account(output, journal, before);
	await writeJournal(output, journal);
}

/**
 * Tells what is new in objtree apart into make's and people's; what changed, where kbuild may rewrite at all, and was not
 * kept is remembered. No run is open afterwards.
 */
export function account(objtree: string, journal: Journal, before: Snapshot): void {
	const now = takeSnapshot(objtree);
	const scene = readScene(objtree, journal, before, now);
	const { products, foreign } = takeAccount(objtree, journal, before, now, scene);
	journal.runs = closed(scene.runs);
	journal.made = [...new Set([...journal.made, ...products, ...foldersOf(products, before)])];
	journal.foreign = foreign;
	const unsaved = new Set(journal.unsaved);
	for (const [path, status] of now) {
		const was = before.get(path);
		if (was === undefined || was === status || isFolder(status)) continue;
		const changed = insideRun(BigInt(status.split(" ")[0] ?? 0), scene.runs);
		if (journal.originals[path] === undefined && changed) unsaved.add(path);
	}
	journal.unsaved = [...unsaved];
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
	const edited = paths.filter(
		(path) =>
			journal.originals[path] !== undefined &&
			restoringOf(objtree, path, journal.originals[path]) !== "unchanged" &&
			isEdited(objtree, journal, path, scene),
	);
	return new Map(edited.map((path) => [path, nameForKept(objtree, path)]));
}
