import { printable } from "./printable.ts";

/** The part of a status that is told to people. */
export interface StatusLines {
	tree: string;
	output: string;
	state: "none" | "synced" | "interrupted" | "busy" | "damaged";
	ready: {
		release: string;
		until: string;
		made: boolean;
		kprep: string | null;
		finished: string | null;
	} | null;
	release: string | null;
	changed: string[];
	kept: string[];
	problem: { message: string; suggestions: string[] } | null;
}

const SHOWN = 10;

/** A tree's status in a few lines, with the next command where there is one to type. */
export function statusText(status: StatusLines): string {
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
