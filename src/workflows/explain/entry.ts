import { existsSync } from "node:fs";
import { KprepError } from "../../errors.ts";
import { catalogue, causeFor, commandsFor, entryOf, remedyFor } from "../../kernel/failures/catalogue.ts";
import type { EntryDocument } from "../../kernel/failures/document.ts";
import type { Entry } from "../../kernel/failures/entry.ts";
import { fill, fillCommand } from "../../kernel/failures/reading/text.ts";
import { entryText, listText } from "../../report/explain.ts";
import { installer } from "./index.ts";

export interface CatalogueDocument {
	entries: EntryDocument[];
}

export interface EntryAnswer {
	entry: EntryDocument;
}

/** The whole catalogue, as text and as a document. */
export function aboutCatalogue(): { json: CatalogueDocument; text: string; yes: boolean } {
	return { json: { entries: catalogue.map(document) }, text: listText(catalogue), yes: true };
}

/**
 * All that is known about one diagnosis; null when `id` is none and may be a log. Throws KprepError "missing" for a
 * mistyped id: no such diagnosis, no such file.
 */
export async function aboutEntry(
	id: string,
	width: number,
): Promise<{ json: EntryAnswer; text: string; yes: boolean } | null> {
	const word = id.toLowerCase().replaceAll("_", "-");
	const isFile = existsSync(id);
	const entry = entryOf(id) ?? (isFile ? null : entryOf(word));
	if (entry === null) {
		if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(word) && !isFile) throw await mistyped(id, word);
		return null;
	}
	const json = { entry: document(entry) };
	return { json, text: entryText(json.entry, width), yes: true };
}

const MOST_NEAR = 4;

async function mistyped(id: string, word: string): Promise<KprepError> {
	const { closest } = await import("fastest-levenshtein");
	const ids = catalogue.map((entry) => entry.id);
	const within = ids.filter((other) => other.includes(word));
	const near = within.length === 0 ? [closest(word, ids)] : within.slice(0, MOST_NEAR);
	return new KprepError("missing", "no-log", `no diagnosis and no file is named ${id}`, {
		suggestions: [...near.map((other) => `kprep explain ${other}`), "kprep explain --list"],
	});
}

function document(entry: Entry): EntryDocument {
	const { id, title, causes = [], unsafe, check, origin } = entry;
	return {
		id,
		title,
		cause: causeFor(id),
		causes,
		remedy: remedyFor(id),
		commands: commandsFor(id, {}, installer({})),
		unsafe: unsafe === undefined ? null : fill(unsafe, {}),
		check: fillCommand(check, {}),
		origin,
	};
}
