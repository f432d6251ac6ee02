import type { Undone } from "../tree/undo.ts";
import { printable } from "./printable.ts";

const SHOWN = 10;

/** What undo did, in counts, with the names that matter. */
export function undoText({ restored, removed, kept, lost }: Undone): string {
	if (restored.length + removed.length + kept.length + lost.length === 0)
		return "nothing to undo: no sync is on record here";
	const list = (paths: string[]) => [
		...paths.slice(0, SHOWN).map((path) => `  ${printable(path)}`),
		...(paths.length > SHOWN ? [`  and ${paths.length - SHOWN} more`] : []),
	];
	return [
		`restored ${files(restored)}`,
		...list(restored),
		`removed ${files(removed)} that kprep and make created`,
		...(kept.length > 0 ? [`kept ${files(kept)} that came later and are not theirs`, ...list(kept)] : []),
		...(lost.length > 0 ? [`could not put back ${files(lost)} that make changed`, ...list(lost)] : []),
	].join("\n");
}

function files({ length }: string[]): string {
	return length === 1 ? "1 file" : `${length} files`;
}
