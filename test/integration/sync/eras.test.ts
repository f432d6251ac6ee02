import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fingerprint } from "../../helpers/fingerprint.ts";
import { Bench } from "../../helpers/kbuild/machine.ts";
import type { Era } from "../../helpers/kbuild/tree.ts";
import { lacks } from "../../helpers/lacks.ts";

const withMake = describe.skipIf(lacks("make"));

/** Releases whose base agrees with the tree of their era, and ones that do not. */
const TARGETS: [Era, string, string][] = [
	["2.6.12", "2.6.12-1.456_FC4", "extraversion"],
	["2.6.12", "2.6.0-27-generic", "pin"],
	["2.6.18", "2.6.18-8.el5", "extraversion"],
	["2.6.18", "2.6.0-27-generic", "pin"],
	["3.10", "3.10.5-123.el7", "extraversion"],
	["3.10", "3.10.0-1160.el7.x86_64", "pin"],
	["6.6", "6.6.30+deb12-cloud-amd64", "extraversion"],
	["6.6", "6.6.0-56-amd64", "pin"],
];

withMake("a tree of every era", () => {
	it.each(TARGETS)(
		"%s for %s: %s; a bare make keeps it, undo gives all back",
		{ timeout: 60_000 },
		async (era, release, strategy) => {
			const bench = new Bench({ era, release });
			const before = fingerprint(bench.tree);
			const { status, json, stderr } = await bench.sync();
			expect(stderr + JSON.stringify(json?.error ?? "")).not.toContain("failed");
			expect(status).toBe(0);
			expect(json).toMatchObject({ strategy, applied: true, verify: { tree: { release } } });
			const module = join(bench.top, "hello");
			mkdirSync(module);
			expect((await bench.make("-s", "-C", bench.tree, "kernelrelease")).stdout).toBe(`${release}\n`);
			expect(await bench.make("-C", bench.tree, "modules_prepare")).toMatchObject({ status: 0 });
			expect(await bench.make("-C", bench.tree, `M=${module}`, "modules")).toMatchObject({ status: 0 });
			expect(readFileSync(join(module, "release"), "utf8")).toBe(`${release}\n`);
			const synced = fingerprint(bench.tree, true);
			const again = await bench.sync();
			expect(again.json).toMatchObject({ applied: false, stages: [] });
			expect(again.status).toBe(0);
			expect(fingerprint(bench.tree, true)).toEqual(synced);
			const undone = await bench.undo();
			expect(undone.status).toBe(0);
			expect(fingerprint(bench.tree)).toEqual(before);
			expect(existsSync(join(bench.tree, ".kprep"))).toBe(false);
		},
	);
});
