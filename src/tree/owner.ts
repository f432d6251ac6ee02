import { lchownSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { onDisk } from "../host/files/names.ts";
import { journalFolder } from "./journal/index.ts";

/** Who works in a tree. */
export interface Owner {
	uid: number;
	gid: number;
}

/**
 * To whom the files that this process makes in `folder` are to belong: root working in somebody else's tree leaves all
 * of it to that user. Undefined when they are this user's anyway.
 */
export function ownerFor(folder: string): Owner | undefined {
	if (process.geteuid?.() !== 0) return undefined;
	const { uid, gid } = lstatSync(folder);
	return uid === 0 ? undefined : { uid, gid };
}

/** Gives what root made at these paths, and kprep's own folder, to the owner. Links are not followed. */
export function giveTo(owner: Owner | undefined, objtree: string, paths: Iterable<string>): void {
	if (owner === undefined) return;
	const own = ["", "before.json", "journal.json", "named", ".gitignore", "saved", "lock", "holder.json"].map(
		(name) => join(journalFolder(objtree), name),
	);
	for (const path of [...own, ...[...paths].map((inner) => join(objtree, inner))]) {
		const status = lstatSync(onDisk(path), { throwIfNoEntry: false });
		if (status?.uid === 0) lchownSync(onDisk(path), owner.uid, owner.gid);
	}
}
