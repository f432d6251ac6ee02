import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attempt, run } from "../../src/host/process/run.ts";
import { parseConfig } from "../../src/kernel/config/config.ts";
import { parseDkmsConf } from "../../src/kernel/driver/dkms.ts";
import type { Candidate } from "../../src/workflows/source/candidate.ts";
import type { GotTree } from "../../src/workflows/source/get.ts";
import { makeBoard } from "../helpers/board.ts";
import { cacheFolder } from "../helpers/cache.ts";
import { kprep } from "../helpers/kprep.ts";
import { baseDisagrees, type LabKernel, lab, type Skip } from "../helpers/lab.ts";
import { bringDrivers } from "./census/drivers.ts";
import { factsOf } from "./census/facts.ts";

/** ccache makes the host tools of a second tree of one version cost next to nothing; the compilers' names stay. */
const ENV = { PATH: `/usr/lib/ccache:${process.env.PATH}`, KPREP_SYSROOT: "board" };
const MINUTES = 60_000;

let folder: string;
let kernel: LabKernel | Skip;
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "kprep-story-"));
	kernel = await lab.kernel({ flavour: "cloud", fits: baseDisagrees });
	if ("skip" in kernel) kernel = await lab.kernel({ flavour: "cloud", suite: "older", fits: baseDisagrees });
	if ("skip" in kernel) return console.log(`skipped: ${kernel.skip}`);
	makeBoard(kernel, join(folder, "board"));
}, 10 * MINUTES);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command as a user types it, in the folder of the story; it must end with exit status 0. */
async function typed(line: string): Promise<string> {
	const { status, stdout, stderr } = await kprep(line.split(" "), ENV, folder);
	expect(status, `kprep ${line}\n${stdout}${stderr}`).toBe(0);
	return stdout;
}

/** In order: each test goes on where the one before it left. */
describe("from a sysroot with image and modules to a module that is loaded", () => {
	it("doctor; source list and get: the very source of the kernel", {
		timeout: 5 * MINUTES,
	}, async (context) => {
		if ("skip" in kernel) return context.skip(kernel.skip);
		expect(await typed("doctor --fix --yes")).toContain("kprep source list");
		const { candidates } = JSON.parse(await typed("source list --json")) as { candidates: Candidate[] };
		const [first] = candidates.filter(
			({ kind, where }) => kind === "package" && !where.includes("-headers-"),
		);
		expect(first?.where).toMatch(/^apt:linux-source-/);
		expect(first?.verdict).toBe("needs-pin");
		// Nothing of a package database is in the board: the image's banner says what it was built as.
		expect(first?.why).toContain("the very version that the target was built from");

		const got = JSON.parse(await typed("source get --minimal --dest linux --json")) as GotTree;
		const dest = join(folder, "linux");
		expect(got).toMatchObject({ tree: dest, from: first?.where, trust: "packages", verdict: "needs-pin" });
		expect(got.next).toBe(`kprep sync ${dest} --sysroot board`);
		expect(readdirSync(folder).sort()).toEqual(["board", "linux"]);
		expect(existsSync(join(dest, "drivers/net/Kconfig"))).toBe(true);
		expect(existsSync(join(dest, "drivers/net/dummy.c"))).toBe(false);
		const { stdout } = await run(["make", "-s", "-C", dest, "kernelversion"], { env: { MAKEFLAGS: "" } });
		expect(stdout.trim()).toBe(got.version);
	});

	it("sync: the part of the tree answers the kernel's configuration as the whole did", {
		timeout: 5 * MINUTES,
	}, async (context) => {
		if ("skip" in kernel) return context.skip(kernel.skip);
		const { release } = kernel;
		const synced = await typed("sync linux");
		expect(synced).toContain(`strategy: pin (no EXTRAVERSION makes ${release} of `);
		const [before, after] = [`board/boot/config-${release}`, "linux/.config"].map((path) =>
			parseConfig(readFileSync(join(folder, path), "utf8")),
		);
		const changed = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].filter(
			(symbol) => before?.get(symbol) !== after?.get(symbol) && !OF_THE_MACHINE.test(symbol),
		);
		expect(changed).toEqual([]);
	});

	it("new, build, check, verify", { timeout: 5 * MINUTES }, async (context) => {
		if ("skip" in kernel) return context.skip(kernel.skip);
		const { release } = kernel;
		await typed("new hello");
		const loads = `hello/hello.ko: loads on ${release}\n`;
		expect(await typed("build hello linux")).toContain(loads);
		const proved = await typed("check hello/hello.ko --boot");
		expect(proved).toContain(loads);
		expect(proved).toMatch(/boot: +loaded \(QEMU, .*\n(.*\n)* +hello: Hello, world\n/);
		expect(await typed("verify linux --boot")).toContain(`loaded by ${release}\n`);
		await plainMake(join(folder, "linux"), join(folder, "hello/hello.ko"));
	});
});

/** In order: the tree is the story's. The whole of it is census.test.ts. */
describe("other people's modules", () => {
	it("kprep build, and dkms's own command in the package of the tree, make the same of a small driver", {
		timeout: 5 * MINUTES,
	}, async (context) => {
		if ("skip" in kernel) return context.skip(kernel.skip);
		const { drivers } = await bringDrivers(
			join(cacheFolder(), "census"),
			kernel.apt,
			(name) => name === "acpi-call-dkms",
			[],
		);
		const [driver] = drivers.filter(({ name }) => name === "acpi-call");
		if (driver === undefined) return context.skip("the distribution has no acpi-call-dkms");
		const [ours, theirs] = ["ours", "theirs"].map((name) => join(folder, name)) as [string, string];
		for (const copy of [ours, theirs]) cpSync(driver.source, copy, { recursive: true });
		const built = await kprep(["build", "ours", "linux", "--json", "-q"], ENV, folder);
		const { modules } = built.json as { modules: { path: string; verdict: string }[] };
		expect(modules).toMatchObject([{ verdict: "loads" }]);
		expect(await typed("package linux -o headers --format dir")).toContain(
			`headers for ${kernel.release} (match)`,
		);
		const conf = readFileSync(join(theirs, "dkms.conf"), "utf8");
		const places = {
			release: kernel.release,
			build: join(folder, "headers"),
			folder: theirs,
			machine: "x86_64",
		};
		const [command = ""] = parseDkmsConf(conf, places)?.make ?? [];
		await run(["sh", "-c", command], { cwd: theirs, env: ENV });
		const inPackage = factsOf([join(theirs, "acpi_call.ko")]);
		expect(inPackage.get("acpi_call")?.vermagic).toContain(`${kernel.release} `);
		expect(factsOf(modules.map(({ path }) => path))).toEqual(inPackage);
	});
});

/** In the story's tree. */
describe("a driver that does not build", () => {
	it.each([
		[
			"a slip of its own",
			'#include <linux/module.h>\nstatic int __init a(void)\n{\n\treturn 0\n}\nmodule_init(a);\nMODULE_LICENSE("GPL");\n',
			["the error is in the driver's own source"],
			[/try: +look at .*slip\.c:\d+$/m],
		],
		[
			"a symbol that nobody has",
			'#include <linux/module.h>\nint nobodys_symbol(void);\nstatic int __init a(void)\n{\n\treturn nobodys_symbol();\n}\nmodule_init(a);\nMODULE_LICENSE("GPL");\n',
			["nobodys_symbol"],
			[/linux\/Module\.symvers/],
		],
	] as const)(
		"%s: told with the tree's own places",
		{ timeout: 5 * MINUTES },
		async (_, source, words, advised) => {
			if ("skip" in kernel) return;
			const driver = mkdtempSync(join(folder, "driver-"));
			writeFileSync(join(driver, "Makefile"), "obj-m := slip.o\n");
			writeFileSync(join(driver, "slip.c"), source);
			const { status, stderr } = await kprep(["build", driver, "linux"], ENV, folder);
			expect(status, stderr).toBe(4);
			for (const word of words) expect(stderr).toContain(word);
			for (const advice of advised) expect(stderr).toMatch(advice);
			// The kernel that runs the test is nobody's target.
			expect(stderr).not.toContain("uname -r");
		},
	);
});

/** Symbols that follow from the tools of this machine, and what /boot/config leaves out: keys that no source package carries. */
const OF_THE_MACHINE =
	/VERSION|^CC_|^(?:GCC|CLANG|AS|LD|LLD|RUST|PAHOLE|TOOLS|HAVE_RUST|BUILD_SALT|MODULE_SIG_(?:KEY|ALL)|SYSTEM_)|BTF|PLUGIN/;

/** The Makefile of `new` by itself, in a prepared tree whose path is relative or absolute. */
async function plainMake(tree: string, module: string): Promise<void> {
	const makes = async (...words: string[]) => {
		const { status, stderr } = await attempt(["make", "-s", "-C", join(folder, "hello"), ...words], {
			env: ENV,
		});
		expect(status, stderr).toBe(0);
	};
	await makes(`KDIR=${tree}`, "clean");
	expect(existsSync(module)).toBe(false);
	await makes("KDIR=../linux", "W=1");
	expect(existsSync(module)).toBe(true);
}
