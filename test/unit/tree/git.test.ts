import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findProgram } from "../../../src/host/process/program.ts";
import { readGit } from "../../../src/tree/git.ts";
import { lacks } from "../../helpers/lacks.ts";
import { fakeRoot } from "../target/fake-root.ts";

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

	it("runs no program that the repository names", () => {
		const folder = repository();
		const mark = join(fakeRoot(), "ran");
		execFileSync("git", ["config", "core.fsmonitor", `touch ${mark}; false`], { cwd: folder });
		readGit(folder, "6.1.192", OLD, true);
		expect(findProgram(mark)).toBeNull();
		expect(() => execFileSync("test", ["-e", mark])).toThrow();
	});
});
