import { lstatSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { KprepError } from "../errors.ts";
import { onDisk } from "../host/files/names.ts";
import { realPath } from "../host/files/regular.ts";
import { quoted } from "../kernel/shell-word.ts";

/** What kprep or make writes; a link in one of these places that leads out of the tree would make them write elsewhere. */
const WRITTEN = [
	".config",
	"Makefile",
	"GNUmakefile",
	"Module.symvers",
	"include/config",
	"include/generated",
	"scripts/basic",
	"scripts/kconfig",
	"scripts/mod",
	"arch",
	".kprep",
];

/** Throws `link-outside` when something that will be written below `objtree` is, or lies behind, a symbolic link that leads out of it. */
export function refuseLinksOutside(objtree: string, paths: string[]): void {
	refuse(objtree, [...WRITTEN.map((inner) => join(objtree, inner)), ...paths]);
}

/** The same for the folders of what will be put back; a link at the very place is replaced and does no harm. */
export function refuseFoldersOutside(objtree: string, paths: string[]): void {
	refuse(objtree, paths.map(dirname));
}

function refuse(objtree: string, paths: string[]): void {
	const seen = new Set<string>();
	for (const path of paths) {
		for (let part = path; part !== objtree && part.length > objtree.length; part = dirname(part)) {
			if (seen.has(part)) break;
			seen.add(part);
			if (!lstatSync(onDisk(part), { throwIfNoEntry: false })?.isSymbolicLink()) continue;
			const target = targetOf(part);
			if (target !== null && !relative(realPath(objtree), target).startsWith("..")) continue;
			throw new KprepError("busy", "link-outside", `${part} is a link that leads out of the tree`, {
				expected: "a file or folder of the tree itself",
				found: target ?? "a link that leads nowhere",
				where: part,
				suggestions: [
					`cp --remove-destination "$(readlink -f ${quoted(part)})" ${quoted(part)}`,
					"keep the build elsewhere with -O DIR",
				],
			});
		}
	}
}

function targetOf(link: string): string | null {
	try {
		return realPath(link);
	} catch {
		return null;
	}
}
