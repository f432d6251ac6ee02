import { lstatSync } from "node:fs";
import { join } from "node:path";
import { type Journal, journalFolder } from "../journal/index.ts";
import { isFolder, type Snapshot } from "../snapshot.ts";
import { proofBeside } from "./built.ts";
import { isPlace } from "./evidence.ts";
import { join as inner, type Run, type Scene, split } from "./scene.ts";

/** kprep notes every second that it watches make; what conf writes last (.config) comes a moment after all else. */
const GRACE = 2_000_000_000n;

/**
 * How long a make that was cut off may have been at work unseen, ns: kconfig before it writes, and one compiler at a large
 * file that make had named, on a slow machine. What comes later is from another make, or a user's.
 */
const SILENCE = { place: 5_000_000_000n, built: 60_000_000_000n };

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
	// A silent make names nothing.
	const isNamed = (path: string) => scene.named.size === 0 || scene.named.has(targetOf(path));
	for (const [path, status] of now) {
		if (isFolder(status) || status === "-" || foreign.has(path)) continue;
		if (before.has(path) && journal.originals[path] === undefined) continue;
		const [time, , mode] = status.split(" ").map(BigInt) as [bigint, bigint, bigint];
		if (time < start || (mode & 0o170000n) !== 0o100000n) continue;
		if (isPlace(path)) signs.push({ time, silence: SILENCE.place });
		// Without a reader make ends at its next line: what it had not named yet is of another make.
		else if (isNamed(path) && proofBeside(path, scene) !== null) signs.push({ time, silence: SILENCE.built });
	}
	signs.sort((one, other) => (one.time < other.time ? -1 : 1));
	let last = ["journal.json", "named"].reduce((latest, name) => {
		const time = timeOf(join(journalFolder(objtree), name));
		return time > latest ? time : latest;
	}, start);
	for (const { time, silence } of signs) if (time > last && time <= last + silence) last = time;
	return last;
}

/** What `.NAME.cmd` and `.NAME.d` speak of. */
function targetOf(path: string): string {
	const [folder, name] = split(path);
	return inner(folder, name.replace(/^\.(.+)\.(?:cmd|d)$/, "$1"));
}

function timeOf(path: string): bigint {
	return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n;
}
