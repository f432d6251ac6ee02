#!/usr/bin/env node
// The performance budgets, as ratios against the hand recipe, side by side in one run (npm run bench). Prints one row
// a budget; never fails for a slow machine. Pieces run alone too: node test/bench/unpack.js, node test/bench/read-image.js.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { labKernel } from "./lab.js";
import { makeWords, recipe } from "./recipe.js";

// Each row makes what it measures; the store has rows of its own.
process.env.KPREP_STORE = "none";

const top = fileURLToPath(new URL("../..", import.meta.url));
const kprep = [process.execPath, join(top, "bin/run.js")];
const jobs = `-j${availableParallelism()}`;
const ROUNDS = Number(process.argv[2] ?? 3);

print(
	await pair("kprep --version : node -e 0", [...kprep, "--version"], [process.execPath, "-e", "0"], 4, 15),
);
const kernel = await labKernel({ flavour: "cloud" });
if ("skip" in kernel) console.log(`skipped: ${kernel.skip}`);
else {
	await trees();
	for (const piece of ["store.js", "unpack.js", "read-image.js", "toolchain.js"]) {
		if (existsSync(join(top, "test/bench", piece)))
			spawnSync(process.execPath, [join(top, "test/bench", piece)], { stdio: "inherit" });
	}
}

/** sync against the same make commands by hand, then both again with nothing to do, then verify; and kprep's own memory. */
async function trees() {
	const folder = mkdtempSync(join(tmpdir(), "kprep-bench-"));
	const [ours, theirs] = [join(folder, "ours"), join(folder, "theirs")];
	const spec = ["--sysroot", kernel.sysroot, "-q"];
	try {
		const archive = await kernel.source();
		const fetch = (dest) => timed([...kprep, "source", "get", archive, "--minimal", "--dest", dest, ...spec]);
		for (const dest of [ours, theirs]) await fetch(dest);
		const rows = [];
		for (let round = 0; round < ROUNDS; round++) {
			const synced = await timed([...kprep, "sync", ours, ...spec]);
			const hand = recipe(kernel, theirs);
			rows.push({ ours: synced.seconds, theirs: hand });
			if (round < ROUNDS - 1) {
				await timed([...kprep, "undo", ours, "-q"]);
				rmSync(theirs, { recursive: true, force: true });
				await fetch(theirs);
			}
		}
		print(row("sync : the same make by hand", rows, 1.03));
		const noop = ["make", "-C", theirs, "-s", jobs, ...makeWords(kernel), "modules_prepare"];
		print(
			await pair(
				"sync with nothing to do : make with nothing to do",
				[...kprep, "sync", ours, ...spec],
				noop,
				0.5,
			),
		);
		print(await pair("verify : make with nothing to do", [...kprep, "verify", ours, ...spec], noop, 0.1));
		await packages(ours, folder, spec);
		const { peak } = await timed([...kprep, "target", "-t", kernel.image, "--json"]);
		console.log(
			`peak memory of kprep reading ${kernel.release}'s image: ${(peak / 1024).toFixed(0)} MiB (budget 250 MiB: ${peak / 1024 <= 250 ? "kept" : "MISSED"})`,
		);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** A headers package of the synced tree: seconds, and its size against the distribution's own headers. */
async function packages(tree, folder, spec) {
	const file = join(folder, "headers.deb");
	const seconds = [];
	for (let round = 0; round < 5; round++) {
		seconds.push((await timed([...kprep, "package", tree, "-o", file, ...spec])).seconds);
	}
	const median = seconds.sort((a, b) => a - b)[2];
	console.log(
		`package after a sync: ${median.toFixed(2)} s  (budget 3 s: ${median <= 3 ? "kept" : "MISSED"})`,
	);
	const [ours, theirs] = [
		statSync(file).size,
		headersSize(kernel.release, join(kernel.sysroot, "../../packages")),
	];
	if (theirs === null)
		return console.log("package : the distribution's headers: skipped, their packages are not kept here");
	const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
	const ratio = ours / theirs;
	console.log(
		`package : the distribution's headers: ${megabytes(ours)} : ${megabytes(theirs)} = ${ratio.toFixed(2)}  (budget 1: ${ratio <= 1 ? "kept" : "MISSED"})`,
	);
}

/** Bytes of the packages that the distribution's headers of a kernel are made of: flavour, common part, host tools. */
function headersSize(release, downloads) {
	const names = existsSync(downloads) ? readdirSync(downloads) : [];
	const own = names.find((name) => name.startsWith(`linux-headers-${release}_`));
	const version = own?.split("_")[1];
	const parts = names.filter(
		(name) =>
			name === own || (name.includes(`_${version}_`) && /^linux-(?:headers-[^_]*common_|kbuild-)/.test(name)),
	);
	return own === undefined
		? null
		: parts.reduce((sum, name) => sum + statSync(join(downloads, name)).size, 0);
}

async function pair(name, one, other, budget, rounds = 5) {
	await timed(one);
	await timed(other);
	const rows = [];
	for (let round = 0; round < rounds; round++)
		rows.push({ ours: (await timed(one)).seconds, theirs: (await timed(other)).seconds });
	return row(name, rows, budget);
}

/** Median of the ratios pair by pair: it holds when the machine's speed drifts. */
function row(name, pairs, budget) {
	const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
	return {
		name,
		ours: median(pairs.map((it) => it.ours)),
		theirs: median(pairs.map((it) => it.theirs)),
		ratio: median(pairs.map((it) => it.ours / it.theirs)),
		budget,
	};
}

function print({ name, ours, theirs, ratio, budget }) {
	const verdict = ratio <= budget ? "kept" : "MISSED";
	console.log(
		`${name}: ${ours.toFixed(3)} s : ${theirs.toFixed(3)} s = ${ratio.toFixed(2)}  (budget ${budget}: ${verdict})`,
	);
}

/** Seconds, and the highest resident memory of the process itself in KiB, as the kernel counts it (VmHWM). */
function timed([program, ...words]) {
	return new Promise((resolve, reject) => {
		const start = process.hrtime.bigint();
		const child = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"] });
		let peak = 0;
		let stderr = "";
		const look = setInterval(() => {
			try {
				peak = Math.max(
					peak,
					Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0),
				);
			} catch {
				clearInterval(look);
			}
		}, 25);
		child.stderr.on("data", (chunk) => {
			stderr += chunk;
		});
		child.on("error", reject);
		child.on("close", (status) => {
			clearInterval(look);
			// 1 is an answer of kprep's: a check that this machine cannot satisfy, such as another compiler.
			if (status === 0 || (status === 1 && words[0] === kprep[1]))
				resolve({ seconds: Number(process.hrtime.bigint() - start) / 1e9, peak });
			else reject(new Error(`${program} ${words.join(" ")} ended with ${status}\n${stderr.slice(-2000)}`));
		});
	});
}
