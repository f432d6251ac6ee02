import { execFileSync } from "node:child_process";
import {
	chownSync,
	lchownSync,
	linkSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { attempt } from "../../src/host/process/run.ts";
import { attributes } from "../helpers/attributes.ts";
import { preparedTree } from "../helpers/fault/scenes.ts";
import type { Answer, Bench } from "../helpers/kbuild/machine.ts";
import { writeKbuildTree } from "../helpers/kbuild/tree.ts";
import { lacks, skips } from "../helpers/lacks.ts";

const NOBODY = 65534;
const root = process.getuid?.() === 0;
const needsRoot = describe.skipIf(
	lacks("make") || skips(!root, "needs root: mounts, and files of another user"),
);

/** A file system of its own for one test; null when it cannot be mounted. */
function mounted(options: string): string | null {
	const folder = mkdtempSync(join(tmpdir(), "kprep-mount-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	try {
		execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder], { stdio: "ignore" });
	} catch {
		return null;
	}
	onTestFinished(() => void execFileSync("umount", ["-l", folder]));
	return folder;
}

/** The bench's tree on that file system. */
function moveTo(folder: string, bench: Bench): { tree: string; sync: string[]; undo: string[] } {
	const tree = join(folder, "tree");
	mkdirSync(tree);
	writeKbuildTree(tree, "6.6", {
		more: { ".config": "CONFIG_OLD=y\n", "include/config/auto.conf": "CONFIG_OLD=y\n" },
	});
	return {
		tree,
		sync: ["sync", tree, "--sysroot", bench.root, "--json"],
		undo: ["undo", tree, "--json"],
	};
}

function expectError({ status, json }: Answer, exit: number, code: string, suggestion: RegExp): void {
	expect([status, json.error.code]).toEqual([exit, code]);
	expect(json.error.suggestions.join("\n")).toMatch(suggestion);
}

needsRoot("file systems", () => {
	it("undo on a full disk works; on a read-only mount it says so, and changes nothing", async ({ skip }) => {
		const folder = mounted("size=110m") ?? skip("tmpfs cannot be mounted here");
		const bench = preparedTree();
		const { tree, sync, undo } = moveTo(folder, bench);
		const before = attributes(tree);
		expect((await bench.kprep(sync)).json.applied).toBe(true);
		execFileSync("mount", ["-o", "remount,ro", folder]);
		const synced = attributes(folder);
		expectError(await bench.kprep(undo), 3, "read-only", /remount,rw/);
		expect(attributes(folder)).toEqual(synced);
		execFileSync("mount", ["-o", "remount,rw", folder]);
		await attempt(["dd", "if=/dev/zero", `of=${join(folder, "filler")}`, "bs=64k"]);
		expect((await bench.kprep(undo)).status).toBe(0);
		expect(attributes(tree)).toEqual(before);
	});
});

needsRoot("a disk too small for a tree", () => {
	it("is told before anything is fetched or unpacked", async ({ skip }) => {
		const folder = mounted("size=100m") ?? skip("tmpfs cannot be mounted here");
		const bench = preparedTree();
		const archive = join(bench.top, "linux-6.6.30.tar.gz");
		execFileSync("tar", ["-czf", archive, "-C", bench.top, "tree"]);
		const get = [
			"source",
			"get",
			archive,
			"--sysroot",
			bench.root,
			"--dest",
			join(folder, "new/linux"),
			"--json",
		];
		expectError(await bench.kprep(get), 3, "no-space", /--minimal, or with --dest DIR/);
		expect(readdirSync(folder)).toEqual([]);
	});
});

describe.skipIf(lacks("make", "python3"))("odd names", () => {
	it("that are not UTF-8, and paths longer than any call takes, are in nobody's way", async () => {
		const bench = preparedTree();
		const odd = Buffer.concat([Buffer.from(`${bench.tree}/scripts/`), Buffer.from([0xff, 0xfe, 0x80])]);
		writeFileSync(odd, "mine");
		// A shell cannot go there.
		const script =
			"import os, sys\nfor _ in range(25): os.mkdir('d' * 200); os.chdir('d' * 200)\nopen('file', 'w')";
		execFileSync("python3", ["-c", script], { cwd: join(bench.tree, "scripts") });
		onTestFinished(() => void execFileSync("rm", ["-rf", join(bench.tree, "scripts")]));
		const names = () =>
			execFileSync("sh", ["-c", `cd ${bench.tree} && find . | LC_ALL=C sort`], { encoding: "latin1" });
		const before = names();
		expect((await bench.sync()).json.applied).toBe(true);
		writeFileSync(Buffer.concat([odd, Buffer.from("-later")]), "mine too");
		const { status, json } = await bench.undo();
		expect([status, json.kept.length]).toEqual([0, 1]);
		rmSync(Buffer.concat([odd, Buffer.from("-later")]));
		expect(names()).toBe(before);
	});
});

describe.skipIf(lacks("make"))("names that are not UTF-8 where make writes", () => {
	it("were there before: undo gives them back to the last attribute, links too", async () => {
		const bench = preparedTree();
		const bytes = (path: string) => Buffer.from(join(bench.tree, path), "latin1");
		const odd = [
			"scripts/m\xfcller.o",
			"include/generated/\xff.h",
			"kernel-\xe9.o",
			"arch/x86/kernel/firm\xe9.o",
		];
		mkdirSync(join(bench.tree, "arch/x86/kernel"), { recursive: true });
		mkdirSync(bytes("include/generated/\xfe"));
		for (const path of [...odd, "include/generated/\xfe/x.h", "certs-\xe9.cmd"])
			writeFileSync(bytes(path), `my ${path}`);
		linkSync(bytes("kernel-\xe9.o"), bytes("twin-\xe9.o"));
		symlinkSync(Buffer.from("m\xfcller.o", "latin1"), bytes("scripts/link-\xe9.o"));
		const before = attributes(bench.tree);
		expect((await bench.sync()).json.applied).toBe(true);
		for (const path of odd) expect(readFileSync(bytes(path), "utf8")).toBe(`my ${path}`);
		const undone = await bench.undo();
		expect([undone.json.kept, undone.json.lost]).toEqual([[], []]);
		expect(attributes(bench.tree)).toEqual(before);
	});

	it("and that another program wrote into after the sync get their originals back", async () => {
		const bench = preparedTree();
		const path = Buffer.from(join(bench.tree, "include/generated/\xff.h"), "latin1");
		writeFileSync(path, "mine");
		const before = attributes(bench.tree);
		expect((await bench.sync()).json.applied).toBe(true);
		rmSync(path);
		writeFileSync(path, "of a make");
		expect((await bench.undo()).json.lost).toEqual([]);
		expect(attributes(bench.tree)).toEqual(before);
	});
});

needsRoot("another user's tree", () => {
	it("root's sync leaves it to that user, who can sync and undo", async () => {
		const bench = preparedTree();
		giveAll(bench.top);
		const before = attributes(bench.tree);
		expect((await bench.sync()).json.applied).toBe(true);
		const roots = Object.entries(attributes(bench.tree)).filter(([, it]) => it.includes(" 0:0 "));
		expect(roots).toEqual([]);
		expectError(await bench.sync(), 5, "not-ours", /--safe/);
		for (const args of [
			["sync", bench.tree, "--sysroot", bench.root, "--json"],
			["undo", bench.tree, "--json"],
		]) {
			const { status, stdout, stderr } = await asNobody(bench, args);
			expect([0, 1], stdout + stderr).toContain(status);
		}
		expect(attributes(bench.tree)).toEqual(before);
	});

	it("a planted .kprep is neither believed nor restored from", async () => {
		const bench = preparedTree();
		expect((await filesOnly(bench)).json.applied).toBe(true);
		lchownSync(join(bench.tree, ".kprep"), NOBODY, NOBODY);
		const before = attributes(bench.tree);
		for (const command of ["sync", "undo"] as const)
			expectError(await bench[command](), 5, "not-ours", /--safe/);
		const status = await bench.kprep(["status", bench.tree, "--json"]);
		expect([status.status, status.json.state]).toEqual([0, "damaged"]);
		expect(attributes(bench.tree)).toEqual(before);
	});
});

describe.skipIf(lacks("make"))("a damaged .kprep has a way out", () => {
	it("before.json gone: sync names undo, and undo gives the originals back", async () => {
		const bench = preparedTree();
		const before = attributes(bench.tree);
		expect((await filesOnly(bench)).json.applied).toBe(true);
		rmSync(join(bench.tree, ".kprep/before.json"));
		bench.install("6.6.30-other", "6.6.30");
		const other = ["sync", bench.tree, "--sysroot", bench.root, "--json", "--no-make", "-t", "6.6.30-other"];
		expectError(await bench.kprep(other), 5, "before-damaged", /kprep undo/);
		expect((await bench.undo()).status).toBe(0);
		const after = attributes(bench.tree);
		const files = (all: Record<string, string>) =>
			Object.fromEntries(Object.entries(all).filter(([, it]) => !it.startsWith("folder")));
		expect(files(after)).toEqual(files(before));
	});

	it("journal.json garbage or gone: exit 5 names the way, and the way works", async () => {
		for (const damage of ["garbage", "gone"]) {
			const bench = preparedTree();
			expect((await filesOnly(bench)).json.applied).toBe(true);
			const journal = join(bench.tree, ".kprep/journal.json");
			if (damage === "garbage") writeFileSync(journal, '{"schema":2}');
			else rmSync(journal);
			expectError(await bench.undo(), 5, "journal-damaged", /^mv .*\.kprep-damaged/);
			expectError(await filesOnly(bench), 5, "journal-damaged", /^mv .*\.kprep-damaged/);
			renameSync(join(bench.tree, ".kprep"), join(bench.tree, ".kprep-damaged"));
			expect((await bench.sync()).json.applied).toBe(true);
			expect((await bench.undo()).status).toBe(0);
			expect(readdirSync(join(bench.tree, ".kprep-damaged/saved")).length).toBeGreaterThan(0);
		}
	});
});

describe.skipIf(lacks("make"))("status", () => {
	it("says what a tree was made ready for, and what has changed since", async () => {
		const bench = preparedTree();
		const status = async () => await bench.kprep(["status", bench.tree, "--json"]);
		expect(await status()).toMatchObject({ status: 1, json: { state: "none", ready: null } });
		await bench.sync();
		const ready = { release: bench.release, until: "modules_prepare", made: true };
		expect(await status()).toMatchObject({
			status: 0,
			json: { state: "synced", ready, changed: [], kept: [] },
		});
		writeFileSync(join(bench.tree, ".config"), "CONFIG_MINE=y\n");
		expect((await status()).json.changed).toEqual([".config"]);
		expect((await bench.kprep(["undo", bench.top, "--json"])).status).toBe(3);
		expect((await bench.kprep(["status", bench.top, "--json"])).status).toBe(3);
	});
});

/** A sync that runs no make: what is looked at has nothing to do with make. */
function filesOnly(bench: Bench): Promise<Answer> {
	return bench.sync("--no-make");
}

function giveAll(folder: string): void {
	execFileSync("chown", ["-R", `${NOBODY}:${NOBODY}`, folder]);
	chownSync(folder, NOBODY, NOBODY);
}

/** The checkout may lie where nobody may look: then there is nothing to start. */
async function asNobody(
	bench: Bench,
	args: string[],
): Promise<{ status: number | null; stdout: string; stderr: string }> {
	const words = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", process.execPath];
	return await attempt([...words, new URL("../../bin/run.js", import.meta.url).pathname, ...args], {
		env: { ...Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined])), ...bench.env() },
		timeout: 60_000,
	});
}
