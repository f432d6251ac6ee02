import {
	closeSync,
	constants,
	copyFileSync,
	fsyncSync,
	lstatSync,
	openSync,
	readlinkSync,
	readSync,
} from "node:fs";
import { join } from "node:path";
import { syncFolder } from "../host/files/files.ts";
import { isProduct, mayBeRewritten } from "../kernel/kbuild/products.ts";
import { type Journal, journalFolder, type Original, writeJournal } from "./journal.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Saves what is at these paths (relative to objtree) unless an earlier sync did; durable, journal included, when it
 * returns. What came after `before` and is no person's was made by an earlier sync: there was nothing originally.
 */
export async function saveOriginals(
	objtree: string,
	journal: Journal,
	before: Snapshot,
	paths: Iterable<string>,
): Promise<void> {
	const foreign = new Set(journal.foreign);
	let added = 0;
	for (const path of paths) {
		if (journal.originals[path] !== undefined) continue;
		journal.originals[path] =
			!before.has(path) && !foreign.has(path)
				? { kind: "absent" }
				: saveOne(objtree, path, `${Object.keys(journal.originals).length}`);
		added++;
	}
	if (added === 0) return;
	syncFolder(join(journalFolder(objtree), "saved"));
	await writeJournal(objtree, journal);
}

/** What an earlier preparation left and make may rewrite: relative paths out of a snapshot of objtree. */
export function productsIn(objtree: string, before: Snapshot): string[] {
	const folders = new Map<string, Set<string>>();
	for (const path of before.keys()) {
		const at = path.lastIndexOf("/");
		const folder = path.slice(0, Math.max(at, 0));
		const names = folders.get(folder) ?? new Set();
		names.add(path.slice(at + 1));
		folders.set(folder, names);
	}
	const found: string[] = [];
	for (const [path, status] of before) {
		if (status === "/" || !mayBeRewritten(path)) continue;
		const siblings = folders.get(path.slice(0, Math.max(path.lastIndexOf("/"), 0)));
		const kind = Number(status.split(" ")[2]) & 0o170000;
		// Links such as include/asm are made anew for another architecture, and cost nothing to remember.
		if (kind === 0o120000 || isProduct(path, siblings) || isProgram(join(objtree, path), status))
			found.push(path);
	}
	return found;
}

function saveOne(objtree: string, path: string, name: string): Original {
	const full = join(objtree, path);
	const status = lstatSync(full, { throwIfNoEntry: false });
	if (status === undefined) return { kind: "absent" };
	if (status.isSymbolicLink()) return { kind: "link", target: readlinkSync(full) };
	const saved = join(journalFolder(objtree), "saved", name);
	copyFileSync(full, saved, constants.COPYFILE_FICLONE);
	const descriptor = openSync(saved, "r");
	try {
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
	return {
		kind: "file",
		saved: name,
		mode: status.mode & 0o7777,
		mtimeMs: status.mtimeMs,
		atimeMs: status.atimeMs,
	};
}

/** An ELF file with an execute bit: a host tool that was linked without a `.cmd` file (tools/objtool/objtool). */
function isProgram(path: string, status: string): boolean {
	const mode = Number(status.split(" ")[2]);
	if ((mode & 0o111) === 0 || (mode & 0o170000) !== 0o100000) return false;
	const head = Buffer.alloc(4);
	const descriptor = openSync(path, "r");
	try {
		return readSync(descriptor, head, 0, 4, 0) === 4 && head.toString("latin1") === "\x7fELF";
	} finally {
		closeSync(descriptor);
	}
}
