import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { inMemory } from "../../../../src/formats/bytes.ts";
import { knownImage } from "../../../../src/formats/image/containers/index.ts";
import { openKernel } from "../../../../src/host/files/kernel-image.ts";
import {
	composeBootImage,
	composeDtb,
	composeFit,
	composeMediatek,
	composeUImage,
	composeUki,
	composeVendorBoot,
	composeZboot,
	composeZImage,
} from "../../../helpers/boot-files.ts";
import { ascii, joined, words } from "../../../helpers/elf.ts";
import {
	composeArm64Image,
	composeBzImage,
	composeRaw,
	composeVmlinux,
	type KernelSpec,
} from "../../../helpers/kernel.ts";

const WELL_KNOWN = ["kfree", "jiffies", "memcpy", "strlen", "msleep", "memset", "strcmp", "schedule"];
const base: KernelSpec = {
	release: "6.1.0-1-test",
	vermagic: "6.1.0-1-test SMP mod_unload modversions aarch64",
	versionCode: 0x0601c0,
	config: "CONFIG_SMP=y\n",
	exports: Array.from({ length: 200 }, (_, index) => ({
		symbol: WELL_KNOWN[index] ?? `symbol_${(index * 7919) % 997}`,
		crc: Math.imul(index + 1, 0x9e3779b1) >>> 0,
		gpl: index % 3 === 0,
	})),
};
const folder = mkdtempSync(join(tmpdir(), "kprep-image-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const vmlinux = composeVmlinux(base);
const image = composeArm64Image(base);
const arm = composeRaw({ ...base, bits: 32, relative: false });
const gzip = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));
const dtb = composeDtb();

/** What a program makes of bytes; null where it is not installed. */
function packed(command: string[], bytes: Uint8Array): Uint8Array | null {
	const { stdout, status } = spawnSync(command[0] ?? "", command.slice(1), { input: bytes });
	return status === 0 && stdout.length > 0 ? new Uint8Array(stdout) : null;
}

async function opened(name: string, bytes: Uint8Array) {
	const path = join(folder, name.replace(/\W/g, "-"));
	writeFileSync(path, bytes);
	return openKernel(path);
}

type Case = [name: string, bytes: Uint8Array, kind: string, arch: string | null];

test.each<Case>([
	["bzImage", composeBzImage(gzip(vmlinux), "6.1.0-1-test"), "bzImage", "x86"],
	["vmlinux", vmlinux, "vmlinux", "x86"],
	[
		"an ELF with a packed kernel in it",
		joined([composeVmlinux({ exports: [], release: "x" }), gzip(vmlinux)]),
		"vmlinux",
		"x86",
	],
	["arm64 Image", image, "arm64-Image", "arm64"],
	["Image.gz", gzip(image), "compressed", "arm64"],
	["Image.gz-dtb", joined([gzip(image), dtb, dtb]), "compressed", "arm64"],
	["EFI zboot", composeZboot(gzip(image), 0xaa64), "zboot", "arm64"],
	["EFI zboot of LoongArch", composeZboot(gzip(composeRaw(base)), 0x6264), "zboot", "loongarch"],
	["EFI zboot of riscv64", composeZboot(gzip(composeRaw(base)), 0x5064), "zboot", "riscv"],
	[
		"unified kernel image",
		composeUki(composeBzImage(gzip(vmlinux), "6.1.0-1-test"), 0x8664, "quiet", "6.1.0-1-test"),
		"UKI",
		"x86",
	],
	["arm zImage", composeZImage(gzip(arm)), "zImage", "arm"],
	["arm zImage with a dtb behind it", joined([composeZImage(gzip(arm)), dtb]), "zImage", "arm"],
	...([0, 1, 2, 3, 4] as const).flatMap((version): Case[] => [
		[`boot.img v${version} with Image.gz`, composeBootImage(gzip(image), version), "boot.img", "arm64"],
		[
			`boot.img v${version} with Image.gz-dtb`,
			composeBootImage(joined([gzip(image), dtb]), version),
			"boot.img",
			"arm64",
		],
		[`boot.img v${version} with Image`, composeBootImage(image, version), "boot.img", "arm64"],
		[
			`boot.img v${version} with zImage and dtb`,
			composeBootImage(joined([composeZImage(gzip(arm)), dtb]), version),
			"boot.img",
			"arm",
		],
	]),
	["boot.img with MediaTek's header", composeBootImage(composeMediatek(gzip(image)), 1), "boot.img", "arm64"],
	["uImage", composeUImage(gzip(image), { arch: 22, compression: 1 }), "uImage", "arm64"],
	["uImage with a zImage", composeUImage(composeZImage(gzip(arm))), "uImage", "arm"],
	["uImage of several parts", composeUImage(gzip(arm), { compression: 1, type: 4 }), "uImage", "arm"],
	[
		"uImage of big-endian mips",
		composeUImage(gzip(composeRaw({ ...base, bits: 32, little: false, relative: false })), {
			arch: 5,
			compression: 1,
		}),
		"uImage",
		"mips",
	],
	["FIT with Image", composeFit([{ name: "kernel-1", bytes: image }]), "FIT", "arm64"],
	[
		"FIT with gzip",
		composeFit([
			{
				name: "kernel-1",
				bytes: gzip(image),
				compression: "gzip",
				hashes: ["sha256", "crc32", "md5", "unheard"],
			},
		]),
		"FIT",
		"arm64",
	],
	[
		"FIT with its data behind it",
		composeFit(
			[
				{ name: "a", bytes: ascii("x".repeat(99)), type: "ramdisk" },
				{ name: "k", bytes: gzip(image), compression: "gzip" },
			],
			{ external: true },
		),
		"FIT",
		"arm64",
	],
	[
		"FIT without configurations",
		composeFit([{ name: "k", bytes: image }], { configured: false }),
		"FIT",
		"arm64",
	],
	[
		"s390 bzImage",
		joined([
			new Uint8Array(0x10008),
			ascii("S390EP"),
			new Uint8Array(64),
			gzip(composeRaw({ ...base, little: false })),
		]),
		"s390-bzImage",
		"s390",
	],
])("%s", async (name, bytes, kind, arch) => {
	const kernel = await opened(name, bytes);
	expect(kernel).toMatchObject({ kind, arch, banner: { release: "6.1.0-1-test" }, versionCode: 0x0601c0 });
	expect(kernel.exports).toHaveLength(base.exports.length);
	expect(gunzipSync(kernel.content(kernel.ikconfig ?? { offset: 0, size: 0 })).toString()).toBe(base.config);
	kernel.close();
});

const PACKERS: [name: string, command: string[]][] = [
	["lz4", ["lz4", "-c"]],
	["lz4 of the kernel's build", ["lz4", "-lc"]],
	["lzma", ["xz", "--format=lzma", "-c"]],
	["lzma as OpenWrt packs it", ["xz", "--format=lzma", "--lzma1=lc=1,lp=2,pb=2", "-c"]],
	["xz", ["xz", "--check=crc32", "-c"]],
	["zstd", ["zstd", "-c"]],
	["bzip2", ["bzip2", "-c"]],
	["lzop", ["lzop", "-c"]],
];

test.each(PACKERS)("packed with %s: Image and dtb, boot.img, FIT, uImage, zImage", async (name, command) => {
	const small = packed(command, image);
	if (small === null) {
		process.stderr.write(`${command[0]} is not installed: ${name} is not tried\n`);
		return;
	}
	const openwrt = small[0] === 0x6d;
	const compression = name.split(" ", 1)[0] ?? "";
	const forms: [string, Uint8Array][] = [
		["FIT", composeFit([{ name: "k", bytes: small, compression }])],
		["uImage", composeUImage(small, { arch: 22, compression: openwrt ? 3 : 0 })],
		// Nothing but the container says that it is lzma when its settings are others.
		...(openwrt
			? []
			: ([
					...(compression === "lzma" ? [] : [["Image-dtb", joined([small, dtb])]]),
					["boot.img", composeBootImage(small, 2)],
					...(name === "lz4"
						? []
						: [["zImage", composeZImage(joined([small, words(true, [4, image.length])]))]]),
				] as [string, Uint8Array][])),
	];
	for (const [form, bytes] of forms) {
		const kernel = await opened(`${name} ${form}`, bytes);
		expect([form, kernel.banner?.release, kernel.exports?.length]).toEqual([form, "6.1.0-1-test", 200]);
		kernel.close();
	}
});

test("what a boot file says of its kernel", async () => {
	expect(knownImage(inMemory(composeBzImage(gzip(vmlinux), "6.1.0-9-x")))?.release).toBe("6.1.0-9-x");
	const lines = [0, 1, 2, 3, 4].map((version) =>
		composeBootImage(image, version as 0, "module.sig_enforce=1 quiet"),
	);
	for (const bytes of lines) {
		expect(knownImage(inMemory(bytes))?.commandLine).toBe("module.sig_enforce=1 quiet");
	}
});

const broken = composeFit([{ name: "k", bytes: gzip(image), compression: "gzip" }]);
broken[broken.length - 600] = (broken[broken.length - 600] ?? 0) ^ 1;
const wrongHeader = composeUImage(gzip(image));
wrongHeader[40] = 1;
const wrongData = composeUImage(gzip(image));
wrongData[wrongData.length - 40] = (wrongData.at(-40) ?? 0) ^ 1;

test.each<[string, Uint8Array, RegExp]>([
	["text", ascii("#!/bin/sh\necho no kernel\n".repeat(5)), /Linux banner/],
	["empty", new Uint8Array(), /Linux banner/],
	["gzip of text", gzip(ascii("just text, and more of it ".repeat(100))), /Linux banner/],
	["a bzImage whose payload is damaged", composeBzImage(gzip(vmlinux).fill(7, 100), "6.1.0-1-test"), /./],
	[
		"vendor_boot",
		composeVendorBoot(4),
		/vendor_boot image holds no kernel \(version 4, 2 ramdisk fragments.*androidboot.hardware=demo/,
	],
	["init_boot", composeBootImage(new Uint8Array(), 4), /without a kernel/],
	["a device tree", dtb, /device tree \(dtb\) and no kernel/],
	[
		"a FIT of a ramdisk",
		composeFit([{ name: "r", bytes: image, type: "ramdisk" }], { configured: false }),
		/FIT without a kernel/,
	],
	["a FIT that is damaged", broken, /(crc32|sha1) [0-9a-f]+/],
	["a uImage's header", wrongHeader, /checksum/],
	["a uImage's data", wrongData, /crc32 [0-9a-f]{8}/],
	["a uImage of a ramdisk", composeUImage(image, { type: 3 }), /type 3 holds no kernel/],
	["a boot.img that is cut", composeBootImage(image, 0).slice(0, 5000), /beyond the end/],
])("refused: %s", async (name, bytes, why) => {
	const error = await opened(name, bytes).catch((thrown) => thrown);
	expect(error).toMatchObject({ name: "KprepError", kind: "missing" });
	expect(`${error.found}`).toMatch(why);
});
