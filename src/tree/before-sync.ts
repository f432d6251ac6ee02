import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { journalFolder, readJournal } from "./journal/index.ts";
import { textOf } from "./read.ts";

/** The texts and names of a source tree as they were before the first sync: what kprep itself changed there does not count. */
export interface BeforeSync {
	read(path: string): string | null;
	names(folder: string): string[];
}

/** Reads srctree `path` through the journal of objtree, where the two are one. */
export function beforeSync(path: string, objtree: string): BeforeSync {
	const originals = path === objtree ? (readJournal(objtree)?.originals ?? {}) : {};
	return {
		read(inner) {
			const original = originals[inner];
			if (original === undefined || original.kind === "link") return textOf(join(path, inner));
			return original.kind === "absent"
				? null
				: (textOf(join(journalFolder(objtree), "saved", original.saved)) ?? textOf(join(path, inner)));
		},
		names: (folder) =>
			namesIn(join(path, folder)).filter(
				(name) => originals[relative(path, join(path, folder, name))]?.kind !== "absent",
			),
	};
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder).sort();
	} catch {
		return [];
	}
}
