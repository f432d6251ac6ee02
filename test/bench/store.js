#!/usr/bin/env node
// The store: a sync of a tree and target that were prepared once on this machine, and one for another flavour of the same
// version, each against the recipe by hand. Side by side in one run. Alone: node test/bench/store.js
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { labKernel } from "./lab.js";
import { recipe, row } from "./recipe.js";

const bin = fileURLToPath(new URL("../../bin/run.js", import.meta.url));
const [own, other] = [await labKernel({ flavour: "cloud" }), await labKernel({ flavour: "plain" })];
const lacking = [own, other].find((kernel) => "skip" in kernel);
if (lacking !== undefined) console.log(`store: skipped: ${lacking.skip}`);
else await measure();

async function measure() {
	const folder = mkdtempSync(join(tmpdir(), "kprep-bench-"));
	const tree = (name) => join(folder, name);
	const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache"), KPREP_STORE: undefined };
	try {
		for (const name of ["first", "again", "flavour", "hand", "hand-flavour", "warm"])
			await own.tree(tree(name));
		// As `source get --minimal` makes them, and as the other rows of the bench have them.
		for (const name of ["small", "small-again"]) await minimal(own, tree(name));
		// Gigabytes of unpacked trees are still on their way to the disk: that must not count against who comes first.
		spawnSync("sync");
		recipe(own, tree("warm"));
		const cold = sync(own, tree("first"));
		const byHand = recipe(own, tree("hand"));
		row("store: cold sync, which also keeps it : the recipe", cold.took, byHand, 1.03);
		const again = sync(own, tree("again"));
		console.log(`  steps: ${steps(again)}`);
		row("store: a tree and target prepared once : the recipe", again.took, byHand, 0.03);
		sync(own, tree("small"));
		row("store: the same of a minimal tree : the recipe", sync(own, tree("small-again")).took, byHand, 0.03);
		const near = sync(other, tree("flavour"));
		console.log(`  steps: ${steps(near)}`);
		row(
			"store: another flavour of the version : the recipe",
			near.took,
			recipe(other, tree("hand-flavour")),
			0.25,
		);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}

	async function minimal(kernel, dest) {
		const words = [bin, "source", "get", await kernel.source(), "--minimal", "--dest", dest];
		const { status, stderr } = spawnSync(process.execPath, [...words, "--sysroot", kernel.sysroot, "-q"], {
			encoding: "utf8",
			env,
		});
		if (status !== 0) throw new Error(`source get ended with ${status}\n${stderr}`);
	}

	function sync(kernel, path) {
		const began = process.hrtime.bigint();
		const { status, stdout, stderr } = spawnSync(
			process.execPath,
			[bin, "sync", path, "--sysroot", kernel.sysroot, "-q", "--json"],
			{ encoding: "utf8", maxBuffer: 64 << 20, env },
		);
		const took = Number(process.hrtime.bigint() - began) / 1e9;
		if (status !== 0 && status !== 1) throw new Error(`sync ${path} ended with ${status}\n${stderr}`);
		return { ...JSON.parse(stdout), took };
	}
}

function steps({ stages = [] }) {
	return stages.map(({ name }) => name).join(", ");
}
