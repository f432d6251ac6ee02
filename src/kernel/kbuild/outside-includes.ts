/** Folders that a `<../...>` of a header may be counted from besides its own: kbuild's -I of every tree. */
const INCLUDE_FOLDERS = ["include", "include/uapi"];

/**
 * Paths of the tree that a C file's `#include` may mean, by where it stands in the tree: those that climb (`../`), and
 * quoted ones beside it. Several for one line where the folder that it counts from is open; none that leaves the tree.
 * (rust/bindings/bindings_helper.h of 7.2: `<../../drivers/base/base.h>`, `"../../drivers/android/binder/..."`.)
 */
export function outsideIncludes(path: string, text: string): string[] {
	const own = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
	const found = new Set<string>();
	for (const [, bracket, name = ""] of text.matchAll(/^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">]/gm)) {
		const climbs = name.startsWith("../");
		if (!climbs && bracket !== '"') continue;
		for (const folder of climbs ? [own, ...INCLUDE_FOLDERS] : [own]) {
			const target = joined(folder, name);
			if (target !== null) found.add(target);
		}
	}
	return [...found];
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
