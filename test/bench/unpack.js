#!/usr/bin/env node
// Unpacking: `source get --minimal` against `tar xf`, and the whole way from archive to synced tree against tar and
// the recipe by hand. Side by side in one run, the best of several rounds. Alone: node test/bench/unpack.js [ROUNDS]
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { labKernel } from "./lab.js";
import { recipe } from "./recipe.js";

const top = fileURLToPath(new URL("../..", import.meta.url));
const kprep = [process.execPath, join(top, "bin/run.js")];

/** Rows {name, ours, theirs, ratio, budget} of seconds or files; a string instead says why it cannot be measured here. */
export async function benchUnpack(rounds = 3) {
	const kernel = await labKernel({ flavour: "cloud" });
	if ("skip" in kernel) return kernel.skip;
	const archive = await kernel.source();
	const folder = mkdtempSync(join(tmpdir(), "kprep-bench-"));
	try {
		return [...unpacking(kernel, archive, folder, rounds), wholeWay(kernel, archive, folder)];
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function unpacking(kernel, archive, folder, rounds) {
	const [ours, theirs] = [join(folder, "minimal"), join(folder, "tar")];
	let [best, bestTar] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
	for (let round = 0; round < rounds; round++) {
		rmSync(theirs, { recursive: true, force: true });
		execFileSync("mkdir", [theirs]);
		bestTar = Math.min(bestTar, seconds(["tar", "xf", archive, "-C", theirs]));
		rmSync(ours, { recursive: true, force: true });
		best = Math.min(best, seconds(get(kernel, archive, ours)));
	}
	const files = (path) =>
		readdirSync(path, { recursive: true, withFileTypes: true }).filter((it) => !it.isDirectory());
	const counts = [files(ours).length, files(theirs).length];
	for (const path of [ours, theirs]) rmSync(path, { recursive: true, force: true });
	return [
		row("source get --minimal : tar xf, seconds", best, bestTar, 0.75),
		row("source get --minimal : tar xf, files", ...counts, 0.25),
	];
}

function wholeWay(kernel, archive, folder) {
	const [ours, theirs] = [join(folder, "ours"), join(folder, "theirs")];
	execFileSync("mkdir", [theirs]);
	const spec = ["--sysroot", kernel.sysroot, "-q"];
	const best = seconds(get(kernel, archive, ours)) + seconds([...kprep, "sync", ours, ...spec]);
	let hand = seconds(["tar", "xf", archive, "-C", theirs, "--strip-components=1"]);
	hand += recipe(kernel, theirs);
	return row("archive to synced tree : tar xf and the recipe by hand, seconds", best, hand, null);
}

function get(kernel, archive, dest) {
	return [...kprep, "source", "get", archive, "--minimal", "--dest", dest, "--sysroot", kernel.sysroot, "-q"];
}

function seconds([program, ...words]) {
	const start = process.hrtime.bigint();
	const { status, stderr } = spawnSync(program, words, { stdio: ["ignore", "ignore", "pipe"] });
	// sync says 1 when its verification misses something that this machine lacks, such as a compiler.
	const accepted = words.includes("sync") ? [0, 1] : [0];
	if (!accepted.includes(status)) throw new Error(`${program} ${words.join(" ")}: ${stderr}`);
	return Number(process.hrtime.bigint() - start) / 1e9;
}

function row(name, ours, theirs, budget) {
	return { name, ours, theirs, ratio: ours / theirs, budget };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const rows = await benchUnpack(Number(process.argv[2] ?? 3));
	if (typeof rows === "string") console.log(`skipped: ${rows}`);
	else
		for (const { name, ours, theirs, ratio, budget } of rows) {
			const verdict =
				budget === null
					? ""
					: ratio <= budget
						? `  (budget ${budget}: kept)`
						: `  (budget ${budget}: MISSED)`;
			console.log(`${name}: ${ours.toFixed(2)} : ${theirs.toFixed(2)} = ${ratio.toFixed(2)}${verdict}`);
		}
}
