import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
	chmodSync,
	mkdirSync,
	readFileSync,
	readlinkSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { markOf } from "../../src/host/process/process-mark.ts";
import { attributes } from "../helpers/attributes.ts";
import { preparedTree } from "../helpers/fault/scenes.ts";
import type { Bench } from "../helpers/kbuild/machine.ts";
import { lacks, skips } from "../helpers/lacks.ts";

const STRANGER = 12345;
const needsRoot = describe.skipIf(
	lacks("make", "mkfifo") || skips(process.getuid?.() !== 0, "making a stranger's files needs root"),
);

/** A process that leads a group of its own, as make does. */
function sleeper(uid: number): ChildProcess {
	const child = spawn("sleep", ["300"], { detached: true, stdio: "ignore", uid });
	onTestFinished(() => void child.kill("SIGKILL"));
	return child;
}

const isThere = ({ pid = 0 }: ChildProcess) => {
	const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
	return stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
};

const noteOf = ({ pid = 0 }: ChildProcess) => JSON.stringify({ ...markOf(pid), namespace: ownNamespace() });
const ownNamespace = () => readlinkSync("/proc/self/ns/pid");
const giveAll = (path: string) => execFileSync("chown", ["-hR", `${STRANGER}:${STRANGER}`, path]);

/** A tree that was synced, whose .kprep then says what a stranger would like to be done. */
async function evil(): Promise<{ bench: Bench; victim: ChildProcess }> {
	const bench = preparedTree();
	expect((await bench.sync("--no-make")).json.applied).toBe(true);
	const own = join(bench.tree, ".kprep");
	const journal = JSON.parse(readFileSync(join(own, "journal.json"), "utf8"));
	// Root would put a program back that makes whoever runs it root.
	execFileSync("cp", ["/bin/sh", join(own, "saved/7")]);
	chmodSync(join(own, "saved/7"), 0o4755);
	const at = { ino: "1", size: "1", mtime: "1", atime: "1" };
	journal.originals["scripts/shell"] = { kind: "file", saved: "7", at };
	journal.madeObjtree = "/";
	writeFileSync(join(own, "journal.json"), JSON.stringify(journal));
	const victim = sleeper(0);
	writeFileSync(join(own, "running.json"), noteOf(victim));
	return { bench, victim };
}

needsRoot("what a stranger planted, and root's commands", () => {
	it.each(["a folder of the stranger's", "a link to a folder of root's"])(
		"a .kprep that is %s: not believed, nothing restored, nobody killed",
		async (kind) => {
			const { bench, victim } = await evil();
			const own = join(bench.tree, ".kprep");
			if (kind.startsWith("a link")) {
				renameSync(own, join(bench.top, "elsewhere"));
				symlinkSync(join(bench.top, "elsewhere"), own);
			}
			giveAll(bench.tree);
			const before = attributes(bench.top);
			const sysroot = ["--sysroot", bench.root, "--json"];
			const commands: [string[], number[]][] = [
				[["undo", bench.tree, "--json"], [5]],
				[["undo", bench.tree, "-n", "--json"], [5]],
				[["sync", bench.tree, "--no-make", ...sysroot], [5]],
				[["status", bench.tree, "--json"], [0]],
				[
					["verify", bench.tree, ...sysroot],
					[0, 1],
				],
				[["build", bench.top, bench.tree, ...sysroot], [3]],
			];
			for (const [words, expected] of commands) {
				const { status, json, stderr } = await bench.kprep(words);
				expect(expected, `${words[0]}: ${stderr}`).toContain(status);
				if (status === 5)
					expect([json.error.code, json.error.found]).toEqual(["not-ours", expect.any(String)]);
			}
			expect(isThere(victim)).toBe(true);
			expect(attributes(bench.top)).toEqual(before);
		},
		60_000,
	);

	it("a process of somebody else's in a note is left alone, and pipes in place of notes wait for nobody", async () => {
		const bench = preparedTree();
		const before = attributes(bench.tree);
		expect((await bench.sync("--no-make")).json.applied).toBe(true);
		const victim = sleeper(STRANGER);
		const own = join(bench.tree, ".kprep");
		writeFileSync(join(own, "running.json"), noteOf(victim));
		rmSync(join(own, "holder.json"), { force: true });
		execFileSync("mkfifo", [join(own, "holder.json")]);
		expect((await bench.kprep(["status", bench.tree, "--json"])).status).toBe(0);
		expect((await bench.sync("--no-make")).json?.error).toBeUndefined();
		for (const name of ["running.json", "holder.json", "named"]) {
			rmSync(join(own, name), { force: true });
			execFileSync("mkfifo", [join(own, name)]);
		}
		expect((await bench.undo()).status).toBe(0);
		expect(isThere(victim)).toBe(true);
		expect(attributes(bench.tree)).toEqual(before);
	}, 30_000);

	it("make as root in a stranger's tree, or on a stranger's driver, is told once before it runs", async () => {
		const bench = preparedTree();
		const driver = join(bench.top, "driver");
		mkdirSync(driver);
		writeFileSync(join(driver, "Makefile"), "obj-m := x.o\n");
		const told = (stderr: string) =>
			stderr.split("\n").filter((line) => line.includes("make runs as root the code of"));
		const own = await bench.sync();
		expect(told(own.stderr)).toEqual([]);
		const build = ["build", driver, bench.tree, "--sysroot", bench.root];
		expect(told((await bench.kprep(build)).stderr)).toEqual([]);
		giveAll(driver);
		const [line = "", ...others] = told((await bench.kprep(build)).stderr);
		expect([line, others]).toEqual([
			expect.stringContaining(`${driver}, which others may change (owner 12345`),
			[],
		]);
		await bench.undo();
		giveAll(bench.tree);
		expect(told((await bench.sync()).stderr)).toEqual([
			expect.stringContaining(`${bench.tree}, which others`),
		]);
	}, 60_000);

	it("a log that names a folder with pipes: explain looks, and waits for nobody", async () => {
		const bench = preparedTree();
		const folder = join(bench.top, "driver");
		mkdirSync(folder);
		execFileSync("mkfifo", [join(folder, "Makefile"), join(folder, "Kbuild")]);
		writeFileSync(join(bench.top, "build.log"), LOG.replaceAll("FOLDER", folder));
		const { status, json } = await bench.kprep(["explain", join(bench.top, "build.log"), "--json"]);
		expect([0, 1]).toContain(status);
		expect(json.diagnoses.map(({ id }: { id: string }) => id)).toContain("extra-cflags-ignored");
	}, 15_000);
});

const LOG = `make -C /lib/modules/6.17.0-5-generic/build M=FOLDER modules
  CC [M]  xrp_main.o
xrp_main.c:19:10: fatal error: xrp_debug.h: No such file or directory
   19 | #include "xrp_debug.h"
`;

it.skipIf(lacks("make", "mkfifo", "git"))(
	"a broken .git is nobody's business but git's",
	async () => {
		const bench = preparedTree();
		const git = join(bench.tree, ".git");
		const verify = async (code?: string) => {
			const { status, json, stderr } = await bench.kprep([
				"verify",
				bench.tree,
				"--sysroot",
				bench.root,
				"--json",
			]);
			if (code === undefined) expect([0, 1, 5], stderr).toContain(status);
			else expect([status, json.error.code]).toEqual([3, code]);
		};
		mkdirSync(git);
		writeFileSync(join(git, "HEAD"), "ref: refs/heads/main\n");
		await verify();
		// A .git file that leads to a folder whose config takes a careless pattern hours.
		renameSync(git, join(bench.tree, "scripts/git"));
		writeFileSync(git, "gitdir: scripts/git\n");
		writeFileSync(join(bench.tree, "scripts/git/config"), "\n".repeat(1_000_000));
		await verify();
		// Folders that git would look into, and wait in.
		rmSync(git);
		const run = (...words: string[]) =>
			execFileSync("git", ["-C", bench.tree, "-c", "user.name=x", "-c", "user.email=x@y", ...words], {
				stdio: "ignore",
			});
		run("init", "-q");
		run("commit", "-q", "--allow-empty", "-m", "one");
		for (const folder of ["d", "d/info"]) mkdirSync(join(bench.tree, "scripts", folder));
		execFileSync("mkfifo", [join(bench.tree, "scripts/d/info/alternates")]);
		writeFileSync(join(git, "objects/info/alternates"), "../../scripts/d\n");
		await verify("not-a-file");
		rmSync(join(git, "objects/info/alternates"));
		symlinkSync("../../../scripts/d", join(git, "refs/tags/d"));
		await verify("not-a-file");
		// One that leads in a circle is walked once.
		rmSync(join(git, "refs/tags/d"));
		symlinkSync("..", join(git, "refs/tags/d"));
		await verify();
	},
	20_000,
);
