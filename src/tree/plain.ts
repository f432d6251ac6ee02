import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { KprepError } from "../errors.ts";
import { plainName, unplainIn } from "../kernel/kbuild/plain-path.ts";
import { quoted } from "../kernel/shell-word.ts";
import type { Tree } from "./tree.ts";

/**
 * Throws `bad-path` when make cannot work in srctree or objtree: kbuild's recipes hand their paths to shells as they
 * stand, and what is no plain character there breaks the build, or runs. Reading such a tree is no harm.
 */
export function requirePlainTree({ path, output }: Pick<Tree, "path" | "output">): void {
	for (const folder of new Set([path, output].map(realOf))) {
		const found = unplainIn(folder);
		if (found === null) continue;
		throw new KprepError("missing", "bad-path", `kbuild does not take a path with ${found}`, {
			expected: "letters, digits and + - . , _ @ % = ~ ^ ! only; a link does not help, make looks behind it",
			where: folder,
			suggestions: [existsSync(folder) ? renaming(folder) : "name another folder with -O DIR"],
		});
	}
}

/** The command that gives the topmost folder with such a name a plain one. */
function renaming(folder: string): string {
	let at = folder;
	while (unplainIn(dirname(at)) !== null) at = dirname(at);
	let free = join(dirname(at), plainName(basename(at)));
	while (existsSync(free)) free += "-new";
	return `mv ${quoted(at)} ${quoted(free)}`;
}

/** As make will see it: links resolved, of what is not there yet as far as there is something. */
function realOf(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return dirname(path) === path ? path : join(realOf(dirname(path)), basename(path));
	}
}
