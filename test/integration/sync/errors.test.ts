import { execFileSync } from "node:child_process";
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findProgram } from "../../../src/host/process/program.ts";
import { ALL } from "../../helpers/fault/scenes.ts";
import { fingerprint } from "../../helpers/fingerprint.ts";
import { HOLDING, Hold, isGone } from "../../helpers/kbuild/hold.ts";
import { type Answer, Bench, ended } from "../../helpers/kbuild/machine.ts";
import { writeKbuildTree } from "../../helpers/kbuild/tree.ts";
import { lacks, runsAsRoot, skips } from "../../helpers/lacks.ts";

const withMake = describe.skipIf(lacks("make"));
const PIN = "6.6.0-56-amd64";

/** Exactly one error document on stdout, with all that the contract says. */
function expectError({ status, json, stdout }: Answer, exit: number, code: string): void {
	expect({ status, code: json?.error?.code, stdout }).toMatchObject({ status: exit, code });
	expect(Object.keys(json)).toEqual(["error"]);
	expect(json.error.message).not.toBe("");
	expect(Array.isArray(json.error.suggestions)).toBe(true);
}

withMake("an error leaves the tree untouched", () => {
	const target = (bench: Bench) => ["sync", bench.tree, "--sysroot", bench.root, "--json"];

	it.each<[string, number, string, (bench: Bench) => string[]]>([
		["no such target", 3, "target-not-found", (bench) => [...target(bench), "-t", "9.9.9-none"]],
		[
			"no target at all",
			3,
			"target-not-found",
			(bench) => {
				mkdirSync(join(bench.top, "empty"));
				return ["sync", bench.tree, "--sysroot", join(bench.top, "empty"), "--json"];
			},
		],
		[
			"no such root",
			3,
			"sysroot-not-found",
			(bench) => ["sync", bench.tree, "--sysroot", "/no/such/root", "--json"],
		],
		[
			"several targets",
			2,
			"several-targets",
			(bench) => {
				bench.install("6.6.30-other", "6.6.30");
				return target(bench);
			},
		],
		[
			"another series",
			3,
			"wrong-series",
			(bench) => {
				bench.install("6.1.0-56-amd64", "6.1.192");
				return [...target(bench), "-t", "6.1.0-56-amd64"];
			},
		],
		[
			"no such tree",
			3,
			"tree-not-found",
			(bench) => ["sync", join(bench.top, "none"), "--sysroot", bench.root, "--json"],
		],
		[
			"not a kernel tree",
			3,
			"not-a-tree",
			(bench) => {
				mkdirSync(join(bench.top, "project"));
				writeFileSync(join(bench.top, "project/Makefile"), "all:\n");
				return ["sync", join(bench.top, "project"), "--sysroot", bench.root, "--json"];
			},
		],
		[
			"the target's headers",
			3,
			"not-a-tree",
			(bench) => [
				"sync",
				join(bench.root, `usr/src/linux-headers-${PIN}`),
				"--sysroot",
				bench.root,
				"--json",
			],
		],
		[
			"garbage with --config",
			3,
			"not-a-config",
			(bench) => {
				writeFileSync(join(bench.top, "garbage"), Buffer.from("\0\x01\x02garbage".repeat(100)));
				return [...target(bench), "--config", join(bench.top, "garbage")];
			},
		],
		[
			"a web page with --config",
			3,
			"not-a-config",
			(bench) => {
				writeFileSync(join(bench.top, "page"), "<html><body>404</body></html>\n".repeat(100));
				return [...target(bench), "--config", join(bench.top, "page")];
			},
		],
		[
			"garbage for the target's .config",
			3,
			"not-a-config",
			(bench) => {
				writeFileSync(join(bench.root, `usr/src/linux-headers-${PIN}/.config`), "garbage\n".repeat(100));
				return target(bench);
			},
		],
		[
			"no such --config",
			3,
			"config-not-found",
			(bench) => [...target(bench), "--config", join(bench.top, "none")],
		],
		[
			".config is a link out",
			5,
			"link-outside",
			(bench) => {
				writeFileSync(join(bench.top, "precious"), "CONFIG_MINE=y\n");
				symlinkSync("../precious", join(bench.tree, ".config"));
				return target(bench);
			},
		],
		[
			"include/generated is a link out",
			5,
			"link-outside",
			(bench) => {
				mkdirSync(join(bench.top, "precious"));
				symlinkSync(join(bench.top, "precious"), join(bench.tree, "include/generated"));
				return target(bench);
			},
		],
		[
			"a space in the path",
			3,
			"bad-path",
			(bench) => {
				renameSync(bench.tree, join(bench.top, "my tree"));
				symlinkSync("my tree", bench.tree);
				return target(bench);
			},
		],
		...[
			"`touch${IFS}pwn`",
			"$(touch pwn)",
			"a;touch${IFS}pwn",
			"it's",
			"a&b",
			"a#b",
			"a*",
			"a[b]",
			"a\\b",
			"a\tb",
		].map((name): [string, number, string, (bench: Bench) => string[]] => [
			`${JSON.stringify(name)} in the path`,
			3,
			"bad-path",
			(bench) => {
				renameSync(bench.tree, join(bench.top, name));
				symlinkSync(name, bench.tree);
				return target(bench);
			},
		]),
		[
			"a backtick in the output path, behind a link",
			3,
			"bad-path",
			(bench) => {
				mkdirSync(join(bench.top, "a`b"));
				symlinkSync("a`b", join(bench.top, "link"));
				return [...target(bench), "-O", join(bench.top, "link/new")];
			},
		],
		[
			"a colon in the output path",
			3,
			"bad-path",
			(bench) => [...target(bench), "-O", join(bench.top, "a:b")],
		],
		[
			"a file for -O",
			2,
			"not-a-folder",
			(bench) => {
				writeFileSync(join(bench.top, "file"), "mine");
				return [...target(bench), "-O", join(bench.top, "file")];
			},
		],
		[
			"a compiler that is not there",
			3,
			"no-compiler",
			(bench) => [...target(bench), "--cc", "no-such-gcc-99"],
		],
		[
			"a damaged journal",
			5,
			"journal-damaged",
			(bench) => {
				mkdirSync(join(bench.tree, ".kprep"));
				writeFileSync(join(bench.tree, ".kprep/journal.json"), "{");
				return target(bench);
			},
		],
		["an unknown flag", 2, "usage", (bench) => [...target(bench), "--untill", "split"]],
		["an unknown stage", 2, "usage", (bench) => [...target(bench), "--until", "nowhere"]],
		["-j 0", 2, "usage", (bench) => [...target(bench), "-j", "0"]],
	])("%s: exit %i, %s", async (_what, exit, code, prepare) => {
		const bench = new Bench({ era: "6.6", release: PIN });
		const args = prepare(bench);
		const before = fingerprint(bench.top, true);
		expectError(await bench.kprep(args), exit, code);
		expect(fingerprint(bench.top, true)).toEqual(before);
	});

	it.each([
		["a compile error", 'echo "init/main.c:3:1: error: expected" >&2; exit 1', /expected/, []],
		["flex", "PATH=/nowhere flex || exit 1", /flex/, ["flex"]],
		["bison", "PATH=/nowhere bison || exit 1", /bison/, ["bison"]],
		["bc", "PATH=/nowhere bc || exit 1", /bc/, ["bc"]],
		[
			"openssl's headers",
			'echo "certs/x.c:1:10: fatal error: openssl/bio.h: No such file or directory" >&2; exit 1',
			/openssl/,
			["libssl-dev", "openssl-devel"],
		],
		[
			"libelf's headers",
			'echo "elf.c:1:10: fatal error: gelf.h: No such file or directory" >&2; exit 1',
			/gelf/,
			["libelf-dev", "elfutils-libelf-devel"],
		],
	])("make fails for %s: exit 4, rolled back, the package named", async (_what, script, found, packages) => {
		const bench = new Bench({ era: "6.6", release: PIN, hook: `if test "$1" = prepare; then ${script}; fi` });
		const before = fingerprint(bench.tree);
		const answer = await bench.sync();
		expectError(answer, 4, "make-failed");
		expect(answer.json.error.found).toMatch(found);
		expect(answer.json.error.message).toContain("modules_prepare");
		const install = answer.json.error.suggestions.join("\n");
		if (packages.length > 0 && findProgram("apt-get") !== null)
			expect(packages.some((name) => install.includes(name))).toBe(true);
		expect(fingerprint(bench.tree)).toEqual(before);
	});

	it("make fails in a tree that is synced: its files are as that sync wrote them, and undo still gives all back", async () => {
		const bench = new Bench({
			era: "6.6",
			release: PIN,
			hook: 'test "$1" = prepare -a -n "$FAIL" && exit 1',
		});
		const before = fingerprint(bench.tree);
		expect((await bench.sync()).status).toBe(0);
		bench.install("6.6.30-other", "6.6.30");
		const files = [".config", "GNUmakefile", "Makefile", "Module.symvers"];
		const written = () => files.map((path) => fingerprint(bench.tree)[path]);
		const synced = written();
		const args = ["sync", bench.tree, "--sysroot", bench.root, "-t", "6.6.30-other", "--json"];
		expectError(await bench.kprep(args, { FAIL: "1" }), 4, "make-failed");
		expect(written()).toEqual(synced);
		expect((await bench.make("-s", "-C", bench.tree, "kernelrelease")).stdout).toBe(`${PIN}\n`);
		await bench.undo();
		expect(fingerprint(bench.tree)).toEqual(before);
	});
});

withMake("a synced tree that was moved to where kbuild cannot work", () => {
	it.each(["a b", "`touch${IFS}pwn`", "$(touch pwn);#'"])(
		"%j: verify, status and undo go on",
		async (name) => {
			const bench = new Bench({ era: "6.6", release: PIN });
			const before = fingerprint(bench.tree);
			const [verdict, moved] = [(await bench.sync()).json.verify.verdict, join(bench.top, name)];
			renameSync(bench.tree, moved);
			const words = [moved, "--sysroot", bench.root, "--json"];
			const refused = await bench.kprep(["sync", ...words]);
			expectError(refused, 3, "bad-path");
			expect(refused.json.error.suggestions[0]).toContain("mv ");
			expectError(await bench.kprep(["verify", "--deep", ...words]), 3, "bad-path");
			expectError(await bench.kprep(["build", bench.top, ...words]), 3, "bad-path");
			expect((await bench.kprep(["verify", ...words])).json.verdict).toBe(verdict);
			expect((await bench.kprep(["status", moved, "--json"])).json.state).toBe("synced");
			expect((await bench.kprep(["undo", moved, "--json"])).status).toBe(0);
			expect(fingerprint(moved)).toEqual(before);
			expect(existsSync(join(bench.top, "pwn"))).toBe(false);
		},
	);
});

withMake("two at once", () => {
	it("the second sync and an undo are told who is at work, and the first is not disturbed", async () => {
		const bench = new Bench({ era: "6.6", release: PIN, hook: HOLDING });
		const before = fingerprint(bench.tree);
		const hold = new Hold(bench.top, "prepare");
		const first = bench.start(["sync", bench.tree, "--sysroot", bench.root, "--json"], hold.env);
		const answer = ended(first);
		await hold.reached();
		// The first goes on saying that its make lives.
		const still = () => {
			const { ".kprep/named": named, ...rest } = fingerprint(bench.tree, true);
			expect(named).toBeDefined();
			return rest;
		};
		const meanwhile = still();
		for (const other of [await bench.sync(), await bench.undo()]) {
			expectError(other, 5, "tree-busy");
			expect(other.json.error.message).toContain(String(first.pid));
		}
		expect(still()).toEqual(meanwhile);
		hold.release();
		expect((await answer).status).toBe(0);
		await bench.undo();
		expect(fingerprint(bench.tree)).toEqual(before);
	});
});

withMake("interrupted", () => {
	it.each([
		["SIGINT", "config"],
		["SIGINT", "prepare"],
		["SIGTERM", "prepare"],
		["SIGHUP", "scripts"],
	] as const)("%s in %s: exit 130, make gone, tree as before", async (signal, stage) => {
		const bench = new Bench({
			era: "6.6",
			release: PIN,
			hook: HOLDING,
			more: { ".config": "CONFIG_OLD=y\n" },
		});
		const before = fingerprint(bench.tree);
		const hold = new Hold(bench.top, stage);
		const child = bench.start(["sync", bench.tree, "--sysroot", bench.root, "--json"], hold.env);
		const answer = ended(child);
		const shell = await hold.reached();
		child.kill(signal);
		expectError(await answer, 130, "interrupted");
		expect(await isGone(shell)).toBe(true);
		expect(fingerprint(bench.tree)).toEqual(before);
	});

	describe.each(["undo", "rerun"])("kill -9, then %s", (then) => {
		it.each(ALL ? ["config", "split", "prepare", "scripts"] : ["prepare"])("in %s", async (stage) => {
			const bench = new Bench({
				era: "6.6",
				release: "6.6.30-me",
				hook: HOLDING,
				more: { ".config": "CONFIG_OLD=y\n" },
			});
			const before = fingerprint(bench.tree);
			const hold = new Hold(bench.top, stage);
			const child = bench.start(["sync", bench.tree, "--sysroot", bench.root, "--json"], hold.env);
			const answer = ended(child);
			const shell = await hold.reached();
			child.kill("SIGKILL");
			if (then === "rerun") {
				const { status, json } = await bench.sync();
				expect(json.error).toBeUndefined();
				expect([status, json.applied, json.verify.tree.release]).toEqual([0, true, "6.6.30-me"]);
			}
			expect((await bench.undo()).status).toBe(0);
			// The make of the killed kprep must not go on writing.
			expect(await isGone(shell)).toBe(true);
			hold.release();
			await answer;
			expect(fingerprint(bench.tree)).toEqual(before);
		});
	});

	// test/fault/faults.test.ts kills at calls, of which a run takes some by a seed; this one goes by time.
	it.skipIf(skips(!ALL, "kills by time: KPREP_FAULTS=all"))(
		"kill -9 at any moment of a sync, then undo",
		{ timeout: 60_000 },
		async () => {
			const bench = new Bench({ era: "6.6", release: "6.6.30-me", more: { ".config": "CONFIG_OLD=y\n" } });
			const before = fingerprint(bench.tree);
			for (let delay = 120; delay < 700; delay += 80) {
				const child = bench.start(["sync", bench.tree, "--sysroot", bench.root, "--json"]);
				const answer = ended(child);
				await new Promise((resolve) => setTimeout(resolve, delay));
				child.kill("SIGKILL");
				await answer;
				expect((await bench.undo()).status).toBe(0);
				expect(fingerprint(bench.tree), `after ${delay} ms`).toEqual(before);
			}
		},
	);
});

/** A file system of its own for one test; null with the reason when this user may not mount. */
function mounted(options: string): string | null {
	const folder = mkdtempSync(join(tmpdir(), "kprep-mount-"));
	try {
		execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder], { stdio: "ignore" });
	} catch {
		rmSync(folder, { recursive: true });
		return null;
	}
	onTestFinished(() => {
		execFileSync("umount", ["-l", folder]);
		rmSync(folder, { recursive: true });
	});
	return folder;
}

withMake("file systems", () => {
	it("no space left: exit 3 before anything is written", async ({ skip }) => {
		const folder = mounted("size=8m") ?? skip("tmpfs cannot be mounted here");
		const bench = new Bench({ era: "6.6", release: PIN });
		const tree = join(folder, "tree");
		mkdirSync(tree);
		writeKbuildTree(tree, "6.6");
		const before = fingerprint(folder, true);
		const answer = await bench.kprep(["sync", tree, "--sysroot", bench.root, "--json"]);
		expectError(answer, 3, "no-space");
		expect(fingerprint(folder, true)).toEqual(before);
	});

	it("make runs out of space: exit 4, rolled back", async ({ skip }) => {
		const folder = mounted("size=100m") ?? skip("tmpfs cannot be mounted here");
		const hook =
			'test "$1" != prepare || dd if=/dev/zero of=include/generated/filler.h bs=1M count=200 || exit 1';
		const bench = new Bench({ era: "6.6", release: PIN });
		const tree = join(folder, "tree");
		mkdirSync(tree);
		writeKbuildTree(tree, "6.6", { hook, more: { ".config": "CONFIG_OLD=y\n" } });
		const before = fingerprint(folder);
		const answer = await bench.kprep(["sync", tree, "--sysroot", bench.root, "--json"]);
		expectError(answer, 4, "make-failed");
		expect(answer.json.error.message).toContain("No space left");
		expect(fingerprint(folder)).toEqual(before);
	});

	it("read-only: exit 3, and -O elsewhere works", async ({ skip }) => {
		const folder = mounted("size=100m") ?? skip("tmpfs cannot be mounted here");
		const bench = new Bench({ era: "6.6", release: PIN });
		const tree = join(folder, "tree");
		mkdirSync(tree);
		writeKbuildTree(tree, "6.6");
		execFileSync("mount", ["-o", "remount,ro", folder]);
		const before = fingerprint(folder, true);
		const args = ["sync", tree, "--sysroot", bench.root, "--json"];
		const answer = await bench.kprep(args);
		expectError(answer, 3, "read-only");
		expect(answer.json.error.suggestions.join()).toContain("-O");
		expect(fingerprint(folder, true)).toEqual(before);
		const output = join(bench.top, "out");
		expect((await bench.kprep([...args, "-O", output])).status).toBe(0);
		expect(fingerprint(folder, true)).toEqual(before);
		expect(existsSync(join(output, "include/generated/utsrelease.h"))).toBe(true);
	});

	it.skipIf(runsAsRoot())("a folder that may not be written: exit 3", async () => {
		const bench = new Bench({ era: "6.6", release: PIN });
		chmodSync(bench.tree, 0o555);
		expectError(await bench.sync(), 3, "no-permission");
		chmodSync(bench.tree, 0o755);
	});
});

describe("undo", () => {
	it("of a tree without a sync says so and exits 0; of no tree, 3", async () => {
		const bench = new Bench({ era: "6.6", release: PIN });
		const before = fingerprint(bench.tree, true);
		expect(await bench.undo()).toMatchObject({ status: 0, json: { restored: [], removed: [] } });
		expect(fingerprint(bench.tree, true)).toEqual(before);
		expectError(await bench.kprep(["undo", join(bench.top, "none"), "--json"]), 3, "tree-not-found");
	});
});
