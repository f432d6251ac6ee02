import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modinfoValue } from "../../src/formats/module/modinfo.ts";
import { readModule } from "../../src/formats/module/module.ts";
import { readDecompressed } from "../../src/host/archive/decompress.ts";
import { type OpenedKernel, openKernel } from "../../src/host/files/kernel-image.ts";
import { moduleFiles } from "../../src/host/files/module-files.ts";
import { Root } from "../../src/host/files/root.ts";
import { silent } from "../../src/host/progress.ts";
import { compareSymvers, parseSymvers } from "../../src/kernel/symvers/symvers.ts";
import { contradictions, rebuiltSymvers } from "../../src/target/facts/rebuilt-symvers.ts";
import { scanModules } from "../../src/target/providers/modules/scan-modules.ts";
import { type LabKernel, lab, type Wanted } from "../helpers/lab.ts";

/** Kernels of other shapes (32 bits and absolute entries in a zImage; a riscv Image) are 50 to 120 MB each. */
const MORE = process.env.KPREP_ARCHITECTURES === "1";

/** Three ways in which exports lie in an image: two tables (own suite), one table with flags (newest), no ELF (arm64). */
const KERNELS: [name: string, wanted: Wanted][] = [
	["of this machine's suite", { flavour: "cloud" }],
	["of the next release", { flavour: "cloud", suite: "newest" }],
	["of another architecture", { flavour: "cloud", architecture: "arm64" }],
	["for 32-bit arm", { flavour: "plain", architecture: "armhf" }],
	["for 32-bit arm, of the next release", { flavour: "plain", architecture: "armhf", suite: "newest" }],
	["for riscv", { flavour: "plain", architecture: "riscv64", suite: "newest" }],
];
const USUAL = 3;

describe.each(KERNELS.slice(0, MORE ? KERNELS.length : USUAL))(
	"a kernel %s, read without its headers",
	(_, wanted) => {
		let kernel: LabKernel | null = null;
		let image: OpenedKernel | null = null;
		let reason = "";

		beforeAll(async () => {
			const found = await lab.kernel(wanted);
			if ("skip" in found) {
				reason = found.skip;
				console.log(`skipped: ${reason}`);
				return;
			}
			kernel = found;
			image = await openKernel(found.image);
		}, 10 * 60_000);
		afterAll(() => image?.close());

		/** Skips with the reason, or gives what the tests work on. */
		function at(context: { skip: (note: string) => never }): {
			kernel: LabKernel;
			image: OpenedKernel;
			modules: string;
		} {
			if (kernel === null || image === null) return context.skip(reason);
			return { kernel, image, modules: join(kernel.modulesFolder, "kernel") };
		}

		test("Module.symvers: every symbol, CRC, module, kind and namespace", async (context) => {
			const { kernel, image, modules } = at(context);
			const packaged = packagedSymvers(kernel);
			const source = { kind: "image" as const, path: kernel.image };
			const rebuilt = rebuiltSymvers(image.exports ?? [], modules, source, silent);
			const text = new TextDecoder().decode(await rebuilt.read());
			const { entries } = parseSymvers(text);
			expect(packaged.invalid).toEqual([]);
			expect(packaged.entries.length).toBeGreaterThan(5000);
			expect(compareSymvers(packaged.entries, entries)).toEqual([]);
			expect(entries).toHaveLength(packaged.entries.length);
			const { exports, crcs } = await rebuilt.counts();
			expect([exports, crcs]).toEqual([
				packaged.entries.length,
				packaged.entries.filter(({ crc }) => crc !== 0).length,
			]);
			console.log(`${kernel.release}: ${exports} exports, ${crcs} with a CRC, no difference`);
		});

		test("vermagic is that of the packaged modules; the CRCs they import contradict nothing", async (context) => {
			const { kernel, image, modules } = at(context);
			const scanned = await scanModules(modules, silent);
			expect(scanned.unreadable).toEqual([]);
			expect(scanned.mixed).toEqual([]);
			expect(scanned.vermagics).toEqual([image.vermagic]);
			expect(image.banner?.release).toBe(kernel.release);
			const text = packagedText(kernel);
			expect(contradictions(text, scanned)).toEqual([]);
			const imported = [...scanned.imports].find(([, crc]) => crc !== 0);
			if (imported === undefined) return;
			const [symbol, crc] = imported;
			const forged = text.replace(new RegExp(`^0x[0-9a-f]{8}(?=\t${symbol}\t)`, "m"), "0x00000bad");
			expect(contradictions(forged, scanned)).toEqual([{ symbol, symvers: 0xbad, modules: crc }]);
		});

		test("one module, whole", async (context) => {
			const { modules, image } = at(context);
			const [path = ""] = moduleFiles(modules);
			const module = readModule(await readDecompressed(path));
			expect(modinfoValue(module.modinfo, "vermagic")).toBe(image.vermagic);
			expect(module.imports.length).toBeGreaterThan(0);
			expect(module.thisModuleSize).toBeGreaterThan(500);
		});

		test("the config, when the image has it", async (context) => {
			const { kernel, image } = at(context);
			const config = packagedConfig(kernel);
			if (image.ikconfig === null) {
				if (config !== null) expect(config).not.toMatch(/^CONFIG_IKCONFIG=y$/m);
				return context.skip("the distribution builds without CONFIG_IKCONFIG=y");
			}
			expect(gunzipSync(image.content(image.ikconfig)).toString()).toBe(config);
		});
	},
);

if (!MORE)
	console.log(
		"skipped: kernels for armhf and riscv64 (300 MB of packages): KPREP_ARCHITECTURES=1 reads them",
	);

function packagedText({ sysroot, release }: LabKernel): string {
	const text = new Root(sysroot).text(`/usr/src/linux-headers-${release}/Module.symvers`);
	if (text === null) throw new Error(`no packaged Module.symvers of ${release}`);
	return text;
}

function packagedSymvers(kernel: LabKernel) {
	return parseSymvers(packagedText(kernel));
}

function packagedConfig({ sysroot, release }: LabKernel): string | null {
	const root = new Root(sysroot);
	const path = [`/boot/config-${release}`, `/usr/lib/modules/${release}/config`].find((one) =>
		root.exists(one),
	);
	return path === undefined ? null : readFileSync(root.outer(path), "utf8");
}
