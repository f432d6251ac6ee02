import { basename, join } from "node:path";
import { sha256 } from "../../host/files/digest.ts";
import { cacheFolder } from "../../host/machine/cache.ts";

/** The tree of one source for one architecture; targets that come from the same source share it. */
export function treePlace(source: { where: string; version: string | null; arch: string | null }): string {
	const name = [source.version ?? basename(source.where), source.arch ?? "any"].map(plain).join("-");
	return join(cacheFolder(), "trees", `${name}-${short(source.where)}`);
}

/** The objtree of one target in one tree. */
export function objtreePlace(release: string, facts: readonly (string | null)[]): string {
	return join(cacheFolder(), "objtrees", `${plain(release)}-${short(JSON.stringify(facts))}`);
}

/** Where a copy of a module's sources is built for one objtree. */
export function copyPlace(folder: string, objtree: string): string {
	const name = plain(basename(folder)) || "module";
	return join(cacheFolder(), "matrix", "modules", `${name}-${short(folder)}`, basename(objtree), name);
}

/** The folder to lock while a place is filled or built in: beside it, as it may not be there yet. */
export function lockPlace(place: string): string {
	return join(place, "..", ".locks", basename(place));
}

function short(text: string): string {
	return sha256(text).slice(0, 12);
}

/** kbuild refuses spaces and colons in paths. */
function plain(text: string): string {
	return text.replace(/[^\w.+~-]/g, "_");
}
