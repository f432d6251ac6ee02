import { existsSync, mkdirSync, statfsSync } from "node:fs";
import { KprepError } from "../../errors.ts";

/** Room that the products of modules_prepare take, with some to spare. */
const ROOM = 96 * 1024 * 1024;

/** Somebody else may make it at the same moment: the lock then settles who is first. */
export function makeFolder(path: string): void {
	try {
		mkdirSync(path, 0o755);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	}
}

/** Makes objtree and the folders above it; null when it is there already, else the topmost that was made. */
export function makeObjtree(objtree: string): string | null {
	if (existsSync(objtree)) return null;
	return mkdirSync(objtree, { recursive: true }) ?? null;
}

/** Throws `no-space` when the products would not fit. */
export function requireRoom(folder: string): void {
	const { bavail, bsize } = statfsSync(folder);
	if (bavail * bsize >= ROOM) return;
	throw new KprepError("missing", "no-space", "there is too little space for a prepared tree", {
		expected: `${ROOM / 1024 / 1024} MiB free`,
		found: `${Math.floor((bavail * bsize) / 1024 / 1024)} MiB free`,
		where: folder,
		suggestions: [
			"free some space (df -h), then run the same command again",
			"keep the build elsewhere with -O DIR",
		],
	});
}
