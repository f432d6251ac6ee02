import { existsSync, lstatSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRegular, requireRegularBelow } from "../files/regular.ts";
import { ask, findProgram } from "../process/program.ts";
import { type GitFolders, gitFolders, ownedForGit, requireRegularAlternates } from "./folders.ts";

/** How git is run on a repository so that nothing which that names is run: the program with its first words, and variables. */
export interface Repository {
	command: string[];
	/** Variables that replace those of this process; undefined removes one. */
	env: Record<string, string | undefined>;
	/** A value of the repository's own config, includes left out; null when it has none. */
	setting(key: string): string | null;
	/** Trimmed stdout; null when git says no. */
	ask(words: string[]): string | null;
	/** Idempotent; done at the end of the process in any case. */
	close(): void;
}

const open = new Set<string>();
process.once("exit", () => {
	for (const folder of open) rmSync(folder, { recursive: true, force: true });
});

/** What of a repository's config changes how files are compared, and names nothing that could be run or followed. */
const TAKEN =
	/^(core\.(filemode|symlinks|ignorecase|trustctime|checkstat|autocrlf|eol|precomposeunicode)|extensions\.(objectformat|refstorage))$/;

/**
 * Opens the repository at the top of `tree` for reading: null when there is none, no git program, or git itself would
 * refuse it as someone else's. git works in a private folder that leads to the objects, refs and index of the tree
 * but has a config of its own: filters, fsmonitor, hooks, remotes, pagers, includes and attributes that the tree
 * defines are never read, and no variable of this process (GIT_*) reaches it. Throws KprepError "not-a-file" for pipes
 * and devices among its files and "git-elsewhere" for a .git file that leads to another tree's repository.
 */
export function openRepository(tree: string): Repository | null {
	const program = findProgram("git");
	if (program === null || lstatSync(join(tree, ".git"), { throwIfNoEntry: false }) === undefined) return null;
	const folders = gitFolders(tree);
	if (folders === null) return null;
	const own = mkdtempSync(join(tmpdir(), "kprep-git-"));
	open.add(own);
	try {
		const repository = privateView(program, tree, folders, own);
		const asked = [folders.gitdir, tree, join(tree, ".git")];
		if (ownedForGit(asked, repository.globalSafe)) return repository;
		repository.close();
		return null;
	} catch (error) {
		remove(own);
		throw error;
	}
}

function remove(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
	open.delete(folder);
}

function privateView(
	program: string,
	tree: string,
	{ gitdir, common }: GitFolders,
	own: string,
): Repository & { globalSafe: () => string[] } {
	writeFileSync(join(own, "HEAD"), readRegular(join(gitdir, "HEAD"), { limit: 4096 }));
	for (const name of ["objects", "refs", "reftable"]) {
		if (!existsSync(join(common, name))) continue;
		requireRegularBelow(join(common, name));
		if (name === "objects") requireRegularAlternates(join(common, name));
		symlinkSync(join(common, name), join(own, name));
	}
	for (const name of ["packed-refs", "shallow"]) {
		if (!existsSync(join(common, name))) continue;
		writeFileSync(join(own, name), readRegular(join(common, name)));
	}
	const index = join(gitdir, "index");
	if (existsSync(index)) {
		const copy = join(own, "index");
		writeFileSync(copy, readRegular(index, { limit: 512 * 1024 * 1024 }));
		// By it git tells which files were changed in the second of their entry (Documentation/technical/racy-git.txt).
		const written = Math.floor(lstatSync(index).mtimeMs / 1000);
		utimesSync(copy, written, written);
	}
	const env = environment(own);
	const plain = (words: string[], more: Record<string, string | undefined> = {}) =>
		ask([program, ...words], 60_000, own, { ...env, ...more });
	writeFileSync(join(own, "config"), "[core]\n\trepositoryformatversion = 0\n");
	// git goes on without one (gitrepository-layout(5)).
	const theirs = join(common, "config");
	const content = existsSync(theirs) ? readRegular(theirs, { limit: 1024 * 1024 }) : new Uint8Array();
	const settings = settingsOf(content, own, plain);
	writeFileSync(join(own, "config"), configText(settings));
	const command = [program, `--git-dir=${own}`, `--work-tree=${tree}`];
	return {
		command,
		env,
		setting: (key) => settings.get(key) ?? null,
		ask(words) {
			const answer = ask([...command, ...words], 60_000, tree, env);
			return answer?.status === 0 ? answer.stdout.trim() : null;
		},
		globalSafe: () => {
			const answer = plain(["config", "-z", "--get-all", "safe.directory"], usersOwn());
			return (answer?.stdout ?? "").split("\0").slice(0, -1);
		},
		close: () => remove(own),
	};
}

/** Of the variables that keep the user's own configuration out, none: for the folders that the user calls safe. */
const usersOwn = () => ({
	HOME: process.env.HOME,
	XDG_CONFIG_HOME: process.env.XDG_CONFIG_HOME,
	GIT_CONFIG_NOSYSTEM: undefined,
	GIT_CONFIG_GLOBAL: undefined,
});

/** All values of a config file by key, read by git without its includes; the file is a copy, which nobody changes meanwhile. */
function settingsOf(
	content: Uint8Array,
	own: string,
	git: (words: string[]) => { stdout: string } | null,
): Map<string, string> {
	const copy = join(own, "config.theirs");
	writeFileSync(copy, content);
	const answer = git(["config", "--file", copy, "--no-includes", "-z", "--list"]);
	const entries = (answer?.stdout ?? "").split("\0").filter(Boolean);
	return new Map(
		entries.map((entry) => {
			const [key = "", ...value] = entry.split("\n");
			return [key, value.join("\n")];
		}),
	);
}

function configText(settings: Map<string, string>): string {
	const taken = [...settings].filter(([key, value]) => TAKEN.test(key) && /^\w{1,20}$/.test(value));
	const version = taken.some(([key]) => key.startsWith("extensions.")) ? 1 : 0;
	const lines = taken.map(([key, value]) => `[${key.split(".")[0]}]\n\t${key.split(".")[1]} = ${value}\n`);
	return `[core]\n\trepositoryformatversion = ${version}\n\tbare = false\n${lines.join("")}`;
}

/** No variable of the caller's, no configuration but the private one, no network, no writing. */
function environment(own: string): Record<string, string | undefined> {
	const inherited = Object.keys(process.env).filter((name) => name.startsWith("GIT_"));
	return {
		...Object.fromEntries(inherited.map((name) => [name, undefined])),
		GIT_DIR: own,
		GIT_CONFIG_NOSYSTEM: "1",
		GIT_CONFIG_GLOBAL: "/dev/null",
		// For a git that does not know GIT_CONFIG_GLOBAL (before 2.32).
		HOME: own,
		XDG_CONFIG_HOME: own,
		GIT_ATTR_NOSYSTEM: "1",
		GIT_OPTIONAL_LOCKS: "0",
		GIT_NO_LAZY_FETCH: "1",
		GIT_ALLOW_PROTOCOL: "",
		GIT_TERMINAL_PROMPT: "0",
		GIT_PAGER: "cat",
		LC_ALL: "C",
	};
}
