import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { readGit } from "../../../src/tree/git.ts";
import { lacks } from "../../helpers/lacks.ts";
import { addFiles, fakeRoot } from "../target/fake-root.ts";

const OLD = "git describe --exact-match";
const NEW = 'version_tag=v$(echo "${KERNELVERSION}")';

function repository(...steps: string[][]): string {
	const folder = fakeRoot({ file: "1" });
	const git = (...words: string[]) =>
		execFileSync(
			"git",
			["-c", "user.name=x", "-c", "user.email=x@y", "-c", "init.defaultBranch=main", ...words],
			{
				cwd: folder,
				stdio: ["ignore", "pipe", "ignore"],
			},
		);
	git("init", "-q");
	git("add", "-A");
	git("commit", "-qm", "one");
	for (const step of steps) {
		if (step[0] === "edit") writeFileSync(join(folder, "file"), "2");
		else git(...step);
	}
	return folder;
}

const COMMIT = ["commit", "-q", "--allow-empty", "-m", "more"];
const tag = (name: string) => ["tag", "-a", "-m", name, name];

describe.skipIf(lacks("git"))("readGit", () => {
	it.each<[string, string[][], string, RegExp, string]>([
		["untagged", [], OLD, /^-g[0-9a-f]{12}$/, "+"],
		["untagged, edited", [["edit"]], OLD, /^-g[0-9a-f]{12}-dirty$/, "+"],
		["on a tag", [tag("v6.1.192")], OLD, /^$/, ""],
		["on any tag, which old scripts take", [tag("mine")], OLD, /^$/, ""],
		["on another tag, which new scripts do not", [tag("mine")], NEW, /^-g[0-9a-f]{12}$/, "+"],
		["on the tag, edited", [tag("v6.1.192"), ["edit"]], OLD, /^-dirty$/, "+"],
		["on the tag, edited, 6.3 on", [tag("v6.1.192"), ["edit"]], NEW, /^-dirty$/, "-dirty"],
		["past the tag", [tag("v6.1.192"), COMMIT, COMMIT], OLD, /^-00002-g[0-9a-f]{12}$/, "+"],
		["past the tag, 6.3 on", [tag("v6.1.192"), COMMIT], NEW, /^-00001-g[0-9a-f]{12}$/, "+"],
		["a light tag counts for nothing", [["tag", "v6.1.192"]], OLD, /^-g[0-9a-f]{12}$/, "+"],
	])("%s", (_what, steps, script, full, short) => {
		const state = readGit(repository(...steps), "6.1.192", script, true);
		expect(state).toEqual({ full: expect.stringMatching(full), short });
	});

	it.each([
		["6.12.0-rc3", "v6.12-rc3"],
		["6.12.0", "v6.12"],
		["6.12.10", "v6.12.10"],
	])("6.3 on takes %s for %s", (kernelversion, name) => {
		expect(readGit(repository(tag(name)), kernelversion, NEW, false)).toEqual({ full: "", short: "" });
	});

	it(".scmversion wins where it is honoured", () => {
		const folder = repository();
		writeFileSync(join(folder, ".scmversion"), "-mine\n");
		expect(readGit(folder, "6.1.192", OLD, true)).toEqual({ full: "-mine", short: "+" });
		writeFileSync(join(folder, ".scmversion"), "");
		expect(readGit(folder, "6.1.192", OLD, true)).toEqual({ full: "", short: "" });
		expect(readGit(folder, "6.1.192", NEW, false)?.short).toBe("+");
	});

	it("no git, no state", () => {
		expect(readGit(fakeRoot(), "6.1.192", OLD, true)).toBeNull();
	});

	it("a linked work tree, a symbolic HEAD and packed refs are read as git reads them", () => {
		const folder = repository(tag("v6.1.192"), ["pack-refs", "--all"]);
		const linked = join(fakeRoot(), "linked");
		execFileSync("git", ["-C", folder, "worktree", "add", "-q", "--detach", linked], { stdio: "ignore" });
		expect(readGit(linked, "6.1.192", OLD, true)).toEqual({ full: "", short: "" });
		writeFileSync(join(linked, "file"), "2");
		expect(readGit(linked, "6.1.192", OLD, true)).toEqual({ full: "-dirty", short: "+" });
		expect(readGit(folder, "6.1.192", OLD, true)).toEqual({ full: "", short: "" });
	});

	it("a file that was changed in the second of its entry, to the same length, is a change", async () => {
		const folder = repository(tag("v6.1.192"));
		const linked = join(fakeRoot(), "linked");
		await sleep(1000 - (Date.now() % 1000));
		execFileSync("git", ["-C", folder, "worktree", "add", "-q", "--detach", linked], { stdio: "ignore" });
		writeFileSync(join(linked, "file"), "2");
		await sleep(1000 - (Date.now() % 1000));
		expect(readGit(linked, "6.1.192", OLD, true)).toEqual({ full: "-dirty", short: "+" });
	});

	it("a .git file that leads to another tree's repository is refused", () => {
		const theirs = repository();
		const folder = fakeRoot({ file: "1", ".git": `gitdir: ${theirs}/.git\n` });
		expect(() => readGit(folder, "6.1.192", OLD, true)).toThrow(
			expect.objectContaining({ code: "git-elsewhere", exitStatus: 5 }),
		);
	});

	it.skipIf(process.getuid?.() !== 0)("someone else's is none, as for git itself (needs root)", () => {
		const folder = repository();
		chownSync(join(folder, ".git"), 12345, 12345);
		vi.stubEnv("HOME", fakeRoot());
		expect(readGit(folder, "6.1.192", OLD, true)).toBeNull();
		writeFileSync(join(process.env.HOME ?? "", ".gitconfig"), `[safe]\n\tdirectory = ${folder}\n`);
		expect(readGit(folder, "6.1.192", OLD, true)?.short).toBe("+");
		vi.unstubAllEnvs();
	});

	it.each(["HEAD", "index", "refs/tags/pipe", "objects/pack/pack-1.idx", "config"])(
		"a pipe in place of .git/%s is an error at once",
		(name) => {
			const folder = repository();
			rmSync(join(folder, ".git", name), { force: true });
			execFileSync("mkfifo", [join(folder, ".git", name)]);
			const before = Date.now();
			expect(() => readGit(folder, "6.1.192", OLD, true)).toThrow(
				expect.objectContaining({ code: "not-a-file" }),
			);
			expect(Date.now() - before).toBeLessThan(2000);
		},
	);

	it("runs no program that the repository names, in whatever way", () => {
		const folder = repository(["config", "core.autocrlf", "input"]);
		const marks = fakeRoot();
		const touch = (name: string) => `touch ${join(marks, name)}; cat`;
		const program = join(marks, "program");
		writeFileSync(program, `#!/bin/sh\ntouch ${join(marks, "hook")}\n`, { mode: 0o755 });
		const set = (...words: string[]) => execFileSync("git", ["config", ...words], { cwd: folder });
		set("core.fsmonitor", touch("fsmonitor"));
		set("core.hooksPath", marks);
		set("core.pager", touch("pager"));
		set("core.sshCommand", touch("ssh"));
		set("diff.external", touch("diff"));
		set("filter.evil.clean", touch("clean"));
		set("filter.evil.process", touch("process"));
		set("filter.evil.required", "true");
		set("include.path", join(folder, "more"));
		set("remote.origin.url", `ext::sh -c 'touch ${join(marks, "remote")}'`);
		set("remote.origin.promisor", "true");
		set("extensions.partialClone", "origin");
		set("protocol.ext.allow", "always");
		set("alias.describe", `!${touch("alias")}`);
		addFiles(folder, {
			more: `[filter "evil"]\n\tclean = ${touch("included")}\n`,
			".gitattributes": "* filter=evil diff=evil\n",
			".git/info/attributes": "* filter=evil\n",
			".git/hooks/post-index-change": `#!/bin/sh\n${touch("hooks")}\n`,
			file: "3",
		});
		chmodSync(join(folder, ".git/hooks/post-index-change"), 0o755);
		// A missing object is what a promisor would be asked for.
		const tree = execFileSync("git", ["rev-parse", "HEAD^{tree}"], { cwd: folder, encoding: "utf8" }).trim();
		readGit(folder, "6.1.192", OLD, true);
		rmSync(join(folder, ".git/objects", tree.slice(0, 2), tree.slice(2)));
		readGit(folder, "6.1.192", OLD, true);
		expect(readdirSync(marks)).toEqual(["program"]);
		// The same repository does run them when git is let loose on it.
		execFileSync("sh", ["-c", "git status -uno; git diff; true"], { cwd: folder, stdio: "ignore" });
		expect(readdirSync(marks).length).toBeGreaterThan(1);
	});
});
