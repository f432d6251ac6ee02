import { createHash } from "node:crypto";
import { lstatSync, readlinkSync } from "node:fs";
import { entriesOf, onDisk } from "../host/files/names.ts";
import { neededForModules } from "../kernel/kbuild/module-parts.ts";

/**
 * What tells one source tree from another, as far as building modules for `arch` reads it: names, sizes and times of
 * change, which is what make itself goes by. `left`: paths (relative) that kprep writes itself, and whatever else is no
 * source. `files`: those of the tree, where they were just listed. Reads no file.
 */
export function treeDigest(
	srctree: string,
	arch: string | null,
	left: (path: string) => boolean,
	files: readonly string[] = filesBelow(srctree),
): string {
	const hash = createHash("sha256");
	for (const path of files.filter((it) => neededForModules(it, arch) && !left(it)).sort()) {
		const status = lstatSync(onDisk(`${srctree}/${path}`), { throwIfNoEntry: false });
		if (status === undefined) continue;
		// A link's own time is when it was unpacked, and nobody's business.
		const { size, mtimeMs, mode } = status;
		const what = status.isSymbolicLink() ? linkAt(`${srctree}/${path}`) : `${size} ${mtimeMs} ${mode}`;
		hash.update(`${path}\0${what}\0`);
	}
	return hash.digest("hex");
}

function linkAt(path: string): string {
	return `-> ${readlinkSync(onDisk(path))}`;
}

/** Every file of a source tree but git's and kprep's own, links included: paths relative to it. */
export function filesBelow(srctree: string): string[] {
	const files: string[] = [];
	const walk = (inner: string) => {
		for (const { name, kind } of entriesOf(inner === "" ? srctree : `${srctree}/${inner}`)) {
			const path = inner === "" ? name : `${inner}/${name}`;
			if (path === ".git" || path === ".kprep") continue;
			if (kind === "folder") walk(path);
			else files.push(path);
		}
	};
	walk("");
	return files;
}
