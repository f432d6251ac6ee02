import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { attributes } from "../helpers/attributes.ts";
import { preparedTree } from "../helpers/fault/scenes.ts";
import { Hold, isGone } from "../helpers/kbuild/hold.ts";
import { type Bench, ended } from "../helpers/kbuild/machine.ts";
import { lacks } from "../helpers/lacks.ts";

/** A driver with a firmware and what came out of a build by hand; some beside the kernel's own files. */
const THEIRS = [
	...["drivers/mine/driver.c", "drivers/mine/Makefile", "drivers/mine/blob.o", "drivers/mine/my.ko"],
	...["drivers/mine/firmware.a", "drivers/mine/.driver.o.cmd", "drivers/mine/driver.o"],
	...["kernel/feature.c", "kernel/binary.o", "notes.txt", "scripts/mine.sh", "tools/mine/tool.o"],
	// Names that kbuild gives as well.
	...[
		"certs/signing_key.pem",
		"certs/x509.genkey",
		".scmversion",
		".version",
		".tmp_notes",
		".tmp_my_patch.diff",
	],
	...[
		"vmlinux.symvers",
		"modules.builtin.notes",
		"rust/mine.o",
		"tools/mine/fixdep",
		"scripts/kconfig/lex.mine.c",
	],
	...[
		"drivers/new/.tmp_1/tmp.o",
		"drivers/mine/.tmp_draft.c",
		"drivers/char/.tmp_12",
		"include/linux/version.h",
	],
];

function writeTheirs(tree: string): void {
	for (const path of THEIRS) {
		mkdirSync(join(tree, path, ".."), { recursive: true });
		writeFileSync(
			join(tree, path),
			path.endsWith(".cmd") ? "savedcmd_drivers/mine/driver.o := gcc\n" : `my ${path}`,
		);
	}
}

function expectTheirs(tree: string): void {
	for (const path of THEIRS) expect(readFileSync(join(tree, path), "utf8"), path).toMatch(/^my |^savedcmd/);
}

const sync = (bench: Bench) => ["sync", bench.tree, "--sysroot", bench.root, "--json"];

/** All that was there before is as it was; what is new is theirs. */
async function undoKeeps(bench: Bench, before: Record<string, string>, more: string[] = []): Promise<void> {
	const theirs = [...THEIRS, ...more];
	const dry = await bench.undo("-n");
	const undone = await bench.undo();
	expect(undone.status, undone.stderr).toBe(0);
	expect(undone.json.kept.sort()).toEqual(theirs.sort());
	expect(dry.json).toEqual(undone.json);
	expectTheirs(bench.tree);
	const after = attributes(bench.tree);
	const files = (all: Record<string, string>) =>
		Object.entries(all).filter(([, it]) => !it.startsWith("folder"));
	expect(Object.fromEntries(files(after).filter(([path]) => !theirs.includes(path)))).toEqual(
		Object.fromEntries(files(before)),
	);
}

describe.skipIf(lacks("make", "gcc"))("what a user makes is never removed", () => {
	it("written while make runs", async () => {
		const { bench, before, hold, answer } = await held();
		writeTheirs(bench.tree);
		hold.release();
		expect((await answer).json.applied).toBe(true);
		await undoKeeps(bench, before);
	});

	it.each(["undo", "rerun and undo"])(
		"written while make runs and after kprep was killed: %s",
		async (then) => {
			const { bench, before, hold, answer, child } = await held();
			writeTheirs(bench.tree);
			child.kill("SIGKILL");
			await answer;
			writeFileSync(join(bench.tree, "notes.txt"), "my notes of later");
			if (then !== "undo") expect((await bench.sync()).json.applied).toBe(true);
			await undoKeeps(bench, before);
			hold.release();
		},
	);

	it("written when make, of a sync that was killed, is over: a rerun and undo", async () => {
		const { bench, before, hold, answer, child } = await held();
		const mark = await hold.reached();
		child.kill("SIGKILL");
		hold.release();
		await answer;
		await isGone(mark);
		await sleep(3000);
		writeTheirs(bench.tree);
		const built = { "scripts/basic/mine": "my program", "scripts/basic/.mine.cmd": "savedcmd_mine := gcc\n" };
		for (const [path, text] of Object.entries(built)) writeFileSync(join(bench.tree, path), text);
		const config = join(bench.tree, ".config");
		writeFileSync(config, "CONFIG_MINE=y\n");
		expect((await bench.sync()).json.kept).toEqual([".config.kprep-kept"]);
		await undoKeeps(bench, before, [...Object.keys(built), ".config.kprep-kept"]);
		expect(readFileSync(`${config}.kprep-kept`, "utf8")).toBe("CONFIG_MINE=y\n");
	});

	it("Ctrl-C: the roll-back leaves them", async () => {
		const { bench, before, answer, child } = await held();
		writeTheirs(bench.tree);
		child.kill("SIGINT");
		expect((await answer).status).toBe(130);
		expectTheirs(bench.tree);
		for (const [path, it] of Object.entries(before))
			if (!it.startsWith("folder")) expect(attributes(bench.tree)[path]).toBe(it);
	});

	it("edits of files that kprep wrote are kept beside them, by the next sync and by undo", async () => {
		const bench = preparedTree();
		const before = attributes(bench.tree);
		expect((await bench.sync()).json.applied).toBe(true);
		const config = join(bench.tree, ".config");
		const edited = `${readFileSync(config, "utf8")}CONFIG_MINE=y\n`;
		writeFileSync(config, edited);
		const again = await bench.sync();
		expect(again.json.kept).toEqual([".config.kprep-kept"]);
		expect(again.stderr).toContain(".config.kprep-kept");
		expect(readFileSync(`${config}.kprep-kept`, "utf8")).toBe(edited);
		expect(readFileSync(config, "utf8")).not.toContain("CONFIG_MINE");
		writeFileSync(config, "CONFIG_AGAIN=y\n");
		const undone = await bench.undo();
		expect(undone.json.kept.sort()).toEqual([".config.kprep-kept", ".config.kprep-kept-2"]);
		expect(readFileSync(`${config}.kprep-kept-2`, "utf8")).toBe("CONFIG_AGAIN=y\n");
		const after = attributes(bench.tree);
		for (const path of undone.json.kept) delete after[path];
		expect(after).toEqual(before);
	});

	it("edits of what make never writes are kept too, while it runs and later", async () => {
		const { bench, before, hold, answer } = await held();
		const symvers = join(bench.tree, "Module.symvers");
		appendFileSync(symvers, "0xdeadbeef\tmine\tmine/mod\tEXPORT_SYMBOL\n");
		hold.release();
		expect((await answer).json.applied).toBe(true);
		const status = await bench.kprep(["status", bench.tree, "--json"]);
		expect(status.json.changed).toEqual(["Module.symvers"]);
		appendFileSync(symvers, "0xdeadbee0\tmine2\tmine/mod\tEXPORT_SYMBOL\n");
		const edited = readFileSync(symvers, "utf8");
		expect((await bench.undo()).json.kept).toEqual(["Module.symvers.kprep-kept"]);
		expect(readFileSync(`${symvers}.kprep-kept`, "utf8")).toBe(edited);
		const after = attributes(bench.tree);
		delete after["Module.symvers.kprep-kept"];
		expect(after).toEqual(before);
	});

	it("a sync and undo without them is not cluttered", async () => {
		const bench = preparedTree();
		const before = attributes(bench.tree);
		for (let round = 0; round < 2; round++) expect((await bench.sync()).json.kept).toEqual([]);
		expect((await bench.undo()).json.kept).toEqual([]);
		expect(attributes(bench.tree)).toEqual(before);
	});
});

/** A sync that waits in make's prepare stage. */
async function held() {
	const bench = preparedTree();
	const before = attributes(bench.tree);
	const hold = new Hold(bench.top, "prepare");
	const child = bench.start(sync(bench), hold.env);
	const answer = ended(child);
	await hold.reached();
	return { bench, before, hold, answer, child };
}
