import { existsSync } from "node:fs";
import { lock } from "../../host/files/lock.ts";
import { stopLeftover } from "../../host/process/leftover.ts";
import type { Progress } from "../../host/progress.ts";
import { journalFolder } from "../../tree/journal.ts";
import { type Undone, undo } from "../../tree/undo.ts";

/** Puts the tree's objtree back as it was before its first sync; nothing to do is an answer too. Throws "busy" while someone else writes there. */
export async function undoTree(objtree: string, progress: Progress): Promise<Undone> {
	const nothing: Undone = { restored: [], removed: [], kept: [], lost: [] };
	if (!existsSync(journalFolder(objtree))) return nothing;
	const release = lock(journalFolder(objtree));
	try {
		progress.step("undo", objtree);
		await stopLeftover(journalFolder(objtree));
		return (await undo(objtree)) ?? nothing;
	} finally {
		release();
	}
}
