import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parseBanner } from "../../../../src/formats/banner.ts";
import { inMemory } from "../../../../src/formats/bytes.ts";
import { readKernel } from "../../../../src/formats/image/kernel.ts";
import { versionOf } from "../../../../src/formats/image/version.ts";
import { composeRaw, composeVmlinux, type KernelSpec } from "../../../helpers/kernel.ts";

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

test("user-mode Linux is told from a kernel of the machine it runs on", () => {
	const arch = (mark: string) => readKernel(inMemory(composeVmlinux({ ...base, mark }))).arch;
	expect([arch(".uml.setup.init"), arch(".init.setup")]).toEqual(["um", "x86"]);
});
