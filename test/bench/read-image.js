#!/usr/bin/env node
// Reading the largest amd64 image of the distribution and all its modules, against modinfo (all files in one process)
// and modprobe --dump-modversions (a process a file: it takes one). Alone: node test/bench/read-image.js [SYSROOT]
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const top = fileURLToPath(new URL("../..", import.meta.url));
/** The house's budget for kprep's own peak (DESIGN: "Performance budgets"). */
const MOST_MEBIBYTES = 250;
/** Of both sides the best counts. */
const ROUNDS = 3;

/** Rows {name, ours, theirs, ratio, budget} of seconds or MiB; a string instead says why it cannot be measured here. */
export async function benchReadImage(sysroot) {
	const kernel = sysroot === undefined ? await labKernel() : installed(sysroot);
	if ("skip" in kernel) return kernel.skip;
	for (const tool of ["modinfo", "modprobe"]) {
		if (spawnSync(tool, ["--version"], ENVIRONMENT).error) return `${tool} is not installed here`;
	}
	const folder = join(kernel.modulesFolder, "kernel");
	const files = readdirSync(folder, { recursive: true })
		.filter((name) => /\.ko(\.\w+)?$/.test(name))
		.map((name) => join(folder, name));
	const reader = await bundled("test/bench/read-image.ts");
	let best = Number.POSITIVE_INFINITY;
	let theirs = Number.POSITIVE_INFINITY;
	let result = {};
	for (let round = 0; round < ROUNDS; round++) {
		for (let again = 0; again < ROUNDS; again++) {
			const { seconds, stdout } = timed(process.execPath, [reader, kernel.image, folder]);
			best = Math.min(best, seconds);
			result = JSON.parse(stdout);
		}
		let sum = timed("modinfo", files).seconds;
		for (const file of files) sum += timed("modprobe", ["--dump-modversions", file]).seconds;
		theirs = Math.min(theirs, sum);
	}
	const what = `image and ${result.modules} modules of ${result.release}, ${result.exports} exports`;
	return [
		row(`${what} : modinfo and modprobe --dump-modversions, seconds`, best, theirs, 0.1),
		row(`${what} : the memory budget, MiB`, result.mebibytes, MOST_MEBIBYTES, 1),
	];
}

const ENVIRONMENT = { env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` } };

function timed(program, words) {
	const start = process.hrtime.bigint();
	const { stdout } = spawnSync(program, words, { ...ENVIRONMENT, encoding: "utf8", maxBuffer: 1 << 30 });
	return { seconds: Number(process.hrtime.bigint() - start) / 1e9, stdout };
}

function row(name, ours, theirs, budget) {
	return { name, ours, theirs, ratio: ours / theirs, budget };
}

/** The one kernel of an unpacked root. */
function installed(sysroot) {
	for (const place of ["lib/modules", "usr/lib/modules"]) {
		const [release] = existsSync(join(sysroot, place)) ? readdirSync(join(sysroot, place)) : [];
		if (release === undefined) continue;
		const modulesFolder = join(sysroot, place, release);
		const image = [join(sysroot, "boot", `vmlinuz-${release}`), join(modulesFolder, "vmlinuz")].find(
			existsSync,
		);
		if (image !== undefined) return { image, modulesFolder };
	}
	return { skip: `${sysroot} has no kernel with modules` };
}

/** The tests' own way to a kernel of the distribution. */
async function labKernel() {
	const { lab } = await import(pathToFileURL(await bundled("test/helpers/lab.ts")).href);
	return lab.kernel({ flavour: "plain", architecture: "amd64" });
}

/** Node cannot load TypeScript. */
async function bundled(source) {
	const { build } = await import("esbuild");
	const outfile = join(top, "node_modules/.cache", `kprep-${source.replaceAll(/\W/g, "-")}.mjs`);
	await build({
		entryPoints: [join(top, source)],
		outfile,
		bundle: true,
		packages: "external",
		platform: "node",
		format: "esm",
		logLevel: "warning",
	});
	return outfile;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const rows = await benchReadImage(process.argv[2]);
	if (typeof rows === "string") console.log(`skipped: ${rows}`);
	else
		for (const { name, ours, theirs, ratio, budget } of rows) {
			const verdict = ratio <= budget ? "kept" : "MISSED";
			console.log(
				`${name}: ${ours.toFixed(2)} : ${theirs.toFixed(2)} = ${ratio.toFixed(2)}  (budget ${budget}: ${verdict})`,
			);
		}
}
