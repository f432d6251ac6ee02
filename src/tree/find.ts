import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { KprepError } from "../errors.ts";
import { parseVersionBlock } from "../kernel/release/makefile.ts";
import { quoted } from "../kernel/shell-word.ts";
import { textOf } from "./read.ts";

/** Where a tree is when nothing else says so. */
export const USUAL_TREE = "/usr/src/linux";

/**
 * The tree a command works on, links resolved: the argument, else the working folder when it is a kernel tree, else
 * /usr/src/linux (CONTRACT), else the only tree right below the working folder, where `source get` puts one. Throws
 * `tree-not-found` when there is none, or several below.
 */
export function findTree(argument: string | undefined): string {
	const found = argument === undefined ? treesMeant(process.cwd(), USUAL_TREE) : [argument];
	const [path = USUAL_TREE, ...others] = found;
	if (others.length > 0)
		throw new KprepError("missing", "tree-not-found", "there are several kernel source trees here", {
			expected: "TREE on the command line, or one tree",
			found: found.map((tree) => tree.slice(process.cwd().length + 1)).join(", "),
			where: process.cwd(),
			suggestions: found.map((tree) => `the same command with ${quoted(tree)}`).slice(0, 5),
		});
	if (!existsSync(path))
		throw new KprepError("missing", "tree-not-found", `there is no kernel source tree at ${path}`, {
			where: path,
			suggestions: ["kprep source list", "kprep source get", "kprep sync PATH-OF-THE-TREE"],
		});
	return realpathSync(path);
}

/** The trees that no argument stands for, absolute: one of `folder` and `usual`, else all right below `folder`. */
export function treesMeant(folder: string, usual: string): string[] {
	if (isTree(folder)) return [resolve(folder)];
	if (existsSync(usual)) return [usual];
	const trees = namesIn(folder)
		.map((name) => join(resolve(folder), name))
		// A headers package may have the whole Makefile too, but no code.
		.filter((path) => existsSync(join(path, "init/main.c")) && isTree(path));
	return [...new Map(trees.map((tree) => [realpathSync(tree), tree])).values()];
}

/** A folder with a kernel's top-level Makefile that declares its version. */
export function isTree(path: string): boolean {
	const makefile = makefileOf(path);
	return makefile !== null && parseVersionBlock(makefile) !== null && existsSync(join(path, "scripts"));
}

/** What is no file is no Makefile: folders of all kinds are asked. */
function makefileOf(path: string): string | null {
	try {
		return textOf(join(path, "Makefile"));
	} catch (error) {
		if (error instanceof KprepError) return null;
		throw error;
	}
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder).sort();
	} catch {
		return [];
	}
}
