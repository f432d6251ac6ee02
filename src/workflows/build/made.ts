import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { modulesOfOrder } from "../../kernel/driver/makefile.ts";
import { textOf } from "../../tree/read.ts";

/** What stood at the .ko files of a folder before a build. */
export type Before = ReadonlyMap<string, string>;

/** The .ko files below a folder, each with what changes when it is written again. */
export function modulesBefore(folder: string): Before {
	return new Map(modulesIn(folder).map((path) => [path, mark(path)]));
}

/**
 * The .ko files that the build left or found up to date: those that it wrote, and those that a modules.order of kbuild
 * names and the saved command of kbuild stands beside. A .ko that came with the sources is neither.
 */
export function modulesMade(folder: string, before: Before): { made: string[]; others: string[] } {
	const all = modulesIn(folder);
	const written = all.filter((path) => before.get(path) !== mark(path));
	const ordered = new Set(
		filesIn(folder, (name) => name === "modules.order").flatMap((path) =>
			modulesOfOrder(textOf(path) ?? "", dirname(path)),
		),
	);
	const current = all.filter((path) => ordered.has(path) && hasCommand(path));
	const made = [...new Set([...written, ...current])];
	// Some drivers copy or move their .ko to the top when it is done: one of each name is enough.
	const names = new Map<string, string>();
	for (const path of made.sort((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1))) {
		const name = path.slice(path.lastIndexOf("/") + 1);
		if (!names.has(name)) names.set(name, path);
	}
	const chosen = [...names.values()].sort();
	return { made: chosen, others: all.filter((path) => !made.includes(path)) };
}

function hasCommand(path: string): boolean {
	const name = path.slice(path.lastIndexOf("/") + 1);
	return statSync(join(dirname(path), `.${name}.cmd`), { throwIfNoEntry: false })?.isFile() ?? false;
}

function modulesIn(folder: string): string[] {
	return filesIn(folder, (name) => name.endsWith(".ko"));
}

/** Regular files; links and folders behind links are not followed. */
export function filesIn(folder: string, wanted: (name: string) => boolean): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && wanted(entry.name))
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
}

function mark(path: string): string {
	const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
	return [ino, size, mtimeNs, ctimeNs].join(":");
}
