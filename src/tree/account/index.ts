import { closeSync, existsSync, lstatSync, readSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../host/files/digest.ts";
import { onDisk } from "../../host/files/names.ts";
import { openRegular, readRegular } from "../../host/files/regular.ts";
import type { Journal } from "../journal/index.ts";
import { readNamed } from "../journal/named.ts";
import { isFolder, type Snapshot } from "../snapshot.ts";
import { evidenceOf } from "./evidence.ts";
import { runsOf } from "./runs.ts";
import type { Scene } from "./scene.ts";

/** Whose the new files of objtree are: in neither list are originals that kprep wrote, and folders. */
export interface Account {
	/** Shown to be kbuild's or kprep's own. */
	products: string[];
	/** Everything else that is new. */
	foreign: string[];
}

/** Tells products from people's files among all that is new in objtree since `before`. */
export function takeAccount(
	objtree: string,
	journal: Journal,
	before: Snapshot,
	now: Snapshot,
	scene: Scene,
): Account {
	const known = new Set(journal.made);
	const foreign = new Set(journal.foreign);
	const account: Account = { products: [], foreign: [] };
	for (const [path, status] of now) {
		if (before.has(path) || isFolder(status) || journal.originals[path] !== undefined) continue;
		const mine =
			!foreign.has(path) &&
			(known.has(path) ||
				isLeftover(path) ||
				isRenamed(objtree, path, journal) ||
				isProduct(objtree, path, scene));
		(mine ? account.products : account.foreign).push(path);
	}
	return account;
}

/** New folders that hold, or held, products. */
export function foldersOf(products: readonly string[], before: Snapshot): string[] {
	const found = new Set<string>();
	for (const path of products)
		for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
			const folder = path.slice(0, at);
			if (!before.has(folder)) found.add(folder);
		}
	return [...found];
}

/** A file that kprep had not finished when it was killed; until 0.1.0 `.NAME.kprep-PID`. */
function isLeftover(path: string): boolean {
	return /(?:^|\/)\.kprep-\d+-[0-9a-f]{12}$|(?:^|\/)\.(?:config|GNUmakefile|Makefile|Module\.symvers|utsrelease\.h)\.kprep-\d+$/.test(
		path,
	);
}

/** kconfig renames the .config that kprep wrote (scripts/kconfig/confdata.c, conf_write), whose time is before make's run. */
function isRenamed(objtree: string, path: string, { written }: Journal): boolean {
	if (path !== ".config.old" || written[".config"] === undefined) return false;
	try {
		return sha256(readRegular(join(objtree, path))) === written[".config"];
	} catch {
		return false;
	}
}

function isProduct(objtree: string, path: string, scene: Scene): boolean {
	const status = lstatSync(onDisk(join(objtree, path)), { bigint: true, throwIfNoEntry: false });
	if (status === undefined) return false;
	const kind = status.isFile() ? "file" : status.isSymbolicLink() ? "link" : "other";
	return evidenceOf({ path, kind, mtime: status.mtimeNs }, scene) !== null;
}

/** What evidence is judged by, read once. */
export function readScene(objtree: string, journal: Journal, before: Snapshot, now: Snapshot): Scene {
	const names = new Map<string, Set<string>>();
	const commands = new Set<string>();
	for (const path of now.keys()) {
		const at = path.lastIndexOf("/");
		const folder = path.slice(0, Math.max(at, 0));
		const name = path.slice(at + 1);
		const there = names.get(folder);
		if (there === undefined) names.set(folder, new Set([name]));
		else there.add(name);
		if (!name.endsWith(".cmd")) continue;
		for (
			let part = folder;
			part !== "" && !before.has(part);
			part = part.slice(0, Math.max(part.lastIndexOf("/"), 0))
		)
			commands.add(part);
	}
	const separate = journal.srctree !== objtree;
	const hasSource = (path: string) => separate && existsSync(onDisk(join(journal.srctree, path)));
	const none: ReadonlySet<string> = new Set();
	const scene: Omit<Scene, "runs"> = {
		hadFolder: (folder) => folder === "" || before.has(folder) || hasSource(folder),
		names: (folder) => names.get(folder) ?? none,
		head: (path) => headOf(join(objtree, path)),
		holdsCommands: (folder) => commands.has(folder),
		named: readNamed(objtree),
		separate,
		hasSource,
	};
	return { ...scene, runs: runsOf(objtree, journal, before, now, { ...scene, runs: [] }) };
}

const HEAD = 256 * 1024;

function headOf(path: string): string | null {
	try {
		const { descriptor } = openRegular(path);
		try {
			const bytes = Buffer.alloc(HEAD);
			return bytes.toString("latin1", 0, readSync(descriptor, bytes, 0, HEAD, 0));
		} finally {
			closeSync(descriptor);
		}
	} catch {
		return null;
	}
}
