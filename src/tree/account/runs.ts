import { lstatSync } from "node:fs";
import { join } from "node:path";
import { type Journal, journalFolder } from "../journal/index.ts";
import { isFolder, type Snapshot } from "../snapshot.ts";
import { proofOf } from "./evidence.ts";
import type { Run, Scene } from "./scene.ts";

/** What conf writes last (.config) comes a moment after all else that the run left. */
const GRACE = 2_000_000_000n;

/**
 * How long a make that was cut off may have been at work unseen, ns: one compiler at a large file on a slow machine, or
 * kconfig before it writes. What comes later is from another make, or a user's.
 */
const SILENCE = { place: 10_000_000_000n, built: 60_000_000_000n };

/** When make ran. A run that was cut off ends with its last sign, and what comes a moment later. */
export function runsOf(
	objtree: string,
	journal: Journal,
	before: Snapshot,
	now: Snapshot,
	scene: Scene,
): Run[] {
	return journal.runs.map(({ start, end, cut = end === null }) => {
		const from = BigInt(start);
		return {
			start: from,
			end: end === null ? lastSignOf(from, objtree, journal, before, now, scene) + GRACE : BigInt(end),
			cut,
		};
	});
}

/** The runs as a journal has them, none of them open any more. */
export function closed(runs: readonly Run[]): Journal["runs"] {
	return runs.map(({ start, end, cut }) => ({
		start: String(start),
		end: String(end),
		...(cut ? { cut } : {}),
	}));
}

/** kprep's notes about the run, and then what make shows by its own products to have written soon after. */
function lastSignOf(
	start: bigint,
	objtree: string,
	journal: Journal,
	before: Snapshot,
	now: Snapshot,
	scene: Scene,
): bigint {
	const signs: { time: bigint; silence: bigint }[] = [];
	const foreign = new Set(journal.foreign);
	for (const [path, status] of now) {
		if (isFolder(status) || status === "-" || foreign.has(path)) continue;
		if (before.has(path) && journal.originals[path] === undefined) continue;
		const [time, , mode] = status.split(" ").map(BigInt) as [bigint, bigint, bigint];
		if (time < start || (mode & 0o170000n) !== 0o100000n) continue;
		const proof = proofOf({ path, kind: "file" }, scene);
		// A name alone may be the user's.
		if (proof === null || proof === "name" || proof === "printed") continue;
		signs.push({ time, silence: proof === "place" ? SILENCE.place : SILENCE.built });
	}
	signs.sort((one, other) => (one.time < other.time ? -1 : 1));
	let last = ["journal.json", "named"].reduce((latest, name) => {
		const time = timeOf(join(journalFolder(objtree), name));
		return time > latest ? time : latest;
	}, start);
	for (const { time, silence } of signs) if (time > last && time <= last + silence) last = time;
	return last;
}

function timeOf(path: string): bigint {
	return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n;
}
