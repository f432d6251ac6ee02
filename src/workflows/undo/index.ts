import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { lock } from "../../host/files/lock.ts";
import { stopLeftover } from "../../host/process/leftover.ts";
import type { Progress } from "../../host/progress.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { isTree } from "../../tree/find.ts";
import { journalFolder, readJournal } from "../../tree/journal/index.ts";
import { planUndo, type Undone, undo } from "../../tree/undo.ts";

const NOTHING: Undone = { restored: [], removed: [], kept: [], lost: [] };

/**
 * Puts the tree's objtree back as it was before its first sync; nothing to do is an answer too. `dryRun` says what it
 * would do, and changes nothing. Throws "missing" for a folder that is no kernel tree and on a read-only file system,
 * "busy" while someone else writes there and for a .kprep that is not to be believed.
 */
export async function undoTree(objtree: string, progress: Progress, dryRun = false): Promise<Undone> {
	const own = journalFolder(objtree);
	if (lstatSync(own, { throwIfNoEntry: false }) === undefined) {
		requireTree(objtree);
		return NOTHING;
	}
	// Before the lock: nothing is written into what is not ours.
	readJournal(objtree);
	if (dryRun) {
		const { restored, removed, kept, lost } = planUndo(objtree) ?? NOTHING;
		return { restored, removed, kept, lost };
	}
	try {
		const release = lock(own);
		try {
			progress.step("undo", objtree);
			await stopLeftover(own);
			return (await undo(objtree)) ?? NOTHING;
		} finally {
			release();
		}
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EROFS") throw error;
		throw new KprepError("missing", "read-only", "the tree is on a file system that is mounted read-only", {
			where: objtree,
			suggestions: [
				`mount -o remount,rw "$(findmnt -n -o TARGET -T ${quoted(objtree)})"   (as root)`,
				`kprep undo ${quoted(objtree)}`,
			],
			cause: error,
		});
	}
}

/** A build folder of -O has what make put there. */
function requireTree(folder: string): void {
	if (isTree(folder) || existsSync(join(folder, ".config")) || existsSync(join(folder, "include/config")))
		return;
	throw new KprepError(
		"missing",
		"not-a-tree",
		`${folder} is not a kernel source tree, and kprep has not been here`,
		{
			expected: "a folder with the kernel's Makefile, or one that -O named",
			found: existsSync(folder) ? "another folder" : "nothing",
			where: folder,
			suggestions: ["kprep undo TREE", "kprep status TREE"],
		},
	);
}
