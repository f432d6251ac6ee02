import { lstatSync } from "node:fs";
import { ownedByCaller } from "../files/trust.ts";
import type { Progress } from "../progress.ts";

const told = new Set<string>();

/** Warns, once a folder, that make is going to run as root what others may have written in it. */
export function warnAboutRoot(folder: string, progress: Progress): void {
	if (process.geteuid?.() !== 0 || told.has(folder)) return;
	told.add(folder);
	const { uid, gid, mode } = lstatSync(folder);
	const others = (mode & 0o002) !== 0 || (gid !== 0 && (mode & 0o020) !== 0);
	if (ownedByCaller(folder).ok && !others) return;
	progress.warn(
		`make runs as root the code of ${folder}, which others may change (owner ${uid}, group ${gid}, mode ${(mode & 0o777).toString(8)})`,
	);
}
