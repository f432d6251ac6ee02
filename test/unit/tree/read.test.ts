import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readPrepared, readTree } from "../../../src/tree/read.ts";
import { addFiles, fakeRoot } from "../target/fake-root.ts";
import { fakeTree, treeFiles } from "./fake-tree.ts";

describe("readTree", () => {
	it("reads what the tree says about itself", () => {
		const folder = fakeTree("6.1.192", {
			"localversion-b": "-b \n",
			"localversion.a": "-a\n",
			"localversion~": "-backup",
			".config": "CONFIG_A=y\n",
			"include/generated/utsrelease.h": '#define UTS_RELEASE "6.1.192-me"\n',
		});
		const tree = readTree(folder);
		expect(tree).toMatchObject({ path: folder, output: folder, base: "6.1.192", git: null, settings: null });
		expect(tree.rules).toEqual({ localversion: true, plus: true, scmversionFile: true });
		expect(tree.goals).toMatchObject({ config: "olddefconfig", split: "syncconfig" });
		expect(tree.localversions.map(({ text }) => text).sort()).toEqual(["-a", "-b"]);
		expect(tree.prepared?.release).toBe("6.1.192-me");
		expect(tree.config?.symbols.get("A")).toBe("y");
	});

	it("takes objtree's localversion files before srctree's", () => {
		const output = fakeRoot({ localversion: "-obj" });
		const tree = readTree(fakeTree("6.1.192", { localversion: "-src" }), output);
		expect(tree.localversions.map(({ text }) => text)).toEqual(["-obj", "-src"]);
	});

	it.each([
		["empty", {}, /no Makefile/],
		["a Makefile of something else", { Makefile: "all:\n\tcc x.c\n" }, /something else/],
		[
			"a headers wrapper",
			{ Makefile: "include /usr/src/linux-headers-6.1.0-56-common/Makefile\n" },
			/wrapper/,
		],
		["a folder for a Makefile", { "Makefile/x": "" }, /no Makefile/],
	])("refuses what is no tree: %s", (_what, files, found) => {
		expect(() => readTree(fakeRoot(files))).toThrow(
			expect.objectContaining({ code: "not-a-tree", exitStatus: 3, found: expect.stringMatching(found) }),
		);
	});

	it.each([["with space"], ["with:colon"], ["with `backticks`"]])("reads a tree in a path %s", (name) => {
		const top = mkdtempSync(join(tmpdir(), "kprep-path-"));
		onTestFinished(() => rmSync(top, { recursive: true }));
		mkdirSync(join(top, name));
		addFiles(join(top, name), treeFiles("6.1.192"));
		expect(readTree(join(top, name))).toMatchObject({ path: join(top, name), base: "6.1.192" });
		expect(readTree(fakeTree(), join(top, name)).output).toBe(join(top, name));
	});
});

it.each([
	[
		"2.6.12",
		{ "include/linux/version.h": '#define UTS_RELEASE "2.6.12-x"\n#define LINUX_VERSION_CODE 132620\n' },
		"2.6.12-x",
		132620,
	],
	[
		"2.6.18",
		{
			"include/linux/utsrelease.h": '#define UTS_RELEASE "2.6.18-x"\n',
			"include/linux/version.h": "#define LINUX_VERSION_CODE 132626\n",
		},
		"2.6.18-x",
		132626,
	],
	[
		"6.1",
		{
			"include/generated/utsrelease.h": '#define UTS_RELEASE "6.1.1-x"\n',
			"include/generated/uapi/linux/version.h": "#define LINUX_VERSION_CODE 393473\n",
		},
		"6.1.1-x",
		393473,
	],
])("readPrepared of %s", (_era, files, release, versionCode) => {
	expect(readPrepared(fakeRoot(files))).toMatchObject({ release, versionCode });
});

it("an unprepared folder has nothing", () => {
	expect(readPrepared(fakeRoot())).toBeNull();
});
