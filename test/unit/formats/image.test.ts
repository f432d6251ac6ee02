import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { parseBanner } from "../../../src/formats/banner.ts";
import { inMemory } from "../../../src/formats/bytes.ts";
import { identifyImage } from "../../../src/formats/image/container.ts";
import { readKernel } from "../../../src/formats/image/kernel.ts";
import { versionOf } from "../../../src/formats/image/version.ts";
import { openKernel } from "../../../src/host/files/kernel-image.ts";
import { ascii, joined, words } from "../../helpers/elf.ts";
import {
	composeArm64Image,
	composeBzImage,
	composeRaw,
	composeVmlinux,
	type KernelSpec,
} from "../../helpers/kernel.ts";

const WELL_KNOWN = ["kfree", "jiffies", "memcpy", "strlen", "msleep", "memset", "strcmp", "schedule"];
const exports = Array.from({ length: 200 }, (_, index) => ({
	symbol: WELL_KNOWN[index] ?? `symbol_${(index * 7919) % 997}`,
	crc: Math.imul(index + 1, 0x9e3779b1) >>> 0,
	gpl: index % 3 === 0,
	...(index % 11 === 0 ? { namespace: "NET_DEMO" } : {}),
}));
const base: KernelSpec = {
	release: "6.1.0-1-test",
	vermagic: "6.1.0-1-test SMP mod_unload modversions aarch64",
	versionCode: 0x0601c0,
	config: "CONFIG_SMP=y\n",
	exports,
};

function expected(spec: KernelSpec) {
	return spec.exports
		.map(({ symbol, crc, gpl = false, namespace = null }) => ({
			symbol,
			crc: spec.crcs === "none" ? null : crc,
			kind: gpl ? "EXPORT_SYMBOL_GPL" : "EXPORT_SYMBOL",
			gplOnly: gpl,
			namespace: spec.namespaces === false ? null : namespace,
		}))
		.sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

const ERAS: [string, Partial<KernelSpec>][] = [
	["relative entries, namespaces (5.10 on)", {}],
	["a byte of flags (7.0 on)", { flags: true }],
	["flags and no CRCs", { flags: true, crcs: "none" }],
	["no CRCs", { crcs: "none" }],
	["relative CRCs (up to 5.18)", { crcs: "relative" }],
	["relative entries without namespaces (4.19)", { namespaces: false }],
	["absolute 64-bit entries", { relative: false }],
	[
		"absolute 64-bit entries, CRCs as long (up to 4.10)",
		{ relative: false, namespaces: false, crcs: "long" },
	],
	["absolute 32-bit entries (arm)", { relative: false, bits: 32, machine: 40 }],
	[
		"absolute 32-bit entries without namespaces (arm)",
		{ relative: false, bits: 32, machine: 40, namespaces: false },
	],
	["big-endian absolute 32-bit entries", { relative: false, bits: 32, little: false, machine: 20 }],
	["big-endian absolute 64-bit entries", { relative: false, little: false, machine: 22, crcs: "long" }],
];

describe.each(ERAS)("%s", (_, change) => {
	const spec = { ...base, ...change };

	test("a vmlinux by its sections", () => {
		const kernel = readKernel(inMemory(composeVmlinux(spec)));
		expect(kernel.exports?.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1))).toEqual(expected(spec));
	});

	test("a raw image by structure", () => {
		const kernel = readKernel(inMemory(composeRaw(spec)), spec.little ?? true);
		expect(kernel.exports?.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1))).toEqual(expected(spec));
	});
});

test.each<[string, Uint8Array]>([
	["vmlinux", composeVmlinux(base)],
	["raw", composeRaw(base)],
])("what a %s says about itself", (_, bytes) => {
	const kernel = readKernel(inMemory(bytes));
	expect(kernel.banner).toMatchObject({
		release: "6.1.0-1-test",
		compiler: "gcc-12 (Made Up 12.2.0-1) 12.2.0",
		linker: "GNU ld (2.40)",
		build: "#1 SMP",
	});
	expect(kernel.vermagic).toBe(base.vermagic);
	expect(versionOf(kernel.versionCode, kernel.banner)).toBe("6.1.192");
	const { offset, size } = kernel.ikconfig ?? { offset: 0, size: 0 };
	expect(gunzipSync(bytes.subarray(offset, offset + size)).toString()).toBe(base.config);
});

test.each<[code: number, banner: string, version: string | null]>([
	[393664, "Linux version 6.1.0-56-amd64 (d) (gcc) # SMP Debian 6.1.192-2 (2026-11-16)", "6.1.192"],
	[330495, "Linux version 5.10.0-46-amd64 (d) (gcc) #1 SMP Debian 5.10.262-1 (2026-07-31)", "5.10.262"],
	[330495, "Linux version 5.10.300 (d) (gcc) #1 SMP", "5.10.300"],
	[330495, "Linux version 5.10.0-1-vendor (d) (gcc) #1 SMP", null],
	[(4 << 16) + (14 << 8) + 300, "Linux version 4.14.300 (d) (gcc) #1 SMP", "4.14.300"],
	[(5 << 16) + 21, "Linux version 5.0.0-27-generic (d) (gcc) #28-Ubuntu SMP", "5.0.21"],
])("version of %d with %j is %s", (code, banner, version) => {
	expect(versionOf(code, parseBanner(banner))).toBe(version);
});

test.each<[string, string | null, string | null]>([
	[
		"Linux version 3.2.0 (a@b) (gcc version 4.6.3 (Debian 4.6.3-14) ) #1 SMP",
		"gcc version 4.6.3 (Debian 4.6.3-14)",
		null,
	],
	["Linux version 6.6 (a@b) (clang version 17.0.6, LLD 17.0.6) #1", "clang version 17.0.6", "LLD 17.0.6"],
	["Linux version 6.6 (a@b) gcc", null, null],
])("banner %j", (text, compiler, linker) => {
	expect(parseBanner(text)).toMatchObject({ compiler, linker });
});

describe("containers", () => {
	const folder = mkdtempSync(join(tmpdir(), "kprep-image-"));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	const vmlinux = composeVmlinux(base);
	const raw = composeArm64Image(base);
	const sized = (bytes: Uint8Array) => joined([new Uint8Array(gzipSync(bytes))]);
	const zboot = () => {
		const payload = sized(raw);
		const head = new Uint8Array(64);
		head.set(ascii("MZ\0\0zimg"));
		head.set(words(true, [4, 64], [4, payload.length]), 8);
		return joined([head, payload]);
	};
	const zImage = () => {
		const head = new Uint8Array(64);
		head.set(words(true, [4, 0x016f2818]), 0x24);
		return joined([
			head,
			ascii("\x1f\x8b\x08\0 not the payload"),
			new Uint8Array(gzipSync(composeRaw({ ...base, bits: 32, relative: false }))),
		]);
	};
	const uImage = joined([
		ascii("\x27\x05\x19\x56"),
		new Uint8Array(60),
		new Uint8Array(gzipSync(raw)),
		new Uint8Array(64),
	]);

	test.each<[string, Uint8Array, string, string | null]>([
		["bzImage", composeBzImage(sized(vmlinux), "6.1.0-1-test"), "bzImage", "x86"],
		["vmlinux", vmlinux, "vmlinux", "x86"],
		["arm64 Image", raw, "arm64-Image", "arm64"],
		["Image.gz", new Uint8Array(gzipSync(raw)), "compressed", "arm64"],
		["EFI zboot", zboot(), "zboot", "arm64"],
		["arm zImage", zImage(), "zImage", "arm"],
		["uImage", uImage, "uImage", "arm64"],
	])("%s", async (name, bytes, kind, arch) => {
		const path = join(folder, name);
		writeFileSync(path, bytes);
		const kernel = await openKernel(path);
		expect(kernel).toMatchObject({ kind, arch, banner: { release: "6.1.0-1-test" } });
		expect(kernel.exports).toHaveLength(exports.length);
		expect(gunzipSync(kernel.content(kernel.ikconfig ?? { offset: 0, size: 0 })).toString()).toBe(
			base.config,
		);
		kernel.close();
	});

	test("the release of a bzImage is in its setup header", () => {
		expect(identifyImage(inMemory(composeBzImage(sized(vmlinux), "6.1.0-9-x"))).release).toBe("6.1.0-9-x");
	});

	test.each<[string, Uint8Array]>([
		["text", ascii("#!/bin/sh\necho no kernel\n")],
		["empty", new Uint8Array()],
		["gzip of text", new Uint8Array(gzipSync("just text, and more of it ".repeat(100)))],
		["a bzImage whose payload is damaged", composeBzImage(sized(vmlinux).fill(7, 100), "6.1.0-1-test")],
	])("refused: %s", async (name, bytes) => {
		const path = join(folder, name);
		writeFileSync(path, bytes);
		await expect(openKernel(path)).rejects.toMatchObject({ name: "KprepError", kind: "missing" });
	});
});
