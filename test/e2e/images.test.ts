/**
 * Each kind of boot file, made from a real kernel of the distribution, says what the kernel's own file says. The machine's
 * own kernel always; with KPREP_ARCHITECTURES=1 those of other architectures too (40 to 100 MB to download, once).
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ByteSource, inMemory } from "../../src/formats/bytes.ts";
import { type ContainerKind, isWhole, knownImage } from "../../src/formats/image/containers/index.ts";
import { openKernel } from "../../src/host/files/kernel-image.ts";
import { unwrap } from "../../src/host/files/unwrap.ts";
import {
	composeBootImage,
	composeDtb,
	composeFit,
	composeMediatek,
	composeUImage,
	composeUki,
	composeZboot,
} from "../helpers/boot-files.ts";
import { joined } from "../helpers/elf.ts";
import { type LabKernel, lab, type Skip, type Wanted } from "../helpers/lab.ts";

const MINUTES = 60_000;
const MORE = process.env.KPREP_ARCHITECTURES === "1";
const ARCHITECTURES: { name: string; wanted: Wanted; machine: number; others?: true }[] = [
	{
		name: "the machine's own",
		wanted: { flavour: "cloud" },
		machine: process.arch === "arm64" ? 0xaa64 : 0x8664,
	},
	{ name: "arm64", wanted: { flavour: "cloud", architecture: "arm64" }, machine: 0xaa64, others: true },
	{ name: "armhf", wanted: { flavour: "plain", architecture: "armhf" }, machine: 0x01c2, others: true },
	{
		name: "riscv64",
		wanted: { flavour: "plain", architecture: "riscv64", suite: "sid" },
		machine: 0x5064,
		others: true,
	},
];
const PACKERS: Record<string, string[]> = {
	gzip: ["gzip", "-1c"],
	lzma: ["xz", "--format=lzma", "-0c"],
	lz4: ["lz4", "-lc"],
	zstd: ["zstd", "-1c"],
};
const folder = mkdtempSync(join(tmpdir(), "kprep-images-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
if (!MORE) process.stderr.write("images: other architectures are not tried: KPREP_ARCHITECTURES=1 does\n");

describe.each(ARCHITECTURES.filter(({ others }) => MORE || !others))("$name", ({ name, wanted, machine }) => {
	let kernel: LabKernel | Skip;
	/** The kernel's own file, and what is packed in it. */
	let file: Uint8Array;
	let inner: Uint8Array;
	let own: Awaited<ReturnType<typeof facts>>;

	beforeAll(async () => {
		kernel = await lab.kernel(wanted);
		if ("skip" in kernel) {
			process.stderr.write(`images of ${name}: skipped: ${kernel.skip}\n`);
			return;
		}
		file = new Uint8Array(readFileSync(kernel.image));
		inner = await innermost(file);
		own = await facts("own", file);
	}, 10 * MINUTES);

	/** All of them hold the same kernel: byte for byte, and with KPREP_ARCHITECTURES=1 by all that is read of it too. */
	async function agree(forms: [name: string, kind: ContainerKind, bytes: Uint8Array][]): Promise<void> {
		for (const [form, kind, bytes] of forms) {
			const same = Buffer.compare(await innermost(bytes), inner) === 0;
			expect({ form, same, kind: knownImage(inMemory(bytes))?.kind }).toEqual({ form, same: true, kind });
		}
		if (!MORE) return;
		const { kind: _kind, ...said } = own;
		for (const [form, kind, bytes] of forms)
			expect({ form, ...(await facts(form, bytes)) }).toEqual({ form, ...said, kind });
	}

	test("its own file says who it is", (context) => {
		if ("skip" in kernel) return context.skip(kernel.skip);
		expect(own.release).toBe(kernel.release);
		expect(own.arch).toBe({ 43620: "arm64", 34404: "x86", 450: "arm", 20580: "riscv" }[machine]);
		expect(own.exports).toBeGreaterThan(5000);
	});

	test("boot.img v0 to v4 around it, with a dtb behind it and without", {
		timeout: 5 * MINUTES,
	}, async (context) => {
		if ("skip" in kernel) return context.skip(kernel.skip);
		await agree(
			([0, 1, 2, 3, 4] as const).map((version) => [
				`boot.img v${version}`,
				"boot.img",
				composeBootImage(version % 2 === 0 ? file : joined([file, composeDtb()]), version),
			]),
		);
	});

	test("uImage, FIT, UKI and vendors' headers around it", { timeout: 5 * MINUTES }, async (context) => {
		if ("skip" in kernel) return context.skip(kernel.skip);
		await agree([
			["uImage", "uImage", composeUImage(file, { arch: 0 })],
			["FIT", "FIT", composeFit([{ name: "kernel-1", bytes: file, arch: "", hashes: ["sha256"] }])],
			["UKI", "UKI", composeUki(file, machine, "quiet", own.release ?? "")],
			["MediaTek", "vendor-header", composeMediatek(file)],
		]);
	});

	test.each(Object.entries(PACKERS))(
		"packed with %s: with a dtb, in boot.img, FIT, uImage, zboot",
		{
			timeout: 5 * MINUTES,
		},
		async (compression, command) => {
			if ("skip" in kernel) return;
			const { stdout, status } = spawnSync(command[0] ?? "", command.slice(1), {
				input: inner,
				maxBuffer: 1 << 29,
			});
			if (status !== 0) {
				process.stderr.write(`${command[0]} is not installed\n`);
				return;
			}
			const packed = new Uint8Array(stdout);
			await agree([
				["FIT", "FIT", composeFit([{ name: "k", bytes: packed, arch: "", compression }], { external: true })],
				["boot.img", "boot.img", composeBootImage(packed, 4)],
				// xz takes no lzma with something else behind it for whole.
				...(compression === "lzma"
					? []
					: ([["packed-dtb", "compressed", joined([packed, composeDtb()])]] as [
							string,
							ContainerKind,
							Uint8Array,
						][])),
				["zboot", "zboot", composeZboot(packed, machine, compression !== "gzip")],
			]);
		},
	);
});

async function facts(name: string, bytes: Uint8Array) {
	const path = join(folder, name.replace(/\W/g, "-"));
	writeFileSync(path, bytes);
	const kernel = await openKernel(path);
	try {
		const { kind, arch, vermagic, versionCode, banner, exports, btf, ikconfig } = kernel;
		const crcs = createHash("sha256");
		for (const { symbol, crc } of exports ?? []) crcs.update(`${symbol} ${crc}\n`);
		const release = banner?.release ?? null;
		const sizes = { btf: btf?.size ?? null, ikconfig: ikconfig?.size ?? null };
		return {
			kind,
			arch,
			vermagic,
			versionCode,
			release,
			exports: exports?.length ?? 0,
			crcs: crcs.digest("hex"),
			...sizes,
		};
	} finally {
		kernel.close();
		rmSync(path);
	}
}

/** What a boot loader or the image's own code would unpack. */
async function innermost(bytes: Uint8Array): Promise<Uint8Array> {
	const raw = (source: ByteSource, container: Parameters<Parameters<typeof unwrap>[2]>[1]) =>
		container === null || container.payloads.some((payload) => isWhole(payload, source)) ? source : null;
	const found = await unwrap(inMemory(bytes), "the image", raw);
	if (found === null) throw new Error("nothing in it");
	return found.found.read(0, found.found.size);
}
