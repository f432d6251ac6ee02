import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * The folder to copy for a build: the project's, where the module lies in it (drivers include from beside themselves),
 * else the module's own.
 */
export function copyRoot(folder: string, targetsFile: string): string {
	const project = dirname(targetsFile);
	return folder === project || folder.startsWith(`${project}/`) ? project : folder;
}

/** sha256 over names, modes and content of all files below a folder, but for `.git` and what `left` names by its path. */
export function digestOf(folder: string, left: ReadonlySet<string>): string {
	const hash = createHash("sha256");
	const add = (...words: (string | number)[]) => hash.update(`${words.join("\0")}\0`);
	const walk = (path: string) => {
		for (const name of readdirSync(path).sort()) {
			const full = join(path, name);
			if (name === ".git" || left.has(full)) continue;
			const status = lstatSync(full);
			const inner = relative(folder, full);
			if (status.isDirectory()) walk(full);
			else if (status.isSymbolicLink()) add(inner, "link", readlinkSync(full));
			else if (status.isFile()) {
				add(inner, status.mode & 0o111, status.size);
				hash.update(readFileSync(full));
			}
		}
	};
	walk(folder);
	return hash.digest("hex");
}
