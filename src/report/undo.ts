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
		`restored ${restored.length} files`,
		...list(restored),
		`removed ${removed.length} files that kprep and make created`,
		...(kept.length > 0
			? [`kept ${kept.length} files that came later and are not theirs`, ...list(kept)]
			: []),
		...(lost.length > 0 ? [`could not put back ${lost.length} files that make changed`, ...list(lost)] : []),
	].join("\n");
}
