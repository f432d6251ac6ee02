import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { isAlive, markOf, type ProcessMark } from "../process/process-mark.ts";

/**
 * One writer a folder. The lock is a folder, made by one atomic mkdir, that names its holder; one whose holder is gone
 * (crash, kill -9, reboot) is taken over. Throws KprepError "busy" while another process holds it. Returns the release.
 */
export function lock(folder: string): () => void {
	const path = join(folder, "lock");
	for (let attempt = 0; attempt < 3; attempt++) {
		if (take(path)) {
			return () => rmSync(path, { recursive: true, force: true });
		}
		const holder = read(path);
		if (holder !== null && isAlive(holder)) {
			throw new KprepError(
				"busy",
				"tree-busy",
				`another kprep (process ${holder.pid}) is working on this tree`,
				{
					where: path,
					suggestions: ["wait until it is done, then run the same command again"],
				},
			);
		}
		// Renaming first makes sure that of two who saw the same dead holder only one removes it.
		const dead = `${path}.dead-${process.pid}`;
		try {
			renameSync(path, dead);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		}
		rmSync(dead, { recursive: true, force: true });
	}
	throw new KprepError("busy", "tree-busy", "the lock of this tree changes hands all the time", {
		where: path,
	});
}

function take(path: string): boolean {
	// Filled before it gets its name, so that nobody ever sees a lock without a holder.
	const ready = `${path}.new-${process.pid}`;
	mkdirSync(ready, { recursive: true });
	writeFileSync(join(ready, "holder.json"), JSON.stringify(markOf(process.pid)));
	try {
		renameSync(ready, path);
		return true;
	} catch (error) {
		rmSync(ready, { recursive: true, force: true });
		if (["ENOTEMPTY", "EEXIST", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
			return false;
		throw error;
	}
}

function read(path: string): ProcessMark | null {
	try {
		return JSON.parse(readFileSync(join(path, "holder.json"), "utf8")) as ProcessMark;
	} catch {
		return null;
	}
}
