import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A link of an entry: its path in the objtree, and what it says. */
export interface StoredLink {
	path: string;
	to: string;
}

/**
 * Whether a link stays where the entry belongs: one of the build itself ("../fixdep" of tools/), or to one of `folders`.
 * Of ".." it has none but at its beginning, so that it means the same whatever is a link on its way.
 */
export function isInside({ path, to }: StoredLink, folders: readonly string[]): boolean {
	if (to.startsWith("/"))
		return !to.split("/").includes("..") && folders.some((it) => to === it || to.startsWith(`${it}/`));
	const parts = to.split("/").filter((part) => part !== "." && part !== "");
	const name = parts.findIndex((part) => part !== "..");
	const ups = name < 0 ? parts.length : name;
	return to !== "" && ups < path.split("/").length && !parts.slice(ups).includes("..");
}

/** Whether it would stay there on this disk too, put below `to`: what it leads through may be a link already. */
export function staysInside({ path, to: aim }: StoredLink, to: string, folders: readonly string[]): boolean {
	const real = realOf(aim.startsWith("/") ? aim : join(to, dirname(path), aim));
	return [to, ...folders].map(realOf).some((it) => real === it || real.startsWith(`${it}/`));
}

/** Whether a folder on the way from `to` to the path is a link. `known`: what was found of folders of the same `to` just before. */
export function isBehindLink(path: string, to: string, known = new Map<string, boolean>()): boolean {
	const above = dirname(path);
	if (above === ".") return false;
	const before = known.get(above);
	if (before !== undefined) return before;
	const behind =
		lstatSync(join(to, above), { throwIfNoEntry: false })?.isSymbolicLink() === true ||
		isBehindLink(above, to, known);
	known.set(above, behind);
	return behind;
}

/** The path, links resolved as far as there is something; "" behind a link that leads nowhere. */
function realOf(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return "";
		const above = realOf(dirname(path));
		return above === "" ? "" : join(above, basename(path));
	}
}
