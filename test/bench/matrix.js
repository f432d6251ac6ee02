#!/usr/bin/env node
// Eight kernels of three versions, three flavours and two architectures made ready by one command, against eight times the
// hand recipe, one after the other: node test/bench/matrix.js [--boot]. Some twenty minutes, and 15 GB of room. The store
// is a new one; kernels and sources are downloaded before anything is measured. The table of cells is printed too.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { labKernel } from "./lab.js";
import { recipe, row, seconds } from "./recipe.js";

const top = fileURLToPath(new URL("../..", import.meta.url));
const bin = join(top, "bin/run.js");
const [OLDER, OWN, NEWER] = ["5.10", "6.1", "6.12"];
const WANTED = [
	{ flavour: "cloud", series: OWN },
	{ flavour: "plain", series: OWN },
	{ flavour: "rt", series: OWN },
	{ flavour: "cloud", suite: "backports", series: NEWER },
	{ flavour: "plain", suite: "backports", series: NEWER },
	{ flavour: "cloud", suite: "backports", series: NEWER, architecture: "arm64" },
	{ flavour: "cloud", suite: "older", series: OLDER },
	{ flavour: "plain", suite: "older", series: OLDER },
];

const kernels = [];
for (const wanted of WANTED) {
	const kernel = await labKernel(wanted);
	if ("skip" in kernel) console.log(`left out: ${JSON.stringify(wanted)}: ${kernel.skip}`);
	else kernels.push({ ...kernel, archive: await kernel.source() });
}
const folder = mkdtempSync(join(tmpdir(), "kprep-bench-"));
try {
	const driver = join(folder, "driver");
	mkdirSync(driver);
	kprep(["new", "hello", "--dest", join(driver, "hello")]);
	writeFileSync(
		join(driver, "kprep-targets.ini"),
		kernels
			.map(
				({ release, architecture, sysroot, archive }) =>
					`[${release.replaceAll("+", "-")}-${architecture}]\ntarget = ${release}\nsysroot = ${sysroot}\nsource = ${archive}\n`,
			)
			.join(""),
	);
	const words = ["matrix", join(driver, "hello"), "-q", "--json"];
	const boot = process.argv.includes("--boot") ? ["--boot"] : [];
	const cold = kprep(words);
	const again = kprep([...words, ...boot]);
	const unchanged = kprep([...words, ...boot]);
	// What was built is gone, the store is kept, and the sources.
	for (const gone of ["objtrees", "matrix"])
		rmSync(join(folder, "cache/kprep", gone), { recursive: true, force: true });
	const warm = kprep(words);
	let [made, unpacked] = [0, 0];
	for (const kernel of kernels) {
		const hand = byHand(kernel);
		made += hand.made;
		unpacked += hand.unpacked;
	}
	for (const { target, verdict, stage, seconds, boot: booted } of again.cells)
		console.log(
			`  ${target}: ${verdict} (${stage}${booted === undefined ? "" : `, ${JSON.stringify(booted)}`}, ${seconds} s)`,
		);
	const all = made + unpacked;
	console.log(
		`${kernels.length} recipes by hand: ${made.toFixed(0)} s of make, and ${unpacked.toFixed(0)} s to unpack each tree`,
	);
	row("cold : the recipes", cold.took, all, 0.5);
	row("  cold : the makes of the recipes alone", cold.took, made, 0.5);
	row("warm : the recipes", warm.took, all, 0.1);
	row("  warm : the makes of the recipes alone", warm.took, made, 0.1);
	console.log(
		`with ${boot.join("") || "nothing"} more: ${again.took.toFixed(1)} s; unchanged, again: ${unchanged.took.toFixed(1)} s (budget 3 s plus boots)`,
	);
} finally {
	rmSync(folder, { recursive: true, force: true });
}

/** One document of kprep's, and the seconds that it took. */
function kprep(words) {
	const began = process.hrtime.bigint();
	const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...words], {
		encoding: "utf8",
		maxBuffer: 64 << 20,
		env: { ...process.env, XDG_CACHE_HOME: join(folder, "cache"), KPREP_STORE: undefined },
	});
	const took = Number(process.hrtime.bigint() - began) / 1e9;
	if (status !== 0 && status !== 1)
		throw new Error(`kprep ${words.join(" ")} ended with ${status}\n${stdout.slice(0, 2000)}${stderr}`);
	return { ...(words.includes("--json") ? JSON.parse(stdout) : {}), took };
}

/** What the guides say, for one kernel: unpack, its config, its version, prepare, build the module. */
function byHand(kernel) {
	const tree = join(folder, "hand");
	rmSync(tree, { recursive: true, force: true });
	mkdirSync(tree);
	const unpacked = seconds("tar", ["xf", kernel.archive, "-C", tree, "--strip-components=1"]);
	const made = recipe(kernel, tree, join(folder, "driver/hello"));
	return { made, unpacked };
}
