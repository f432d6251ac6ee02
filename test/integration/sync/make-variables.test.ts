import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fingerprint } from "../../helpers/fingerprint.ts";
import { Bench } from "../../helpers/kbuild/machine.ts";
import { lacks } from "../../helpers/lacks.ts";
import { configText } from "../../unit/target/fake-root.ts";

const withMake = describe.skipIf(lacks("make"));

withMake("--make-var", () => {
	it("is kept for bare makes in the tree, for modules too, and undone", { timeout: 60_000 }, async () => {
		const bench = new Bench({ era: "3.10", release: "3.10.5-1.el7" });
		const before = fingerprint(bench.tree);
		const { status, json } = await bench.sync("--make-var", "BOARD=one two", "--make-var", "EMPTY=");
		expect([
			status,
			json?.verify?.checks?.filter(({ status: one }: { status: string }) => one === "mismatch"),
		]).toEqual([0, []]);
		const probe = "kprep-print:\n\t@echo $(BOARD)/$(origin EMPTY)\n";
		const edited = `${readFileSync(join(bench.tree, "Makefile"))}${probe}`;
		writeFileSync(join(bench.tree, "Makefile"), edited);
		expect((await bench.make("-s", "-C", bench.tree, "kprep-print")).stdout).toBe("one two/command line\n");
		const typed = await bench.make("-s", "-C", bench.tree, "BOARD=mine", "kprep-print");
		expect(typed.stdout).toBe("mine/command line\n");
		expect((await bench.undo()).status).toBe(0);
		// The Makefile is one that a cure had changed, so what was typed into it stays beside the original.
		const kept = join(bench.tree, "Makefile.kprep-kept");
		expect(readFileSync(kept, "utf8")).toBe(edited);
		rmSync(kept);
		expect(fingerprint(bench.tree)).toEqual(before);
	});

	it("with something for a shell in it is a usage error, and nothing is touched", async () => {
		const bench = new Bench({ era: "3.10", release: "3.10.5-1.el7" });
		const before = fingerprint(bench.tree);
		const { status, json } = await bench.sync("--make-var", "BOARD=$(shell id)");
		expect([status, json.error.code]).toEqual([2, "bad-make-var"]);
		expect(fingerprint(bench.tree)).toEqual(before);
	});
});

withMake("a target of a release and a config alone", () => {
	it("is warned about before make, and bare makes only warn about symbols", { timeout: 60_000 }, async () => {
		const release = "6.6.30-board";
		const modpost = "modpost: $(KBUILD_MODPOST_WARN)\n";
		const bench = new Bench({ era: "6.6", release, more: { "scripts/Makefile.modpost": modpost } });
		const config = join(bench.top, "board.config");
		writeFileSync(config, configText("6.6.30", ["CONFIG_64BIT=y", "CONFIG_X86_64=y"]));
		const root = join(bench.top, "empty");
		mkdirSync(root);
		const args = ["sync", bench.tree, "--sysroot", root, "-t", release, "--config", config];
		const dry = await bench.kprep([...args, "--dry-run", "--json"]);
		expect(dry.json.warnings).toContainEqual(expect.stringMatching(/no Module\.symvers of 6\.6\.30-board/));
		const { status, stderr } = await bench.kprep(args);
		expect(status).toBe(0);
		expect(stderr.indexOf("no Module.symvers")).toBeLessThan(stderr.indexOf("make olddefconfig"));
		expect(readFileSync(join(bench.tree, "GNUmakefile"), "utf8")).toContain("KBUILD_MODPOST_WARN=1");
	});
});
