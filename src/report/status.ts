import { printable } from "../printable.ts";

/** What is known about what kprep did to a tree. */
export interface TreeStatus {
	/** srctree, and objtree where -O put it. */
	tree: string;
	output: string;
	/**
	 * "none": no sync is on record. "synced". "interrupted": one was cut off, and waits for undo or a rerun. "busy":
	 * a kprep is at work. "damaged": .kprep is there and cannot be read, or is not this user's.
	 */
	state: "none" | "synced" | "interrupted" | "busy" | "damaged";
	/** What the last finished sync made the tree ready for; null when none was finished. */
	ready: {
		release: string;
		until: string;
		/** make ran, and nothing was rolled back since. */
		made: boolean;
		kprep: string | null;
		finished: string | null;
	} | null;
	/** UTS_RELEASE of the tree as it is now; null when it is not prepared. */
	release: string | null;
	/** Files of kprep's that somebody changed since, relative to `output`. */
	changed: string[];
	/** New files that may be the user's, as far as the last sync saw them. */
	kept: string[];
	/** Why the state is "damaged", and the ways out. */
	problem: { message: string; suggestions: string[] } | null;
}

const SHOWN = 10;

/** A tree's status in a few lines, with the next command where there is one to type. */
export function statusText(status: TreeStatus): string {
	const { output, state, ready, release, changed, kept, problem } = status;
	const names = (title: string, paths: string[]) =>
		paths.length === 0
			? []
			: [
					title,
					...paths.slice(0, SHOWN).map((path) => `  ${printable(path)}`),
					...(paths.length > SHOWN ? [`  and ${paths.length - SHOWN} more`] : []),
				];
	const first = {
		none: `no sync is on record in ${printable(output)}`,
		synced: `${printable(output)} is synced`,
		interrupted: `a sync of ${printable(output)} was cut off: it waits for kprep undo, or for the same sync again`,
		busy: `a kprep is at work in ${printable(output)}`,
		damaged: `what kprep noted in ${printable(output)} cannot be used: ${printable(problem?.message ?? "")}`,
	}[state];
	return [
		first,
		...(problem?.suggestions ?? []).map((line) => `  try:      ${printable(line)}`),
		...(ready === null ? [] : [`made ready for ${printable(ready.release)}${until(ready)}${by(ready)}`]),
		...(release === null || release === ready?.release ? [] : [`now prepared as ${printable(release)}`]),
		...names("changed since by others:", changed),
		...names("new, and perhaps yours (undo leaves them):", kept),
	].join("\n");
}

function until({ until: stage, made }: { until: string; made: boolean }): string {
	if (!made) return " (files only)";
	return stage === "modules_prepare" ? "" : ` (until ${printable(stage)})`;
}

function by({ kprep, finished }: { kprep: string | null; finished: string | null }): string {
	if (kprep === null || finished === null) return "";
	return ` by kprep ${printable(kprep)}, ${printable(finished.slice(0, 16).replace("T", " "))} UTC`;
}
