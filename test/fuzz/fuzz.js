// Fuzzes every parser with seeded mutants and says what was found; ends with 1 when something was.
//   node test/fuzz/fuzz.js [--inputs 1000000] [--seed 1] [--target NAME] [--only INDEX]
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const HANG_MS = 30_000;

if (isMainThread) await watch();
else await work();

/** Starts the driver in a thread and ends it when it does not come back from an input. */
async function watch() {
	const { values } = parseArgs({
		options: {
			inputs: { type: "string", default: "1000000" },
			seed: { type: "string", default: "1" },
			target: { type: "string" },
			only: { type: "string" },
		},
	});
	const series = {
		inputs: Number(values.inputs),
		seed: Number(values.seed),
		target: values.target,
		only: values.only === undefined ? undefined : Number(values.only),
	};
	const top = fileURLToPath(new URL("../..", import.meta.url));
	const folder = mkdtempSync(join(top, "node_modules", ".fuzz-"));
	const bundle = join(folder, "drive.mjs");
	try {
		const { build } = await import("esbuild");
		await build({
			entryPoints: [join(top, "test/fuzz/drive.ts")],
			outfile: bundle,
			bundle: true,
			platform: "node",
			format: "esm",
			packages: "external",
			logLevel: "warning",
		});
		const started = performance.now();
		const beats = new BigInt64Array(new SharedArrayBuffer(16));
		const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { bundle, series, beats } });
		const result = await new Promise((resolve, reject) => {
			let last = -1n;
			let since = performance.now();
			const timer = setInterval(() => {
				const now = Atomics.load(beats, 0);
				if (now !== last) since = performance.now();
				else if (performance.now() - since > HANG_MS) {
					resolve({ refused: {}, findings: [{ target: "?", index: Number(now), what: "hangs" }] });
				}
				last = now;
			}, 1000);
			worker.once("message", resolve);
			worker.once("error", reject);
			worker.once("exit", () => clearInterval(timer));
		});
		await worker.terminate();
		const seconds = ((performance.now() - started) / 1000).toFixed(1);
		const memory = Math.round(process.resourceUsage().maxRSS / 1024);
		for (const { target, index, what } of result.findings) {
			console.log(`${target} --only ${index} --seed ${series.seed}: ${what}`);
		}
		console.log("refused with a typed error:", JSON.stringify(result.refused));
		console.log(
			`${series.inputs} inputs, seed ${series.seed}: ${result.findings.length} findings, ${seconds} s, ${memory} MiB`,
		);
		process.exitCode = result.findings.length === 0 ? 0 : 1;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

async function work() {
	const { bundle, series, beats } = workerData;
	const { drive } = await import(bundle);
	parentPort.postMessage(drive(series, (done) => Atomics.store(beats, 0, BigInt(done))));
}
