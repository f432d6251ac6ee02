/** Folders that a `<../...>` of a header may be counted from besides its own: kbuild's -I of every tree. */
const INCLUDE_FOLDERS = ["include", "include/uapi"];

/**
 * What a C file's `#include` lines may mean, by where it stands in the tree: those that climb (`../`), and quoted ones
 * beside it. For each line the paths of the tree that it can stand for, the likeliest first; none that leaves the tree.
 * (rust/bindings/bindings_helper.h of 7.2: `<../../drivers/base/base.h>`, `"../../drivers/android/binder/..."`.)
 */
export function outsideIncludes(path: string, text: string): string[][] {
	const own = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
	const found: string[][] = [];
	for (const [, bracket, name = ""] of text.matchAll(/^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">]/gm)) {
		const climbs = name.startsWith("../");
		if (!climbs && bracket !== '"') continue;
		const folders = climbs ? [own, ...INCLUDE_FOLDERS] : [own];
		const paths = folders.map((folder) => joined(folder, name)).filter((it) => it !== null);
		if (paths.length > 0) found.push([...new Set(paths)]);
	}
	return found;
}

/** `folder/name` without its `.` and `..`; null when that leads out of the tree. */
function joined(folder: string, name: string): string | null {
	const parts: string[] = [];
	for (const part of `${folder}/${name}`.split("/")) {
		if (part === "" || part === ".") continue;
		if (part !== "..") parts.push(part);
		else if (parts.pop() === undefined) return null;
	}
	return parts.length === 0 ? null : parts.join("/");
}
