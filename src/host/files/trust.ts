import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";

export type Ownership = { ok: true } | { ok: false; owner: number };

let safe: string[] = [];

/**
 * Sets the folders whose content is believed whoever owns it, as git's safe.directory does: each with all below it;
 * `*` is everything. Only what belongs to the user may fill it: /etc/kprep.ini, the user's config.ini, the command line.
 */
export function trustFolders(folders: string[]): void {
	safe = folders.map((folder) => (folder === "*" ? folder : settled(resolve(folder))));
}

/**
 * Whether what lies at `path` (a link itself, not what it leads to) belongs to who runs kprep, and may be believed.
 * Root under sudo is also the user who typed sudo (git: setup.c, ensure_valid_ownership). What is not there is nobody's
 * and does no harm. `safeToo` false: what was named safe does not count. Throws the system's error when the folder may
 * not be searched.
 */
export function ownedByCaller(path: string, safeToo = true): Ownership {
	const status = lstatSync(path, { throwIfNoEntry: false });
	if (status === undefined || callers().includes(status.uid) || (safeToo && isSafe(path)))
		return { ok: true };
	return { ok: false, owner: status.uid };
}

function callers(): number[] {
	const user = process.geteuid?.() ?? 0;
	const sudo = process.env.SUDO_UID ?? "";
	return user === 0 && /^\d{1,10}$/.test(sudo) ? [user, Number(sudo)] : [user];
}

function isSafe(path: string): boolean {
	if (safe.length === 0) return false;
	const place = settled(resolve(path));
	return safe.some((folder) => folder === "*" || place === folder || place.startsWith(join(folder, sep)));
}

/** The path with the links of its folders resolved; a link at its end stands for itself. */
function settled(path: string): string {
	try {
		return join(realpathSync(dirname(path)), basename(path));
	} catch {
		return path;
	}
}
