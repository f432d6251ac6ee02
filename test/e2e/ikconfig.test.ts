import {
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aptDownload, aptVersions, unpackDeb } from "../../src/host/packages/apt.ts";
import { findProgram } from "../../src/host/process/program.ts";
import { attempt, run } from "../../src/host/process/run.ts";
import { compareSymvers, parseSymvers } from "../../src/kernel/symvers/symvers.ts";
import type { TargetDocument } from "../../src/target/document.ts";
import { cacheFolder } from "../helpers/cache.ts";
import { kprepJson } from "../helpers/kprep.ts";
import { type LabKernel, lab } from "../helpers/lab.ts";

const scratch = mkdtempSync(join(tmpdir(), "kprep-ikconfig-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let kernel: LabKernel | null = null;
let reason = "";
beforeAll(async () => {
	const found = await lab.kernel({ flavour: "cloud" });
	if (!("skip" in found)) kernel = found;
	else reason = found.skip;
}, 10 * 60_000);

/** What kprep knows of the target, and the text of each file it extracts. */
async function extracted(
	name: string,
	...words: string[]
): Promise<{ found: TargetDocument; text: (file: string) => string }> {
	const folder = join(scratch, name);
	const found = await kprepJson<TargetDocument>("target", ...words, "--extract", folder);
	return { found, text: (file) => readFileSync(join(folder, file), "utf8") };
}

test("CONFIG_IKCONFIG=m: the distribution's user-mode kernel tells its packaged config", async (context) => {
	if (kernel === null) return context.skip(reason);
	const apt = kernel.apt;
	const [version] = await aptVersions(["user-mode-linux"], apt);
	if (version === undefined) return context.skip("the distribution has no package user-mode-linux");
	const [file = ""] = await aptDownload([version], join(cacheFolder(), "packages"), apt);
	const sysroot = join(scratch, "uml");
	await unpackDeb(file, sysroot, apt);
	const [release = ""] = readdirSync(join(sysroot, "usr/lib/uml/modules"));
	for (const folder of ["lib", "boot"]) mkdirSync(join(sysroot, folder));
	symlinkSync("../usr/lib/uml/modules", join(sysroot, "lib/modules"));
	symlinkSync("../usr/bin/linux.uml", join(sysroot, `boot/vmlinux-${release}`));

	const { found, text } = await extracted("uml-facts", "--sysroot", sysroot);
	expect(found.release?.value).toBe(release);
	expect(found.config?.source).toEqual({ kind: "module", path: expect.stringMatching(/\/configs\.ko/) });
	const packaged = gunzipSync(readFileSync(join(sysroot, "usr/share/doc/user-mode-linux/config.gz")));
	expect(text("config")).toBe(packaged.toString());
	expect(found.symvers?.exports).toBeGreaterThan(3000);
	console.log(`${release}: the config of ${found.config?.value} is the packaged one`);
}, 120_000);

/** Kernels of its own are built: minutes. */
const BUILD = process.env.KPREP_IKCONFIG === "1";
const TINY = [
	"64BIT",
	"SMP",
	"PRINTK",
	"MODULES",
	"MODULE_UNLOAD",
	"MODVERSIONS",
	"PROC_FS",
	"IKCONFIG_PROC",
];
/** Of the kernel's own compressions those whose program is here; the name is that of the config symbol. */
const COMPRESSIONS = Object.entries({
	GZIP: "gzip",
	XZ: "xz",
	ZSTD: "zstd",
	LZ4: "lz4",
	LZMA: "xz",
	BZIP2: "bzip2",
	LZO: "lzop",
});

describe("a kernel built from the distribution's source, as small as it can be", () => {
	const tree = join(scratch, "tree");
	const output = join(scratch, "output");
	const image = join(output, "arch/x86/boot/bzImage");
	let lacks = "set KPREP_IKCONFIG=1 to build one (3 to 10 minutes)";

	beforeAll(async () => {
		if (BUILD) lacks = kernel === null ? reason : "";
		if (lacks !== "") console.log(`skipped: ${lacks}`);
		if (lacks !== "" || kernel === null) return;
		mkdirSync(tree);
		const archive = await kernel.source();
		await run(["tar", "-xf", archive, "-C", tree, "--strip-components=1"], { timeout: 5 * 60_000 });
		await build("GZIP", "y", ["bzImage", "modules"]);
	}, 30 * 60_000);

	/** Builds with that compression and CONFIG_IKCONFIG=`ikconfig`. */
	async function build(compression: string, ikconfig: "y" | "m", goals: string[]): Promise<void> {
		const wanted = [...TINY, `KERNEL_${compression}`].map((symbol) => `CONFIG_${symbol}=y\n`);
		const fragment = join(scratch, "fragment");
		writeFileSync(fragment, [...wanted, `CONFIG_IKCONFIG=${ikconfig}\n`].join(""));
		const ccache = findProgram("ccache") === null ? [] : ["CC=ccache gcc", "HOSTCC=ccache gcc"];
		const make = ["make", "-s", "-C", tree, `O=${output}`, "-j2", ...ccache];
		const options = { timeout: 25 * 60_000, env: { KBUILD_BUILD_TIMESTAMP: "2020-01-01" } };
		await run([...make, `KCONFIG_ALLCONFIG=${fragment}`, "allnoconfig"], options);
		await run([...make, ...goals], options);
	}

	const config = () => readFileSync(join(output, ".config"), "utf8");

	test.for(COMPRESSIONS)(
		"%s: config, extract-ikconfig and Module.symvers",
		{ timeout: 15 * 60_000 },
		async ([compression, program], context) => {
			if (lacks !== "") return context.skip(lacks);
			if (findProgram(program) === null) return context.skip(`${program} is not installed here`);
			await build(compression, "y", ["bzImage"]);
			const { found, text } = await extracted(compression, "-t", image);
			expect(found.config?.source).toEqual({ kind: "image", path: image });
			expect(config()).toContain(`CONFIG_KERNEL_${compression}=y\n`);
			expect(text("config")).toBe(config());
			const own = await attempt([join(tree, "scripts/extract-ikconfig"), image]);
			expect(own.stdout).toBe(config());
			const built = parseSymvers(readFileSync(join(output, "Module.symvers"), "utf8")).entries;
			expect(built.length).toBeGreaterThan(1000);
			expect(compareSymvers(built, parseSymvers(text("Module.symvers")).entries)).toEqual([]);
		},
	);

	test("a plain vmlinux", async (context) => {
		if (lacks !== "") return context.skip(lacks);
		const { text } = await extracted("vmlinux", "-t", join(output, "vmlinux"));
		expect(text("config")).toBe(config());
	}, 120_000);

	test(
		"CONFIG_IKCONFIG=m: the installed module",
		async (context) => {
			if (lacks !== "") return context.skip(lacks);
			await build("GZIP", "m", ["bzImage", "modules"]);
			const release = readFileSync(join(output, "include/config/kernel.release"), "utf8").trim();
			const sysroot = join(scratch, "root");
			const modules = join(sysroot, "lib/modules", release, "kernel/kernel");
			for (const folder of [modules, join(sysroot, "boot")]) mkdirSync(folder, { recursive: true });
			copyFileSync(join(output, "kernel/configs.ko"), join(modules, "configs.ko"));
			copyFileSync(image, join(sysroot, "boot", `vmlinuz-${release}`));
			const { found, text } = await extracted("module", "--sysroot", sysroot);
			expect(found.config?.source.kind).toBe("module");
			expect(text("config")).toBe(config());
		},
		15 * 60_000,
	);
});
