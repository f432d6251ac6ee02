import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { Root } from "../../host/files/root.ts";
import { type Config, isOn, stringOf } from "../../kernel/config/config.ts";
import { composeRelease, type ReleaseParts } from "../../kernel/release/release.ts";
import { judgeTree } from "../../kernel/source/source-candidate.ts";
import { releaseParts } from "../../tree/plan/release.ts";
import { readPrepared, readTree } from "../../tree/read.ts";
import type { Tree } from "../../tree/tree.ts";
import { type Found, RANK, type SourceContext, type Wanted } from "./candidate.ts";

/** Headers of exactly this kernel that are installed in its root. */
export function installedHeaders({ release, version, root }: Wanted): Found[] {
	const seen = new Set<string>();
	return headersPlaces(release).flatMap((place) => {
		const folder = root.real(place);
		if (folder === null || seen.has(folder)) return [];
		seen.add(folder);
		const prepared = readPrepared(folder);
		if (prepared?.release !== release) return [];
		return {
			candidate: {
				kind: "headers" as const,
				where: folder,
				version: version ?? prepared.version,
				release,
				verdict: "fits" as const,
				why: "prepared for exactly this kernel; good for modules out of the tree",
			},
			rank: RANK.headers,
			way: null,
		};
	});
}

/** Source trees in `folders` themselves, one level below them, and in /usr/src of the target's root. */
export async function localTrees(wanted: Wanted, context: SourceContext): Promise<Found[]> {
	const found: Found[] = [];
	for (const path of treesIn([...context.folders, ...inRoot(wanted.root)])) {
		context.progress.step("read", path);
		context.signal?.throwIfAborted();
		let tree: Tree;
		try {
			tree = await readTree(path);
		} catch (error) {
			context.progress.verbose(`${path} is passed over: ${(error as Error).message}`);
			continue;
		}
		const parts = partsOf(tree, wanted.config);
		const { verdict, why } = judgeTree(wanted, parts, tree.rules);
		const release = tree.settings?.release ?? composeRelease(parts, tree.rules);
		found.push({
			candidate: { kind: "tree", where: path, version: tree.base, release, verdict, why },
			rank: RANK.tree,
			way: null,
		});
	}
	return found;
}

/** Folders with a whole source tree: `folders` and what is right below them, each once, links resolved. */
export function treesIn(folders: string[]): string[] {
	const paths = folders.flatMap((folder) => {
		if (!existsSync(folder)) return [];
		const below = readdirSync(folder, { withFileTypes: true })
			.filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
			.map((entry) => join(folder, entry.name));
		return [folder, ...below];
	});
	// Headers packages have a Makefile and scripts too, but no code.
	const trees = paths.filter(
		(path) => existsSync(join(path, "init/main.c")) && existsSync(join(path, "Makefile")),
	);
	return [...new Set(trees.map((path) => realpathSync(path)))];
}

/** What makes the release of a tree, were it configured as the target is. */
export function partsOf(tree: Tree, config: Config | null): ReleaseParts {
	return releaseParts(tree, {
		configLocalversion: config === null ? "" : (stringOf(config, "LOCALVERSION") ?? ""),
		auto: config !== null && isOn(config, "LOCALVERSION_AUTO"),
		extraversion: tree.block.extraversion,
		localversion: null,
	});
}

function headersPlaces(release: string): string[] {
	return [
		`/lib/modules/${release}/build`,
		`/usr/lib/modules/${release}/build`,
		`/usr/src/linux-headers-${release}`,
		`/usr/src/kernels/${release}`,
	];
}

function inRoot(root: Root): string[] {
	const folder = root.real("/usr/src");
	return folder === null ? [] : [folder];
}
