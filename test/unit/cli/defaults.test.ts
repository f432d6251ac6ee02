import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Flags } from "@oclif/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { byTree } from "../../../src/cli/by-tree.ts";
import { withDefaults } from "../../../src/cli/defaults.ts";
import { treeArgs } from "../../../src/cli/flags.ts";
import { trustFolders } from "../../../src/host/files/trust.ts";
import { USUAL_TREE } from "../../../src/tree/find.ts";
import { addFiles, fakeRoot } from "../target/fake-root.ts";
import { treeFiles } from "../tree/fake-tree.ts";

class Made extends Command {
	static override id = "made:up";
	static override args = treeArgs;
	static override flags = {
		jobs: byTree(Flags.integer({ char: "j" })),
		target: byTree(Flags.string(), (spec) => !spec.includes(":")),
		safe: Flags.string({ multiple: true, multipleNonGreedy: true }),
		cc: Flags.string(),
		"cross-compile": Flags.string(),
		make: Flags.boolean({ allowNo: true, default: true }),
		force: Flags.boolean(),
	};
	override async run() {}
}

let top: string;
beforeEach(() => {
	top = fakeRoot();
	for (const name of Object.keys(process.env)) if (name.startsWith("KPREP_")) vi.stubEnv(name, "");
	vi.stubEnv("XDG_CONFIG_HOME", join(top, "xdg"));
});
afterEach(() => {
	trustFolders([]);
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
});

const parse = async () => ({ args: { tree: join(top, "tree") }, flags: {} });
const words = async (argv: string[] = []) => (await withDefaults(argv, Made, parse, join(top, "etc"))).argv;
const PLACES = { etc: "etc/kprep.ini", user: "xdg/kprep/config.ini", tree: "tree/.kprep.ini" };
const write = (place: keyof typeof PLACES, text: string) => addFiles(top, { [PLACES[place]]: text });

describe("withDefaults", () => {
	it("weakest first: /etc, the user, the tree, KPREP_*, the command line", async () => {
		expect(await words()).toEqual([]);
		write("etc", "jobs = 1\n");
		expect(await words()).toEqual(["--jobs=1"]);
		write("user", "jobs = 2\n");
		expect(await words()).toEqual(["--jobs=2"]);
		write("user", "jobs = 2\ncc = gcc-12\n");
		write("tree", "jobs = 3\n");
		expect(await words()).toEqual(["--jobs=3", "--cc=gcc-12"]);
		vi.stubEnv("KPREP_JOBS", "4");
		vi.stubEnv("KPREP_CROSS_COMPILE", "x-");
		expect(await words()).toEqual(["--jobs=4", "--cc=gcc-12", "--cross-compile=x-"]);
		for (const given of [["-j", "5"], ["-j5"], ["--jobs", "5"], ["--jobs=5"]])
			expect(await words(given)).toEqual(["--cc=gcc-12", "--cross-compile=x-", ...given]);
	});

	it.skipIf(existsSync(USUAL_TREE))("without TREE, the tree that is meant then", async () => {
		addFiles(
			join(top, "linux-6.1.192"),
			treeFiles("6.1.192", { "init/main.c": "", ".kprep.ini": "jobs = 7\n" }),
		);
		vi.spyOn(process, "cwd").mockReturnValue(top);
		const none = async () => ({ args: {}, flags: {} });
		const { argv } = await withDefaults([], Made, none, join(top, "etc"));
		expect(argv).toEqual(["--jobs=7"]);
		addFiles(join(top, "linux-6.1.1"), treeFiles("6.1.1", { "init/main.c": "" }));
		expect((await withDefaults([], Made, none, join(top, "etc"))).argv).toEqual([]);
	});

	it("a section holds for its command alone, and wins over the general part", async () => {
		write("etc", "jobs = 1\n[made up]\njobs = 2\n[other]\nunknown = here\n");
		expect(await words()).toEqual(["--jobs=2"]);
	});

	it.each([
		["force = true", ["--force"]],
		["force = on", ["--force"]],
		["force = no", []],
		["make = false", ["--no-make"]],
		["make = yes", ["--make"]],
	])("%s", async (line, expected) => {
		write("user", `[made up]\n${line}\n`);
		expect(await words()).toEqual(expected);
	});

	it.each([["--make"], ["--no-make"]])("%s on the command line wins", async (word) => {
		write("user", "[made up]\nmake = false\n");
		expect(await words([word])).toEqual([word]);
	});

	it.each([
		["etc", "jobs = 1\n\njob = 2\n", 3],
		["user", "# job\n[made up]\n  jobs = 1\n  jobss = 2\n", 4],
		["tree", "[other]\nwrong = 1\n[made up]\nwrong = 1\n", 4],
	] as const)("an unknown key in %s is an error with file and line", async (place, text, line) => {
		write(place, text);
		await expect(words()).rejects.toMatchObject({
			code: "unknown-setting",
			exitStatus: 2,
			where: `${join(top, PLACES[place])}:${line}`,
		});
	});

	it.each([
		"cc = ./evil",
		"cross-compile = /tmp/x-",
		"force = yes",
		"target = ssh://elsewhere",
		"safe = /",
		"output = /home",
	])("a tree may not set %s", async (line) => {
		write("tree", `jobs = 2\n${line}\n`);
		await expect(words()).rejects.toMatchObject({
			code: "setting-not-by-tree",
			exitStatus: 2,
			where: `${join(top, PLACES.tree)}:2`,
		});
		write("user", `${line}\n`);
		write("tree", "target = 6.1\n");
		expect((await words()).length).toBeGreaterThan(0);
	});

	it.skipIf(process.getuid?.() !== 0)(
		"a stranger's file is passed over with a word, unless its folder is safe (needs root)",
		async () => {
			write("tree", "jobs = 3\n");
			chownSync(join(top, "tree"), 12345, 12345);
			const { argv, warnings } = await withDefaults([], Made, parse, join(top, "etc"));
			expect(argv).toEqual([]);
			expect(warnings).toEqual([expect.stringMatching(/is not read: .* belongs to user 12345/)]);
			write("user", `safe = /nowhere:${join(top, "tree")}\n`);
			expect(await words()).toEqual(["--safe=/nowhere", `--safe=${join(top, "tree")}`, "--jobs=3"]);
			chownSync(join(top, "tree"), 0, 0);
			chownSync(join(top, PLACES.tree), 12345, 12345);
			write("user", "");
			expect(await words()).toEqual([]);
			vi.stubEnv("KPREP_SAFE", top);
			expect(await words()).toEqual([`--safe=${top}`, "--jobs=3"]);
		},
	);

	it.each(["fifo", "device", "outside"])(
		"a %s in place of a tree's file is an error at once",
		async (kind) => {
			mkdirSync(join(top, "tree"));
			const file = join(top, PLACES.tree);
			if (kind === "fifo") spawnSync("mkfifo", [file]);
			else symlinkSync(kind === "device" ? "/dev/zero" : "/etc/passwd", file);
			await expect(words()).rejects.toMatchObject({
				code: kind === "fifo" ? "not-a-file" : "link-outside",
			});
		},
	);

	it("a flag of other commands may stand in the general part", async () => {
		write("etc", "strict = true\n");
		expect(await words()).toEqual([]);
	});

	it("a word that is neither on nor off is an error", async () => {
		write("etc", "[made up]\nforce = perhaps\n");
		await expect(words()).rejects.toMatchObject({
			code: "bad-setting",
			exitStatus: 2,
			where: expect.stringMatching(/kprep\.ini:2$/),
		});
		writeFileSync(join(top, "etc/kprep.ini"), "");
		vi.stubEnv("KPREP_FORCE", "perhaps");
		await expect(words()).rejects.toMatchObject({ where: "KPREP_FORCE" });
	});
});
