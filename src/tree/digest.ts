import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import { entriesOf, onDisk } from "../host/files/names.ts";
import { neededForModules } from "../kernel/kbuild/module-parts.ts";

/**
 * What tells one source tree from another, as far as building modules for `arch` reads it: names, sizes and times of
 * change, which is what make itself goes by. `left`: paths (relative) that kprep writes itself, and whatever else is no
 * source. Reads no file.
 */
export function treeDigest(srctree: string, arch: string | null, left: (path: string) => boolean): string {
	const hash = createHash("sha256");
	const walk = (inner: string) => {
		const entries = entriesOf(inner === "" ? srctree : `${srctree}/${inner}`);
		for (const { name, kind } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
			const path = inner === "" ? name : `${inner}/${name}`;
			if (path === ".git" || path === ".kprep") continue;
			if (kind === "folder") walk(path);
			else if (neededForModules(path, arch) && !left(path)) {
				const { size, mtimeMs, mode } = lstatSync(onDisk(`${srctree}/${path}`));
				hash.update(`${path}\0${size} ${mtimeMs} ${mode}\0`);
			}
		}
	};
	walk("");
	return hash.digest("hex");
}
