import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { KprepError } from "../errors.ts";
import { textIfThere } from "../host/files/regular.ts";
import type { Config } from "../kernel/config/config.ts";
import {
	type Minimums,
	minimumsOfDocument,
	minimumsOfScript,
	paholeOfKconfig,
	paholeOfLink,
} from "../kernel/needs/minimums.ts";
import { findTree, isTree, treesMeant, USUAL_TREE } from "./find.ts";

/**
 * The kernel tree that is meant, as an absolute path: the argument, else what findTree() takes for it; null when that
 * is none or several. Throws KprepError "missing" when the argument is no tree.
 */
export function kernelTree(argument: string | undefined): string | null {
	if (argument === undefined) {
		const [tree, ...others] = treesMeant(resolve("."), USUAL_TREE).filter(isTree);
		return others.length > 0 ? null : (tree ?? null);
	}
	const tree = findTree(argument);
	const has = (path: string) => existsSync(join(tree, path));
	// Up to 2.6.38 there is no Kconfig at the top.
	if (has("Makefile") && (has("Kconfig") || (has("init/main.c") && isTree(tree)))) return tree;
	throw new KprepError("missing", "not-a-tree", `${argument} is not a kernel source tree`, {
		expected: "a folder with a kernel's own Makefile and its sources",
		suggestions: ["kprep source list", "kprep source get"],
	});
}

/** Least versions by program as the tree's script says, and its document where the script says nothing. Nothing is run. */
export function readMinimums(tree: string | null, arch: string | null): Minimums {
	if (tree === null) return new Map();
	const documents = ["Documentation/process/changes.rst", "Documentation/Changes"];
	return new Map([
		...documents.flatMap((path) => [...minimumsOfDocument(text(tree, path))]),
		...minimumsOfScript(text(tree, "scripts/min-tool-version.sh"), arch),
	]);
}

/** The pahole that the tree asks for when this config is to stay whole; null when it asks for none. */
export function paholeOf(tree: string, config: Config): string | null {
	return (
		paholeOfKconfig(text(tree, "lib/Kconfig.debug"), config) ??
		paholeOfLink(text(tree, "scripts/link-vmlinux.sh")) ??
		minimumsOfDocument(text(tree, "Documentation/process/changes.rst")).get("pahole") ??
		null
	);
}

const MOST_BYTES = 4 * 1024 * 1024;

function text(tree: string, path: string): string {
	return textIfThere(join(tree, path), { limit: MOST_BYTES }) ?? "";
}
