/**
 * The kernel's own toolchain, brought along on this machine, with none of its compilers installed: 300 MB of downloads
 * and many minutes, so only with KPREP_TOOLCHAIN=1.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { unpackArchive } from "../../src/host/archive/unpack.ts";
import { attempt, run } from "../../src/host/process/run.ts";
import { silent } from "../../src/host/progress.ts";
import { unpackMinimal } from "../../src/workflows/source/minimal.ts";
import { kprep } from "../helpers/kprep.ts";
import { lab, type Wanted } from "../helpers/lab.ts";
import { skips } from "../helpers/lacks.ts";
import { COMPILERS, pathWithout } from "../helpers/machine-without.ts";

const left = process.env.KPREP_TOOLCHAIN !== "1";
const folder = mkdtempSync(join(tmpdir(), "kprep-toolchain-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const MINUTES = 60_000;

/** Facts about the host that no module feels. */
const HOST_RECORD = /^(?:CC_CAN_LINK|OPENSSL_SUPPORTS_|TOOLS_SUPPORT_)/;

const KERNELS: [name: string, wanted: Wanted, arch: string, comment: RegExp, rust: boolean][] = [
	["7.2 with gcc 16, pahole and Rust", { flavour: "cloud", suite: "newest" }, "x86", /GCC: .*\b16\./, true],
	["5.10 with gcc 10", { flavour: "cloud", suite: "older", series: "5.10" }, "x86", /GCC: .*\b10\./, false],
	[
		"6.12 on arm64",
		{ flavour: "cloud", suite: "backports", series: "6.12", architecture: "arm64" },
		"arm64",
		/GCC: /,
		false,
	],
	[
		"6.12 on riscv64",
		{ flavour: "plain", suite: "trixie", series: "6.12", architecture: "riscv64" },
		"riscv",
		/GCC: /,
		false,
	],
];

describe.skipIf(skips(left, "KPREP_TOOLCHAIN=1 brings real toolchains along (300 MB)"))("toolchain", () => {
	test.each(KERNELS)("%s", { timeout: 45 * MINUTES }, async (name, wanted, arch, comment, rust) => {
		const kernel = await lab.kernel(wanted);
		if ("skip" in kernel) throw new Error(kernel.skip);
		const path = pathWithout(COMPILERS, join(folder, "bin"));
		const env = { PATH: path, XDG_CACHE_HOME: join(folder, "cache") };
		const tree = join(folder, name.replaceAll(/\W/g, ""));
		const archive = await kernel.source();
		await unpackMinimal(
			(to, part) => unpackArchive(archive, to, { progress: silent, wanted: part }),
			tree,
			arch,
		);
		const started = Date.now();
		const synced = await kprep(
			["sync", tree, "--sysroot", kernel.sysroot, "--toolchain", "fetch", "--json", "-q"],
			env,
			undefined,
			25,
		);
		const report = synced.json as { drift: { symbol: string }[]; verify: { verdict: string } };
		console.log(`${name}: synced with its own toolchain in ${((Date.now() - started) / 1000).toFixed(0)} s`);
		expect(report, synced.stderr).toMatchObject({ verify: { checks: expect.anything() } });
		expect(report.drift.map(({ symbol }) => symbol).filter((it) => !HOST_RECORD.test(it))).toEqual([]);
		expect(report.verify.verdict).toBe("match");
		expect(synced.status).toBe(0);

		// In a fresh shell, by plain make.
		const module = join(folder, "hello");
		await kprep(["new", "hello", "--dest", module, ...(rust ? ["--template", "rust"] : [])], env);
		const made = await attempt(
			["/usr/bin/env", "-i", `PATH=${path}`, "make", "-C", tree, `M=${module}`, "modules"],
			{
				timeout: 5 * MINUTES,
			},
		);
		expect(made.status, made.stderr).toBe(0);
		const { stdout } = await run(["readelf", "-p", ".comment", join(module, "hello.ko")]);
		expect(stdout).toMatch(comment);
		if (rust) expect(stdout).toMatch(/rustc version/);
		writeFileSync(join(folder, "comment"), stdout);

		if (arch === "x86") {
			const checked = await kprep(
				["check", join(module, "hello.ko"), "--sysroot", kernel.sysroot, "--boot", "--json"],
				env,
			);
			expect(checked.status, checked.stdout).toBe(0);
		}
		expect(readFileSync(join(tree, "GNUmakefile"), "utf8")).toContain(env.XDG_CACHE_HOME);
		rmSync(module, { recursive: true });
		rmSync(tree, { recursive: true });
	});
});
