import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fingerprint } from "../../helpers/fingerprint.ts";
import { HOLDING, Hold, isGone } from "../../helpers/kbuild/hold.ts";
import { Bench, COMPILER } from "../../helpers/kbuild/machine.ts";
import { lacks } from "../../helpers/lacks.ts";

const withMake = describe.skipIf(lacks("make"));
const PIN = "6.6.0-56-amd64";
const text = (...path: string[]) => readFileSync(join(...path), "utf8");

withMake("--until", () => {
	it.each([
		["6.6", "config", ["config"], ["include/config/auto.conf", "include/generated/utsrelease.h"]],
		["6.6", "split", ["config", "config", "split"], ["include/generated/utsrelease.h"]],
		["6.6", "prepare", ["config", "config", "split", "prepare"], ["scripts/mod/modpost"]],
		["2.6.18", "split", ["config", "config", "split"], ["include/linux/utsrelease.h"]],
	] as const)("%s: %s", async (era, stage, stages, missing) => {
		const bench = new Bench({ era, release: era === "6.6" ? PIN : "2.6.18-x", hook: HOLDING });
		const before = fingerprint(bench.tree);
		const hold = new Hold(bench.top, "nowhere");
		const { json } = await bench.kprep(
			["sync", bench.tree, "--sysroot", bench.root, "--until", stage, "--json"],
			hold.env,
		);
		expect(json.error).toBeUndefined();
		expect(hold.stages()).toEqual(stages);
		for (const path of missing) expect(existsSync(join(bench.tree, path)), path).toBe(false);
		expect((await bench.undo()).status).toBe(0);
		expect(fingerprint(bench.tree)).toEqual(before);
	});

	it("2.6.12: split stops right after the SPLIT line, when MARKER is there, and all of make is gone", async () => {
		const bench = new Bench({ era: "2.6.12", release: "2.6.12-x", hook: HOLDING });
		const before = fingerprint(bench.tree);
		const hold = new Hold(bench.top, "after-split");
		const running = bench.kprep(
			["sync", bench.tree, "--sysroot", bench.root, "--until", "split", "--json"],
			hold.env,
		);
		const shell = await hold.reachedBefore(running);
		const { json } = await running;
		expect(json.stages.at(-1).lines).toMatchObject({ SPLIT: 1 });
		if (shell !== null) expect(await isGone(shell)).toBe(true);
		expect(hold.stages()).not.toContain("past after-split");
		expect(existsSync(join(bench.tree, "include/config/MARKER"))).toBe(true);
		expect(existsSync(join(bench.tree, "include/linux/version.h"))).toBe(false);
		// The rest can follow.
		hold.release();
		expect((await bench.sync()).json).toMatchObject({
			applied: true,
			verify: { tree: { release: "2.6.12-x" } },
		});
		await bench.undo();
		expect(fingerprint(bench.tree)).toEqual(before);
	});
});

withMake("questions", () => {
	it.each(["2.6.12", "2.6.18", "3.10", "6.6"] as const)(
		"of a %s tree never block, and are reported as drift",
		async (era) => {
			const kconfig = ["new TREE_ONLY y", "new ANOTHER y"];
			const bench = new Bench({
				era,
				release: { "2.6.12": "2.6.12-x", "2.6.18": "2.6.18-x", "3.10": "3.10.5-x", "6.6": PIN }[era],
				kconfig,
			});
			const { status, json } = await bench.sync();
			expect(json.error).toBeUndefined();
			expect(json.drift.map(({ symbol }: { symbol: string }) => symbol)).toEqual(["TREE_ONLY", "ANOTHER"]);
			// No header of that tree asks for them.
			expect(status).toBe(0);
			expect(json.verify.tree.release).not.toBeNull();
		},
	);
});

withMake("-O", () => {
	it("leaves the source tree as it is, holds for a make in the build folder, and is undone with its folder", async () => {
		// What kbuild leaves there without a word: bison's header of a grammar in srctree, and a folder with nothing in it.
		const bench = new Bench({
			...{ era: "6.6", release: "6.6.30+deb12-amd64" },
			hook: 'if [ "$1" = prepare ]; then mkdir -p scripts/genksyms arch/empty; echo > scripts/genksyms/lines.tab.h; fi',
			more: { "scripts/genksyms/lines.y": "%%\n", "arch/empty/Makefile": "" },
		});
		const before = fingerprint(bench.tree, true);
		const output = join(bench.top, "build/out");
		const { status, json } = await bench.sync("-O", output);
		expect(json.error).toBeUndefined();
		expect(status).toBe(0);
		expect(fingerprint(bench.tree, true)).toEqual(before);
		expect(text(output, "include/generated/utsrelease.h")).toContain('"6.6.30+deb12-amd64"');
		expect(existsSync(join(output, "scripts/genksyms/lines.tab.h"))).toBe(true);
		expect((await bench.make("-s", "-C", output, "kernelrelease")).stdout).toBe("6.6.30+deb12-amd64\n");
		mkdirSync(join(bench.top, "hello"));
		expect(await bench.make("-C", output, `M=${bench.top}/hello`, "modules")).toMatchObject({ status: 0 });
		expect((await bench.sync("-O", output)).json.applied).toBe(false);
		await bench.undo("-O", output);
		expect(existsSync(join(bench.top, "build"))).toBe(false);
		expect(fingerprint(bench.tree, true)).toEqual(before);
	});

	it("is refused for a source tree that was built in, as kbuild would", async () => {
		const bench = new Bench({ era: "6.6", release: PIN, more: { ".config": "CONFIG_A=y\n" } });
		const { status, json } = await bench.sync("-O", join(bench.top, "out"));
		expect(status).toBe(5);
		expect(json.error.code).toBe("source-not-clean");
		expect(existsSync(join(bench.top, "out"))).toBe(false);
	});
});

withMake("without make", () => {
	it("--dry-run changes nothing, runs no make, and prints diffs", async () => {
		const bench = new Bench({
			era: "6.6",
			release: "6.6.30-me",
			programs: { make: 'touch "$(dirname "$0")/../make-ran"' },
		});
		const before = fingerprint(bench.tree, true);
		const dry = await bench.kprep(["sync", bench.tree, "--sysroot", bench.root, "-n"]);
		expect(dry.status).toBe(0);
		expect(dry.stdout).toContain("+EXTRAVERSION = -me");
		expect(dry.stdout).toContain("nothing was changed");
		const { json } = await bench.sync("-n");
		expect(json).toMatchObject({ strategy: "extraversion", applied: false, stages: [], verify: null });
		expect(json.plan.map(({ id }: { id: string }) => id)).toEqual([
			"config",
			"extraversion",
			"symvers",
			"make-config",
			"make-modules_prepare",
		]);
		expect(fingerprint(bench.tree, true)).toEqual(before);
		expect(existsSync(join(bench.top, "make-ran"))).toBe(false);
	});

	it("--no-make writes files only; a bare make afterwards goes on from them", async () => {
		const bench = new Bench({ era: "6.6", release: PIN });
		const before = fingerprint(bench.tree);
		bench.program("make", 'touch "$(dirname "$0")/../make-ran"; exit 1');
		const { json } = await bench.sync("--no-make");
		expect(json.error).toBeUndefined();
		expect(existsSync(join(bench.top, "make-ran"))).toBe(false);
		expect(
			Object.keys(fingerprint(bench.tree)).filter((path) => !(path in before) && !path.startsWith(".kprep")),
		).toEqual([
			".config",
			"GNUmakefile",
			"Module.symvers",
			"include/config",
			"include/config/kernel.release",
			"include/generated",
			"include/generated/utsrelease.h",
		]);
		bench.program("make", 'exec /usr/bin/make "$@"');
		expect(await bench.make("-C", bench.tree, "olddefconfig", "modules_prepare")).toMatchObject({
			status: 0,
		});
		expect(text(bench.tree, "include/generated/utsrelease.h")).toContain(PIN);
		const { json: undone } = await bench.undo();
		// What a make of the user's own made is not for undo to take away; .config.old is kprep's own .config, renamed.
		const theirs = ["scripts/basic/.fixdep.cmd", "scripts/basic/fixdep"];
		expect(undone.kept.sort()).toEqual(theirs);
		const after = fingerprint(bench.tree);
		for (const path of undone.kept) delete after[path];
		expect(after).toEqual(before);
	});
});

withMake("--makefile", () => {
	it.each([
		["auto", true],
		["copy", true],
		["edit", false],
	])("%s", async (how, copies) => {
		const bench = new Bench({ era: "6.6", release: "6.6.30-me" });
		const own = text(bench.tree, "Makefile").replace("NAME = Small Tree", "NAME = The Target's");
		writeFileSync(join(bench.root, "usr/src/linux-headers-6.6.30-me/Makefile"), own);
		const before = fingerprint(bench.tree);
		const { json } = await bench.sync("--makefile", how);
		expect(json.error).toBeUndefined();
		expect(text(bench.tree, "Makefile").includes("The Target's")).toBe(copies);
		expect((await bench.make("-s", "-C", bench.tree, "kernelrelease")).stdout).toBe("6.6.30-me\n");
		await bench.undo();
		expect(fingerprint(bench.tree)).toEqual(before);
	});

	it("copy of a wrapper is refused, tree untouched", async () => {
		const bench = new Bench({ era: "6.6", release: "6.6.30-me" });
		const before = fingerprint(bench.tree, true);
		const { status, json } = await bench.sync("--makefile", "copy");
		expect([status, json.error.code]).toEqual([3, "makefile-not-copyable"]);
		expect(fingerprint(bench.tree, true)).toEqual(before);
	});
});

withMake("a tree with a past", () => {
	it.each(["2.6.12", "3.10", "6.6"] as const)(
		"%s: prepared by hand for another release; synced, and given back as it was prepared",
		async (era) => {
			const release = { "2.6.12": "2.6.12-x", "3.10": "3.10.5-x", "6.6": PIN }[era];
			const bench = new Bench({ era, release, more: { localversion: "-before" } });
			writeFileSync(join(bench.tree, ".config"), 'CONFIG_A=y\nCONFIG_LOCALVERSION="-mine"\nCONFIG_SMP=y\n');
			const arch = era === "2.6.12" ? ["ARCH=alpha"] : [];
			expect(await bench.make("-C", bench.tree, ...arch, "oldconfig")).toMatchObject({ status: 0 });
			expect(await bench.make("-C", bench.tree, ...arch, "modules_prepare")).toMatchObject({ status: 0 });
			const before = fingerprint(bench.tree);
			const { status, json } = await bench.sync();
			expect(json.error).toBeUndefined();
			expect(status).toBe(0);
			expect((await bench.make("-s", "-C", bench.tree, "kernelrelease")).stdout).toBe(`${release}\n`);
			expect((await bench.undo()).json.lost).toEqual([]);
			expect(fingerprint(bench.tree)).toEqual(before);
		},
	);

	it("undo after syncs for several targets and options, files of people kept", async () => {
		const bench = new Bench({
			era: "6.6",
			release: PIN,
			more: { ".config": "mine\n", "Module.symvers": { link: "drivers/char/mem.c" } },
		});
		const before = fingerprint(bench.tree);
		bench.install("6.6.30-other", "6.6.30");
		const steps = [
			["-t", PIN],
			["-t", "6.6.30-other"],
			["-t", PIN, "--no-make"],
			["-t", "6.6.30-other", "--cc", "gcc"],
		];
		for (const [at, step] of steps.entries()) {
			const { json } = await bench.sync(...step);
			expect(json.error).toBeUndefined();
			expect((await bench.make("-s", "-C", bench.tree, "kernelrelease")).stdout).toBe(`${step[1]}\n`);
			mkdirSync(join(bench.tree, "mine"), { recursive: true });
			writeFileSync(join(bench.tree, `mine/${at}.c`), "mine");
		}
		symlinkSync("0.c", join(bench.tree, "mine/link.c"));
		const { json } = await bench.undo();
		const mine = ["mine/0.c", "mine/1.c", "mine/2.c", "mine/3.c", "mine/link.c"];
		expect(json.kept.sort()).toEqual(mine);
		const after = fingerprint(bench.tree);
		for (const path of ["mine", ...mine]) delete after[path];
		expect(after).toEqual(before);
	});

	it("a foreign GNUmakefile is left alone", async () => {
		const bench = new Bench({ era: "6.6", release: PIN, more: { GNUmakefile: "include Makefile\n" } });
		const before = fingerprint(bench.tree, true);
		const { status, json } = await bench.sync();
		expect([status, json.error.code]).toEqual([5, "foreign-gnumakefile"]);
		expect(fingerprint(bench.tree, true)).toEqual(before);
	});
});

withMake("drift", () => {
	const config = ["CONFIG_DEBUG_INFO_BTF=y", "CONFIG_STRUCT_MEMBER=y", "CONFIG_CC_HAS_ODDITY=y"];

	it("a lost DEBUG_INFO_BTF stops the sync with its cause; --force goes on and reports it", async () => {
		const bench = new Bench({
			era: "6.6",
			release: PIN,
			config,
			kconfig: ["drop DEBUG_INFO_BTF"],
			programs: { pahole: "exit 127" },
		});
		const before = fingerprint(bench.tree);
		const { status, json } = await bench.sync();
		expect([status, json.error.code]).toEqual([3, "config-lost"]);
		expect(json.error.expected).toBe("CONFIG_DEBUG_INFO_BTF=y");
		expect(json.error.found).toMatch(/pahole was missing/);
		expect(fingerprint(bench.tree)).toEqual(before);
		const forced = await bench.sync("--force");
		expect(forced.json.error).toBeUndefined();
		expect(forced.json.drift).toEqual([
			expect.objectContaining({
				symbol: "DEBUG_INFO_BTF",
				target: "y",
				tree: null,
				cause: expect.stringMatching(/pahole/),
			}),
		]);
	});

	it("tells what can change the ABI, and that another compiler is the cause", async () => {
		const bench = new Bench({
			era: "6.6",
			release: PIN,
			config,
			kconfig: ["drop STRUCT_MEMBER", "drop CC_HAS_ODDITY"],
			programs: { gcc: "echo 'gcc (Other 14.1) 14.1'" },
		});
		const { json } = await bench.sync();
		expect(json.verify.verdict).toBe("unproven");
		const row = (symbol: string) => json.drift.find((one: { symbol: string }) => one.symbol === symbol);
		expect(row("STRUCT_MEMBER")).toMatchObject({ abi: true, cause: null });
		expect(row("CC_HAS_ODDITY")).toMatchObject({
			abi: false,
			cause: expect.stringContaining("gcc (Other 14.1) 14.1"),
		});
		expect(json.warnings).toEqual([expect.stringMatching(/Made Up.*Other/)]);
		expect(json.verify.checks).toContainEqual(
			expect.objectContaining({ id: "toolchain", status: "unknown", expected: COMPILER }),
		);
	});
});
