import { type BigIntStats, lstatSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../host/files/digest.ts";
import { onDisk } from "../../host/files/names.ts";
import { readRegular } from "../../host/files/regular.ts";
import type { Journal } from "../journal/index.ts";
import { isPlace, proofOf } from "./evidence.ts";
import { insideRun, type Scene } from "./scene.ts";

/**
 * Whether what is at a path that kprep or make wrote is a user's work since: neither what the last sync left, nor what
 * kprep wrote, nor a product of kbuild. What kprep wrote is make's only where make writes too, and only while it ran.
 */
export function isEdited(objtree: string, journal: Journal, path: string, scene: Scene): boolean {
	const status = statOf(objtree, path);
	if (status === undefined || journal.left[path] === markOf(status)) return false;
	const written = journal.written[path];
	if (written !== undefined) {
		if (status.isFile() && [written, journal.put?.[path]].includes(digestOf(objtree, path))) return false;
		if (!mayMakeWrite(path)) return true;
	} else {
		const kind = status.isFile() ? "file" : status.isSymbolicLink() ? "link" : "other";
		if (proofOf({ path, kind }, scene) !== null) return false;
	}
	return !insideRun(
		status.mtimeNs,
		scene.runs.filter(({ cut }) => cut),
	);
}

/** What the finished sync left at these paths, for `isEdited`. */
export function leftAt(objtree: string, { written }: Journal, paths: string[]): Journal["left"] {
	return Object.fromEntries(
		paths.flatMap((path) => {
			const status = statOf(objtree, path);
			if (status === undefined) return [];
			// Somebody was at it while make ran.
			const changed = written[path] !== undefined && !mayMakeWrite(path);
			if (changed && !(status.isFile() && written[path] === digestOf(objtree, path))) return [];
			return [[path, markOf(status)]];
		}),
	);
}

/** A name beside `path` that is free. */
export function nameForKept(objtree: string, path: string): string {
	for (let number = 1; ; number++) {
		const name = `${path}.kprep-kept${number === 1 ? "" : `-${number}`}`;
		if (statOf(objtree, name) === undefined) return name;
	}
}

/** Of what kprep writes only the configuration, and what names the release, are written by make too. */
function mayMakeWrite(path: string): boolean {
	return path === ".config" || isPlace(path) || /^include\/linux\/(?:version|utsrelease)\.h$/.test(path);
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
