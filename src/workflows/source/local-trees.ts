import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { Root } from "../../host/files/root.ts";
import { type Config, isOn, stringOf } from "../../kernel/config/config.ts";
import { compareConfigs } from "../../kernel/config/drift.ts";
import { wrappedMakefile } from "../../kernel/release/makefile.ts";
import { composeRelease, type ReleaseParts } from "../../kernel/release/release.ts";
import { judgeTree } from "../../kernel/source/source-candidate.ts";
import { requirePlainTree } from "../../tree/plain.ts";
import { releaseParts } from "../../tree/plan/release.ts";
import { readPrepared, readTree, textOf } from "../../tree/read.ts";
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
		const lacking = lackingIn(place, root);
		return {
			candidate: {
				kind: "headers" as const,
				where: folder,
				version: version ?? prepared.version,
				release,
				verdict: lacking === null ? ("fits" as const) : ("wrong-series" as const),
				why: lacking ?? "prepared for exactly this kernel; good for modules out of the tree",
			},
			rank: RANK.headers,
			way: null,
		};
	});
}

/** What keeps a headers folder from building anything, though its headers name this kernel; null: nothing that is seen. */
function lackingIn(place: string, root: Root): string | null {
	const makefile = root.text(`${place}/Makefile`);
	if (makefile === null) return "not usable: it has no Makefile";
	const included = wrappedMakefile(makefile);
	if (included?.startsWith("/") && !root.exists(included))
		return `not usable: its Makefile includes ${included}, which is not here`;
	return null;
}

/**
 * A tree of the right number that was built with the target's own options and gave module_layout another CRC is other
 * source: a vendor's patches are missing in it, or in the target. null: nothing at hand says so.
 */
function otherLayout(tree: Tree, { layoutCrc, config }: Wanted): string | null {
	if (layoutCrc === undefined || layoutCrc === null || config === null || tree.config === null) return null;
	const symvers = textOf(join(tree.path, "Module.symvers"));
	const own = symvers === null ? undefined : /^(0x[0-9a-f]{8})\tmodule_layout\t/m.exec(symvers)?.[1];
	if (own === undefined || own === layoutCrc || Number(own) === 0) return null;
	if (compareConfigs(config, tree.config.symbols).length > 0) return null;
	return `other source of the same number: with the target's options its module_layout is ${own}, the target's ${layoutCrc}`;
}

/** Source trees in `folders` themselves, one level below them, and in /usr/src of the target's root. */
export async function localTrees(wanted: Wanted, context: SourceContext): Promise<Found[]> {
	const found: Found[] = [];
	for (const path of treesIn([...context.folders, ...inRoot(wanted.root)])) {
		context.progress.step("read", path);
		context.signal?.throwIfAborted();
		let tree: Tree;
		try {
			tree = readTree(path);
			requirePlainTree(tree);
		} catch (error) {
			context.progress.verbose(`${path} is passed over: ${(error as Error).message}`);
			continue;
		}
		const parts = partsOf(tree, wanted.config);
		const judged = judgeTree(wanted, parts, tree.rules);
		const other = ["fits", "needs-pin"].includes(judged.verdict) ? otherLayout(tree, wanted) : null;
		const { verdict, why } = other === null ? judged : { verdict: "wrong-sublevel" as const, why: other };
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
