import { printable } from "../printable.ts";
import type { Undone } from "../tree/undo.ts";

const SHOWN = 10;

/** What undo did, or would do, in counts, with the names that matter. */
export function undoText({ restored, removed, kept, lost }: Undone, dryRun = false): string {
	if (restored.length + removed.length + kept.length + lost.length === 0)
		return "nothing to undo: no sync is on record here";
	const list = (paths: string[]) => [
		...paths.slice(0, SHOWN).map((path) => `  ${printable(path)}`),
		...(paths.length > SHOWN ? [`  and ${paths.length - SHOWN} more`] : []),
	];
	const would = (done: string, plan: string) => (dryRun ? plan : done);
	return [
		`${would("restored", "would restore")} ${files(restored)}`,
		...list(restored),
		`${would("removed", "would remove")} ${files(removed)} that kprep and make created`,
		...(dryRun ? list(removed) : []),
		...(kept.length > 0
			? [`${would("left", "would leave")} ${files(kept)} that may be yours`, ...list(kept)]
			: []),
		...(lost.length > 0
			? [
					`${would("could not", "cannot")} put back ${files(lost)}: changed while make ran, and no copy was kept`,
					...list(lost),
				]
			: []),
	].join("\n");
}

function files({ length }: string[]): string {
	return length === 1 ? "1 file" : `${length} files`;
}
