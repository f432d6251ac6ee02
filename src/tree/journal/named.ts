import { closeSync, constants, openSync, writeSync } from "node:fs";
import { join, relative } from "node:path";
import { readRegular } from "../../host/files/regular.ts";
import { journalFolder } from "./index.ts";

/** Notes what make's output names ("  HOSTCC  scripts/basic/fixdep"), at once, and that make is watched: it must outlive a kill of kprep. */
export interface NamedFiles {
	add(what: string): void;
	close(): void;
}

/** Opens the list for adding. */
export function openNamed(objtree: string): NamedFiles {
	const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
	const descriptor = openSync(pathOf(objtree), flags, 0o644);
	const add = (what: string) => {
		try {
			writeSync(descriptor, `${what}\n`);
		} catch {
			// Evidence that is not noted only means that more is left for the user to remove.
		}
	};
	// The time of the list tells when make was last watched, by the clock of the file system.
	const watch = setInterval(add, WATCHED, "").unref();
	return {
		add,
		close() {
			clearInterval(watch);
			closeSync(descriptor);
		},
	};
}

/** ms. */
const WATCHED = 1000;

/** Paths relative to objtree that makes of this tree have named; empty when none is on record. */
export function readNamed(objtree: string): Set<string> {
	try {
		const text = readRegular(pathOf(objtree), { within: journalFolder(objtree) }).toString("utf8");
		const lines = text.split("\n").filter((what) => what !== "");
		return new Set(lines.map((what) => (what.startsWith("/") ? relative(objtree, what) : what)));
	} catch {
		return new Set();
	}
}

function pathOf(objtree: string): string {
	return join(journalFolder(objtree), "named");
}
