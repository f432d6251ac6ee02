import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { neededForModules } from "../../kernel/kbuild/module-parts.ts";
import { outsideIncludes } from "../../kernel/kbuild/outside-includes.ts";

/** Unpacks into the new folder what `wanted` takes of an archive; throws what the unpacking throws. */
export type Unpack = (folder: string, wanted: (path: string) => boolean) => Promise<{ files: number }>;

/**
 * The part of a tree that building modules for `arch` reads. What rust/ includes from other folders is told by no path:
 * its C files are asked, and what they lack comes in a second round, which most trees do not need.
 */
export async function unpackMinimal(
	unpack: Unpack,
	folder: string,
	arch: string | null,
): Promise<{ files: number }> {
	let { files } = await unpack(folder, (path) => neededForModules(path, arch));
	const asked = new Set<string>();
	for (let round = 0; round < MOST_ROUNDS; round++) {
		const lacking = lackingIncludes(folder).filter((path) => !asked.has(path));
		if (lacking.length === 0) break;
		for (const path of lacking) asked.add(path);
		const more = `${folder}.more-${process.pid}`;
		try {
			const wanted = new Set(lacking);
			files += (await unpack(more, (path) => wanted.has(path))).files;
			moveInto(folder, more, lacking);
		} finally {
			rmSync(more, { recursive: true, force: true });
		}
	}
	return { files };
}

/** Each round goes through the whole archive: headers that include further ones of theirs are brought too, to this depth. */
const MOST_ROUNDS = 3;

/** Headers outside rust/ that its C files include, and those that these include, which are not in the tree. */
function lackingIncludes(tree: string): string[] {
	const lacking = new Set<string>();
	const seen = new Set<string>();
	const queue = cFiles(join(tree, "rust")).map((path) => `rust/${path}`);
	for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
		for (const paths of outsideIncludes(path, readFileSync(join(tree, path), "utf8"))) {
			// All of rust/ is here: what is not there is made by the build.
			const outside = paths.filter((it) => !it.startsWith("rust/"));
			const there = paths.find((it) => existsSync(join(tree, it)));
			for (const included of there === undefined ? outside : [there]) {
				if (seen.has(included)) continue;
				seen.add(included);
				if (there === undefined) lacking.add(included);
				else if (outside.includes(there) && statSync(join(tree, there)).isFile()) queue.push(there);
			}
		}
	}
	return [...lacking];
}

function cFiles(folder: string): string[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => /\.[ch]$/.test(path));
}

function moveInto(tree: string, from: string, paths: string[]): void {
	for (const path of paths) {
		if (!existsSync(join(from, path)) || existsSync(join(tree, path))) continue;
		mkdirSync(dirname(join(tree, path)), { recursive: true });
		renameSync(join(from, path), join(tree, path));
	}
}
