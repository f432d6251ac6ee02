import { existsSync, lstatSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { readRegular, requireRegularBelow } from "../files/regular.ts";
import { ownedByCaller } from "../files/trust.ts";

/** Where a tree's repository lies (gitrepository-layout(5)). */
export interface GitFolders {
	/** HEAD and index of this work tree. */
	gitdir: string;
	/** Objects, refs and config; another folder in a linked work tree. */
	common: string;
}

/**
 * The folders behind TREE/.git; null when what is there is no repository. A .git file or link is followed only to a
 * repository that names this very tree (`git worktree`, a submodule): throws KprepError "git-elsewhere" for others.
 */
export function gitFolders(tree: string): GitFolders | null {
	const git = join(tree, ".git");
	const status = lstatSync(git);
	if (status.isDirectory()) return existsSync(join(git, "HEAD")) ? { gitdir: git, common: git } : null;
	const gitdir = status.isSymbolicLink() ? realOf(git) : fileTarget(git, tree);
	if (gitdir === null || !existsSync(join(gitdir, "HEAD"))) return null;
	const linked = join(gitdir, "commondir");
	const common = existsSync(linked) ? realOf(resolve(gitdir, lineOf(linked))) : gitdir;
	if (common === null || !existsSync(join(common, "config"))) return null;
	if (!namesTree(gitdir, common, tree)) throw elsewhere(git, gitdir);
	return { gitdir, common };
}

/**
 * Whether git itself would work there: each path belongs to the caller, or the user's own configuration calls it safe
 * (setup.c, ensure_valid_ownership; git 2.35.2). `safe` gives the values of safe.directory there.
 */
export function ownedForGit(paths: string[], safe: () => string[]): boolean {
	if (paths.every((path) => ownedByCaller(path, false).ok)) return true;
	// An empty value forgets those before it.
	const named = safe();
	const values = named.slice(named.lastIndexOf("") + 1);
	const tree = dirname(paths.at(-1) as string);
	return values.some(
		(value) =>
			value === "*" || value === tree || (value.endsWith("/*") && tree.startsWith(value.slice(0, -1))),
	);
}

/**
 * As requireRegularBelow for the folders of objects that these ones borrow from (gitrepository-layout(5),
 * objects/info/alternates), and those from others: git follows them five deep (odb.c, link_alt_odb_entry).
 */
export function requireRegularAlternates(objects: string, depth = 6): void {
	const list = join(objects, "info/alternates");
	if (depth === 0 || !existsSync(list)) return;
	for (const line of readRegular(list, { limit: 64 * 1024 })
		.toString("utf8")
		.split("\n")) {
		const folder = line === "" || line.startsWith("#") ? null : realOf(resolve(objects, line));
		if (folder === null || !lstatSync(folder).isDirectory()) continue;
		requireRegularBelow(folder);
		requireRegularAlternates(folder, depth - 1);
	}
}

function fileTarget(git: string, tree: string): string | null {
	const path = /^gitdir: (.+)$/.exec(lineOf(git))?.[1];
	return path === undefined ? null : realOf(resolve(tree, path));
}

/** A linked work tree's folder has the file `gitdir`, a submodule's config core.worktree: both lead back. */
function namesTree(gitdir: string, common: string, tree: string): boolean {
	const back = join(gitdir, "gitdir");
	if (existsSync(back)) return realOf(dirname(resolve(gitdir, lineOf(back)))) === realOf(tree);
	const config = readRegular(join(common, "config"), { limit: 1024 * 1024 }).toString("utf8");
	const worktree = /^[ \t]*worktree[ \t]*=[ \t]*"?([^"\n]+)/m.exec(config)?.[1]?.trimEnd();
	return worktree !== undefined && realOf(resolve(gitdir, worktree)) === realOf(tree);
}

function lineOf(path: string): string {
	return readRegular(path, { limit: 64 * 1024 })
		.toString("utf8")
		.trimEnd();
}

function realOf(path: string): string | null {
	try {
		return realpathSync(path);
	} catch {
		return null;
	}
}

function elsewhere(git: string, gitdir: string): KprepError {
	return new KprepError("busy", "git-elsewhere", `${git} leads to a repository that is not this tree's`, {
		expected: "a .git folder, or a repository that names this tree",
		found: gitdir,
		where: git,
		suggestions: [
			`git -C ${quoted(gitdir)} worktree repair ${quoted(dirname(git))}`,
			`mv ${quoted(git)} ${quoted(`${git}.away`)}`,
		],
	});
}
