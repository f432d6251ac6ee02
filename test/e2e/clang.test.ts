/**
 * Clang kernels: 6.12 configured by hand with LLVM=1, ThinLTO, and CFI, with the distribution's clang, which kprep brings
 * to a machine that has none of LLVM's programs. 110 MB of downloads and minutes, so only with KPREP_TOOLCHAIN=1.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attempt, run } from "../../src/host/process/run.ts";
import { parseConfig } from "../../src/kernel/config/config.ts";
import { fingerprint } from "../helpers/fingerprint.ts";
import { kprep } from "../helpers/kprep.ts";
import { lab } from "../helpers/lab.ts";
import { skips } from "../helpers/lacks.ts";
import { COMPILERS, pathWithout } from "../helpers/machine-without.ts";

const MINUTES = 60_000;
const CLANG = "Debian clang version 19.1.7 (3~deb12u1)";
/** What every configuration of such a kernel says, which is enough to ask for its toolchain. */
const SEED = ["64BIT", "CC_IS_CLANG", "AS_IS_LLVM", "LD_IS_LLD"].map((it) => `CONFIG_${it}=y\n`).join("");
/** Raw bitcode: "BC" and a number (LLVM's BitCodeFormat). */
const BITCODE = "4243c0de";

interface Report {
	drift: { symbol: string }[];
	verify: Verdict;
}
interface Verdict {
	verdict: string;
	checks: { id: string; status: string; actual: string | null }[];
}

const left = process.env.KPREP_TOOLCHAIN !== "1" || process.arch !== "x64";
const folder = mkdtempSync(join(tmpdir(), "kprep-clang-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(skips(left, "KPREP_TOOLCHAIN=1, on x86-64, brings a real clang along (110 MB)"))(
	"clang",
	() => {
		const maker = join(folder, "maker");
		const tree = join(folder, "tree");
		const module = join(folder, "hello");
		let env: { PATH: string; XDG_CACHE_HOME: string };
		/** Where the clang that was brought along is, with a slash at its end, as LLVM= takes it. */
		let llvm: string;

		/** A configuration made as a person makes it: LLVM=, without kprep. */
		const configured = async (name: string, options: string[]): Promise<string> => {
			const make = (goal: string) =>
				run(["make", "-s", "-C", maker, `LLVM=${llvm}`, "HOSTCC=gcc", "HOSTCXX=g++", goal], {
					...{ env, timeout: 5 * MINUTES },
				});
			rmSync(join(maker, ".config"), { force: true });
			await make("defconfig");
			const words = ["MODVERSIONS", ...options].flatMap((it) => ["--enable", it]);
			await run([join(maker, "scripts/config"), "--file", join(maker, ".config"), ...words]);
			await make("olddefconfig");
			const path = join(folder, `${name}.config`);
			cpSync(join(maker, ".config"), path);
			const text = readFileSync(path, "utf8");
			for (const option of options) expect(text).toContain(`\nCONFIG_${option}=y\n`);
			return path;
		};
		const built = (name: string) => readFileSync(join(module, name), "utf8");

		beforeAll(async () => {
			const kernel = await lab.kernel({ flavour: "cloud", suite: "backports", series: "6.12" });
			if ("skip" in kernel) throw new Error(kernel.skip);
			env = { PATH: pathWithout(COMPILERS, join(folder, "bin")), XDG_CACHE_HOME: join(folder, "cache") };
			await kernel.tree(maker);
			await kernel.tree(tree);
			const seed = join(folder, "seed.config");
			const text = readFileSync(join(maker, "arch/x86/configs/x86_64_defconfig"), "utf8");
			writeFileSync(seed, `${text}${SEED}CONFIG_CC_VERSION_TEXT="${CLANG}"\n`);
			const started = Date.now();
			const got = await kprep(
				["toolchain", "get", "-t", "6.12.0-seed", "--config", seed, "--json", "-q"],
				env,
			);
			expect(got.status, got.stderr).toBe(0);
			const { parts } = got.json as { parts: { part: string; path: string }[] };
			const path = parts.find(({ part }) => part === "clang")?.path ?? "";
			llvm = `${join(path, readLlvm(path))}/`;
			console.log(`clang brought and tried in ${((Date.now() - started) / 1000).toFixed(0)} s`);
		}, 20 * MINUTES);

		test("without it: an error that says how to get the target's version", async () => {
			const seed = join(folder, "seed.config");
			const none = { ...env, XDG_CACHE_HOME: join(folder, "empty") };
			const words = ["sync", tree, "-t", "6.12.0-seed", "--config", seed, "--toolchain", "host", "--json"];
			const { status, json } = await kprep(words, none);
			const { error } = json as { error: { code: string; message: string; suggestions: string[] } };
			expect([status, error.code]).toEqual([3, "no-compiler"]);
			expect(error.message).toContain("clang-19");
			expect(error.suggestions.join("\n")).toContain("--toolchain fetch");
		});

		test.each<[name: string, options: string[], cfi: boolean]>([
			["thin", ["LTO_CLANG_THIN"], false],
			["cfi", ["LTO_CLANG_THIN", "CFI_CLANG"], true],
		])(
			"%s: no option is lost, and a bare make keeps its marks",
			async (name, options, cfi) => {
				const config = await configured(name, options);
				const release = `6.12.${/^SUBLEVEL = (\d+)/m.exec(readFileSync(join(tree, "Makefile"), "utf8"))?.[1]}-${name}`;
				const target = ["-t", release, "--config", config];
				const before = fingerprint(tree);
				const started = Date.now();
				const synced = await kprep(["sync", tree, ...target, "--toolchain", "fetch", "--json", "-q"], env);
				console.log(`${name}: synced in ${((Date.now() - started) / 1000).toFixed(0)} s`);
				expect(synced.status, synced.stderr).toBe(0);
				const report = synced.json as Report;
				expect(report.drift).toEqual([]);
				expect(Object.fromEntries(parseConfig(readFileSync(join(tree, ".config"), "utf8")))).toEqual(
					Object.fromEntries(parseConfig(readFileSync(config, "utf8"))),
				);
				// A configuration alone tells neither vermagic nor exports.
				expect(report.verify.verdict).toBe("unproven");
				const status = new Map(report.verify.checks.map((it) => [it.id, it.status]));
				for (const id of ["release", "config", "toolchain"])
					expect([id, status.get(id)]).toEqual([id, "match"]);

				// In a fresh shell, by plain make.
				await kprep(["new", "hello", "--dest", module], env);
				const clean = ["/usr/bin/env", "-i", `PATH=${env.PATH}`];
				const made = await attempt([...clean, "make", "-C", tree, `M=${module}`, "modules"], {
					timeout: 5 * MINUTES,
				});
				expect(made.status, made.stderr).toBe(0);
				const compiled = built(".hello.o.cmd");
				expect(compiled).toContain(`:= ${llvm}clang `);
				expect(compiled).toContain("-flto=thin");
				expect(/-fsanitize=kcfi/.test(compiled)).toBe(cfi);
				expect(built(".hello.ko.cmd")).toContain(`${llvm}ld.lld `);
				// What is linked is bitcode; what comes out is code, called as the kernel calls it.
				expect(readFileSync(join(module, "hello.mod.o")).subarray(0, 4).toString("hex")).toBe(BITCODE);
				const ko = join(module, "hello.ko");
				expect((await run(["readelf", "-p", ".comment", ko])).stdout).toMatch(/clang version 19\./);
				const symbols = (await run(["readelf", "-sW", ko])).stdout;
				expect(/ __cfi_init_module$/m.test(symbols)).toBe(cfi);
				expect(/ __pfx_init_module$/m.test(symbols)).toBe(!cfi);

				// As DKMS and people type it, where no clang is on PATH.
				const typed = ["CC=clang", "LD=ld.lld", "-C", tree, `M=${module}`];
				for (const goal of ["clean", "modules"])
					await run([...clean, "make", ...typed, goal], { timeout: 5 * MINUTES });
				expect(built(".hello.o.cmd")).toContain("-flto=thin");

				const verified = await kprep(["verify", tree, ...target, "--deep", "--json", "-q"], env);
				const verdict = verified.json as Verdict;
				expect([verified.status, verdict.verdict], verified.stderr).toEqual([0, "unproven"]);
				// Structures are read in spite of the bitcode: only the target's own are not known.
				expect(verdict.checks.find(({ id }) => id === "btf")).toMatchObject({
					status: "unknown",
					actual: null,
				});
				expect(verdict.checks.find(({ id }) => id === "instrumentation")?.actual?.includes("cfi")).toBe(cfi);

				expect((await kprep(["undo", tree], env)).status).toBe(0);
				expect(fingerprint(tree)).toEqual(before);
				rmSync(module, { recursive: true });
			},
			15 * MINUTES,
		);
	},
);

/** Below the folder of a kept clang: where its programs are. */
function readLlvm(path: string): string {
	const lib = "root/usr/lib";
	const name = readdirSync(join(path, lib)).find((it) => existsSync(join(path, lib, it, "bin/ld.lld")));
	return join(lib, name ?? "", "bin");
}
