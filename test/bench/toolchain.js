#!/usr/bin/env node
// What a toolchain costs: brought along (seconds, MiB), and kept against this machine's own compiler, the same file
// compiled by each. Needs the network: node test/bench/toolchain.js [MAJOR], default the machine's own gcc.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("../..", import.meta.url));
const kprep = [process.execPath, join(top, "bin/run.js")];
const folder = mkdtempSync(join(tmpdir(), "kprep-bench-"));
const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache") };
try {
	// Another patch level of the same major is not asked for: a config whose compiler this machine does not have.
	const major = process.argv[2] ?? String(Number(run(["gcc", "-dumpversion"]).stdout.split(".")[0]) - 1);
	mkdirSync(join(folder, "root/boot"), { recursive: true });
	mkdirSync(join(folder, "root/lib/modules/1.0-bench"), { recursive: true });
	const symbols = Array.from({ length: 40 }, (_, n) => `CONFIG_BENCH${n}=y`);
	writeFileSync(
		join(folder, "root/boot/config-1.0-bench"),
		`CONFIG_CC_VERSION_TEXT="gcc-${major} (GCC) ${major}.0.0"\nCONFIG_CC_IS_GCC=y\nCONFIG_MODULES=y\nCONFIG_X86=y\n${symbols.join("\n")}\n`,
	);
	const began = Date.now();
	const got = run([...kprep, "toolchain", "get", "--sysroot", join(folder, "root"), "--json", "-q"]);
	const seconds = (Date.now() - began) / 1000;
	const part = JSON.parse(got.stdout).parts.find((it) => it.part === "gcc");
	if (part.from !== "kept") console.log(`skipped: gcc ${major} is ${part.from ?? "not to be had"} here`);
	else {
		const megabytes = (bytes) => (bytes / (1 << 20)).toFixed(0);
		console.log(
			`toolchain brought and self-tested: ${part.offer.package}, ${seconds.toFixed(1)} s with its lists, ${megabytes(part.offer.size)} MiB down, ${megabytes(part.manifest.bytes)} MiB kept`,
		);
		const source = join(folder, "big.c");
		writeFileSync(
			source,
			Array.from(
				{ length: 1500 },
				(_, n) =>
					`int f${n}(int a, int b) { int s = 0; for (int i = 0; i < a; i++) s += (i ^ b) * ${n}; return s; }`,
			).join("\n"),
		);
		const kept = join(part.path, part.manifest.tools.CC);
		console.log(`  its compiler: ${realpathSync(kept)}`.slice(0, 100));
		// The same compiler without the relocation does not run here: the start alone, and the work, against the host's.
		for (const [what, words] of [
			["start", ["--version"]],
			["compile", ["-O2", "-c", source, "-o", join(folder, "o.o")]],
		]) {
			const rows = Array.from({ length: 7 }, () => [time([kept, ...words]), time(["gcc", ...words])]);
			const best = [0, 1].map((at) => Math.min(...rows.map((row) => row[at])));
			console.log(
				`  ${what}: kept ${best[0].toFixed(3)} s, the host's ${best[1].toFixed(3)} s (ratio ${(best[0] / best[1]).toFixed(2)})`,
			);
		}
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}

function run([program, ...words]) {
	return spawnSync(program, words, { env, encoding: "utf8", maxBuffer: 1 << 26 });
}

function time(command) {
	const began = process.hrtime.bigint();
	run(command);
	return Number(process.hrtime.bigint() - began) / 1e9;
}
