/**
 * Real kernels booted with templates/init.c: the machine's own architecture and user-mode Linux always, and with
 * KPREP_ARCHITECTURES=1 those of Debian's other architectures whose tools are installed.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readDecompressed } from "../../src/host/archive/decompress.ts";
import { moduleFiles } from "../../src/host/files/module-files.ts";
import { aptDownload, aptVersions, unpackDeb } from "../../src/host/packages/apt.ts";
import { findProgram } from "../../src/host/process/program.ts";
import { silent } from "../../src/host/progress.ts";
import { resolveTarget } from "../../src/target/resolve.ts";
import { bootAndLoad } from "../../src/workflows/boot/index.ts";
import { bootModules } from "../../src/workflows/boot/modules.ts";
import { cacheFolder } from "../helpers/cache.ts";
import { type LabKernel, lab, type Skip, type Wanted } from "../helpers/lab.ts";

const MINUTES = 60_000;
interface Case {
	name: string;
	wanted: Wanted;
	tools: string[];
}
const CASES: Case[] = [{ name: "the machine's own", wanted: { flavour: "cloud" }, tools: [] }];
const OTHERS: Case[] = [
	...[
		["i386", "qemu-system-i386", "i686-linux-gnu-gcc"],
		["armhf", "qemu-system-arm", "arm-linux-gnueabihf-gcc"],
		["arm64", "qemu-system-aarch64", "aarch64-linux-gnu-gcc"],
		["ppc64el", "qemu-system-ppc64", "powerpc64le-linux-gnu-gcc"],
		["s390x", "qemu-system-s390x", "s390x-linux-gnu-gcc"],
	].map(([architecture = "", ...tools]) => ({
		...{ name: architecture, wanted: { flavour: "plain", architecture } as const, tools },
	})),
	{
		name: "riscv64",
		wanted: { flavour: "plain", architecture: "riscv64", suite: "newest" },
		tools: ["qemu-system-riscv64", "riscv64-linux-gnu-gcc"],
	},
];
if (process.env.KPREP_ARCHITECTURES === "1") CASES.push(...OTHERS);
else process.stderr.write("boot: other architectures are not tried: KPREP_ARCHITECTURES=1 does\n");

describe.each(CASES)("$name", ({ name, wanted, tools }) => {
	let kernel: LabKernel | Skip;

	beforeAll(async () => {
		const missing = tools.filter((it) => findProgram(it) === null);
		kernel =
			missing.length > 0 ? { skip: `not installed here: ${missing.join(", ")}` } : await lab.kernel(wanted);
		if ("skip" in kernel) process.stderr.write(`boot of ${name}: skipped: ${kernel.skip}\n`);
	}, 10 * MINUTES);

	test("its own module loads, half of it does not, a kept one stays", {
		timeout: 3 * MINUTES,
	}, async (context) => {
		if ("skip" in kernel) return context.skip(kernel.skip);
		const bytes = await independentModule(kernel);
		const report = await bootAndLoad({
			...{ image: kernel.image, arch: kernel.architecture, progress: silent, show: ["/proc/version"] },
			modules: [
				{ name: "whole", bytes },
				{ name: "half", bytes: bytes.slice(0, bytes.length >> 1) },
				{ name: "kept", bytes, keep: true },
				{ name: "twice", bytes },
			],
		});
		const { release, modules, boots } = report;
		expect({ release, boots }).toEqual({ release: kernel.release, boots: 1 });
		expect(modules.map((it) => [it.name, it.loaded, it.unloaded, it.errno?.name ?? null])).toEqual([
			["whole", true, true, null],
			["half", false, false, "ENOEXEC"],
			["kept", true, false, null],
			["twice", false, false, "EEXIST"],
		]);
		expect(report.shown.get("/proc/version")).toContain(kernel.release);
		expect(report.log.some((line) => line.includes("Linux version"))).toBe(true);
		// What templates/init.c itself writes into the log is not the kernel's.
		expect(report.log.filter((line) => line.includes("full stop"))).toEqual([]);
	});
});

test("user-mode Linux runs as a process, and loads its own module", {
	timeout: 5 * MINUTES,
}, async (context) => {
	const kernel =
		process.arch === "x64" ? await lab.kernel({ flavour: "cloud" }) : { skip: "made for x86 hosts" };
	if ("skip" in kernel) return context.skip(kernel.skip);
	const [version] = await aptVersions(["user-mode-linux"], kernel.apt);
	if (version === undefined) return context.skip("the distribution has no package user-mode-linux");
	const [file = ""] = await aptDownload([version], join(cacheFolder(), "packages"), kernel.apt);
	const folder = mkdtempSync(join(tmpdir(), "kprep-uml-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	await unpackDeb(file, folder, kernel.apt);
	const [release = ""] = readdirSync(join(folder, "usr/lib/uml/modules"));
	const bytes = await independentModule({ modulesFolder: join(folder, "usr/lib/uml/modules", release) });
	const report = await bootAndLoad({
		...{ image: join(folder, "usr/bin/linux.uml"), arch: "um", progress: silent },
		modules: [
			{ name: "whole", bytes },
			{ name: "half", bytes: bytes.slice(0, bytes.length >> 1) },
		],
	});
	const { accelerator, modules } = report;
	expect([report.release, accelerator]).toEqual([release, "none"]);
	expect(modules.map((it) => [it.loaded, it.unloaded, it.errno?.name ?? null])).toEqual([
		[true, true, null],
		[false, false, "ENOEXEC"],
	]);
});

describe("what the kernel wants before and during a load", () => {
	let kernel: LabKernel | Skip;

	beforeAll(async () => {
		kernel = await lab.kernel({ flavour: "cloud" });
	}, 10 * MINUTES);

	test("softdeps and requests are answered from the target's own modules, and an init that fails is told apart", {
		timeout: 5 * MINUTES,
	}, async (context) => {
		if ("skip" in kernel) return context.skip(kernel.skip);
		const { sysroot, modulesFolder } = kernel;
		const all = moduleFiles(modulesFolder);
		const file = (name: string) => all.find((path) => new RegExp(`/${name}\\.ko`).test(path));
		const paths = ["btrfs", "xfs", "nf_conntrack", "ext4"].flatMap((name) => file(name) ?? []).slice(0, 3);
		if (paths.length === 0) return context.skip("this kernel has none of the file systems as modules");
		const target = await resolveTarget({ sysroot }, silent);
		const results = await bootModules({ paths, target, progress: silent });
		expect(results.map(({ stage, errno }) => [stage, errno])).toEqual(paths.map(() => ["loaded", null]));
	});

	test.skipIf(process.env.KPREP_BOOT_CROWD === undefined)(
		"ten boots at once (KPREP_BOOT_CROWD=1) of a module that loads say that it loads",
		{ timeout: 20 * MINUTES },
		async (context) => {
			if ("skip" in kernel) return context.skip(kernel.skip);
			const bytes = await independentModule(kernel);
			const { image, architecture } = kernel;
			const boots = Array.from({ length: 10 }, () =>
				bootAndLoad({ image, arch: architecture, progress: silent, modules: [{ name: "one", bytes }] }),
			);
			const stages = (await Promise.all(boots)).flatMap(({ modules }) => modules.map(({ stage }) => stage));
			expect(stages).toEqual(Array(10).fill("loaded"));
		},
	);
});

/** A module of the distribution that needs no other and can be unloaded. */
async function independentModule({ modulesFolder }: Pick<LabKernel, "modulesFolder">): Promise<Uint8Array> {
	const folder = join(modulesFolder, "kernel/lib");
	for (const file of readdirSync(folder, { encoding: "utf8" }).sort()) {
		if (!/^ts_\w+\.ko/.test(file)) continue;
		return readDecompressed(join(folder, file));
	}
	throw new Error(`no text search module in ${folder}`);
}
