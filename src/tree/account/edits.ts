import { type BigIntStats, lstatSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../host/files/digest.ts";
import { onDisk } from "../../host/files/names.ts";
import { readRegular } from "../../host/files/regular.ts";
import { type Journal, journalFolder } from "../journal/index.ts";
import { evidenceOf, insideRun, type Scene } from "./evidence.ts";

/**
 * Whether what is at a path that kprep or make wrote is a user's work since: neither what the last sync left, nor what
 * kprep wrote, nor a product of kbuild. `lastSign`: when make of a cut-off run was last seen at work, ns.
 */
export function isEdited(
	objtree: string,
	journal: Journal,
	path: string,
	scene: Scene,
	lastSign: bigint,
): boolean {
	const status = statOf(objtree, path);
	if (status === undefined || journal.left[path] === markOf(status)) return false;
	if (status.isFile() && journal.written[path] === digestOf(objtree, path)) return false;
	const kind = status.isFile() ? "file" : status.isSymbolicLink() ? "link" : "other";
	const always = { ...scene, runs: [{ start: 0n, end: null }] };
	if (evidenceOf({ path, kind, mtime: status.mtimeNs }, always) !== null) return false;
	const cutOff = scene.runs.filter(({ end }) => end === null);
	return !(insideRun(status.mtimeNs, cutOff) && status.mtimeNs <= lastSign + GRACE);
}

/** What conf writes last (.config) comes a moment after all else that the run left. */
const GRACE = 2_000_000_000n;

/** What the finished sync left at these paths, for `isEdited`. */
export function leftAt(objtree: string, paths: string[]): Journal["left"] {
	return Object.fromEntries(
		paths.flatMap((path) => {
			const status = statOf(objtree, path);
			return status === undefined ? [] : [[path, markOf(status)]];
		}),
	);
}

/** When anything of the last run was last written: make's products, and kprep's notes about it. */
export function lastSignOf(objtree: string, products: string[]): bigint {
	const notes = ["journal.json", "named", "running.json"].map((name) => join(journalFolder(objtree), name));
	return [...notes, ...products.map((path) => join(objtree, path))]
		.map((path) => lstatSync(onDisk(path), { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n)
		.reduce((last, time) => (time > last ? time : last), 0n);
}

/** A name beside `path` that is free. */
export function nameForKept(objtree: string, path: string): string {
	for (let number = 1; ; number++) {
		const name = `${path}.kprep-kept${number === 1 ? "" : `-${number}`}`;
		if (statOf(objtree, name) === undefined) return name;
	}
}

function statOf(objtree: string, path: string): BigIntStats | undefined {
	return lstatSync(onDisk(join(objtree, path)), { bigint: true, throwIfNoEntry: false });
}

function markOf({ mtimeNs, size }: BigIntStats): string {
	return `${mtimeNs} ${size}`;
}

function digestOf(objtree: string, path: string): string {
	return sha256(readRegular(join(objtree, path), { within: objtree, limit: 1024 * 1024 * 1024 }));
}
