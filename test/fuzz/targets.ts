import { spawnSync } from "node:child_process";
import { TarReader } from "../../src/formats/archive/tar.ts";
import { parseBanner } from "../../src/formats/banner.ts";
import { BTF_KIND, Btf } from "../../src/formats/btf/btf.ts";
import { structLayout } from "../../src/formats/btf/btf-layout.ts";
import { inMemory, latin1 } from "../../src/formats/bytes.ts";
import { compressionOf, xzSize, zstdFrame } from "../../src/formats/compression/compression.ts";
import { gzipDataAt } from "../../src/formats/compression/gzip.ts";
import { decodeLz4 } from "../../src/formats/compression/lz4.ts";
import { decodeLzop } from "../../src/formats/compression/lzo.ts";
import { readElf } from "../../src/formats/elf/elf.ts";
import { elfNotes, readNotes } from "../../src/formats/elf/elf-notes.ts";
import { readFdt } from "../../src/formats/image/containers/fdt.ts";
import { candidates, knownImage } from "../../src/formats/image/containers/index.ts";
import { readKernel } from "../../src/formats/image/kernel.ts";
import { versionOf } from "../../src/formats/image/version.ts";
import { derElements, objectIdentifier } from "../../src/formats/module/der.ts";
import { modinfoText, parseBuiltinModinfo, parseModinfo } from "../../src/formats/module/modinfo.ts";
import { readModule, readModuleSummary, withoutSignature } from "../../src/formats/module/module.ts";
import { RepeatedVersions } from "../../src/formats/module/module-versions.ts";
import { readSignature } from "../../src/formats/module/signature.ts";
import { decodeProfile, encodeProfile } from "../../src/formats/profile/profile.ts";
import { editConfig, parseConfig } from "../../src/kernel/config/config.ts";
import { compareSymvers, composeSymvers, parseSymvers } from "../../src/kernel/symvers/symvers.ts";
import { parseVermagic } from "../../src/kernel/vermagic/vermagic.ts";
import {
	composeBootImage,
	composeFit,
	composeMediatek,
	composeUImage,
	composeUki,
	composeVendorBoot,
	composeZboot,
	composeZImage,
} from "../helpers/boot-files.ts";
import { composeBtf } from "../helpers/btf.ts";
import { ascii, joined, words } from "../helpers/elf.ts";
import {
	composeArm64Image,
	composeBzImage,
	composeRaw,
	composeVmlinux,
	type KernelSpec,
} from "../helpers/kernel.ts";
import { composeModule, type ModuleSpec } from "../helpers/module.ts";
import { pax, tar } from "../helpers/tar.ts";

/** A parser, and sound inputs from which mutants are made. It may throw FormatError or TarError, and nothing else. */
export interface FuzzTarget {
	name: string;
	seeds: Uint8Array[];
	parse(bytes: Uint8Array): unknown;
}

const LIMIT = 1 << 20;

const module: ModuleSpec = {
	bits: 64,
	little: true,
	modinfo: [
		["license", "GPL"],
		["vermagic", "6.1.0-1 SMP mod_unload modversions "],
	],
	versions: [
		{ symbol: "module_layout", crc: 0x9056a30f },
		{ symbol: "kfree", crc: 1 },
	],
	exports: [
		{ symbol: "demo_open", crc: 0xa351f379 },
		{ symbol: "demo_close", crc: 1, gpl: true, namespace: "DEMO" },
	],
	imports: [{ symbol: "kfree" }],
	structModule: 128,
};
const signature = joined([
	ascii(
		"\x30\x1f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x12\x30\x10\x02\x01\x01\x31\x0b\x30\x09\x06\x05\x2b\x0e",
	),
	ascii("\x03\x02\x1a\x05\x00"),
]);
const signed = joined([
	composeModule(module),
	signature,
	words(false, [2, 0], [1, 2], [1, 0], [4, 0], [4, signature.length]),
	ascii("~Module signature appended~\n"),
]);
const modules = [
	composeModule(module),
	composeModule({ ...module, flags: true, relocatedCrcs: true }),
	composeModule({ ...module, bits: 32, little: false, relative: false, machine: 8 }),
	composeModule({ ...module, namespaces: false, extendedVersions: [{ symbol: "long_name", crc: 3 }] }),
	signed,
];

const WELL_KNOWN = ["kfree", "jiffies", "memcpy", "strlen", "msleep", "memset", "strcmp", "schedule"];
const kernel: KernelSpec = {
	vermagic: "6.1.0-1-test SMP mod_unload ",
	versionCode: 0x0601ff,
	config: "CONFIG_SMP=y\n",
	exports: Array.from({ length: 40 }, (_, index) => ({
		symbol: WELL_KNOWN[index] ?? `s_${index * 37}`,
		crc: index * 77777,
		gpl: index % 3 === 0,
		...(index % 9 === 0 ? { namespace: "DEMO" } : {}),
	})),
};
const btf = composeBtf([
	{ kind: BTF_KIND.INT, name: "int", value: 4, trailer: [32] },
	{ kind: BTF_KIND.PTR, value: 3 },
	{
		kind: BTF_KIND.STRUCT,
		name: "module",
		value: 24,
		flag: true,
		entries: [
			["state", 1, 0],
			["next", 2, 64],
			["", 4, 128],
		],
	},
	{ kind: BTF_KIND.UNION, value: 8, entries: [["init", 6, 0]] },
	{
		kind: BTF_KIND.FUNC_PROTO,
		value: 1,
		entries: [
			["m", 2],
			["", 0],
		],
	},
	{ kind: BTF_KIND.PTR, value: 5 },
	{ kind: BTF_KIND.ARRAY, trailer: [1, 1, 7] },
]);
const kernels = [
	composeVmlinux({ ...kernel, btf }),
	composeVmlinux({ ...kernel, relative: false, bits: 32, crcs: "relative", machine: 40 }),
	composeRaw({ ...kernel, btf }),
	composeRaw({ ...kernel, flags: true }),
	composeRaw({ ...kernel, relative: false, bits: 32 }),
	composeArm64Image(kernel),
];
const lz4Frame = joined([
	words(true, [4, 0x184d2204], [1, 0x60], [1, 0x70], [1, 0x73]),
	block(),
	words(true, [4, 0]),
]);
/** What lzop 1.04 makes of "abcdabcdabcdabcdabcd--0123456789-0123456789--abcdabcd": its method cannot be put by hand. */
const lzop = new Uint8Array(
	Buffer.from(
		[
			"894c5a4f000d0a1a0a104020a0094001050300000d000081a46b0285de000000000037f904650000003500000029c4ac0fc2",
			"0561626364616263642a1c00092d2d303132333435363738392a2800062d616263646162636411000000000000",
		].join(""),
		"hex",
	),
);
/** No checksum stands in the way of mutants. */
const noHash = () => "0".repeat(64);
const profile = encodeProfile(
	{
		facts: { release: "6.1.0-1", vermagic: "6.1.0-1 SMP ", structModuleSize: 896 },
		image: { sha256: noHash(), bytes: 7 },
		parts: [{ name: "config", size: 20, packed: ascii("anything") }],
	},
	noHash,
);
const repeated = new RepeatedVersions();
const text = (...texts: string[]) => texts.map(ascii);

export const TARGETS: readonly FuzzTarget[] = [
	{ name: "module", seeds: modules, parse: readModule },
	{
		name: "module-summary",
		seeds: modules,
		parse: (bytes) => [readModuleSummary(bytes, repeated), withoutSignature(bytes)],
	},
	{ name: "elf", seeds: [...modules, ...kernels.slice(0, 2)], parse: (bytes) => elfNotes(readElf(bytes)) },
	{
		name: "notes",
		seeds: [words(true, [4, 4], [4, 4], [4, 3], [4, 0x554e47], [4, 1])],
		parse: (bytes) => readNotes(bytes),
	},
	{ name: "signature", seeds: [signed.slice(-120)], parse: readSignature },
	{
		name: "der",
		seeds: [signature],
		parse: (bytes) => Array.from(derElements(bytes), ({ content }) => objectIdentifier(content)),
	},
	{
		name: "modinfo",
		seeds: text("a=b\0c=d\0", "ext4.license=GPL\0ext4.parm=x:y\0", "license=GPL\0vermagic=6.1 SMP \0"),
		parse: (bytes) => [parseModinfo(bytes), parseBuiltinModinfo(bytes), modinfoText(bytes, "vermagic")],
	},
	{
		name: "container",
		seeds: [...kernels, composeBzImage(packed("gzip"), "6.1.0"), lzop],
		parse: (bytes) => [knownImage(inMemory(bytes)), candidates(inMemory(bytes))],
	},
	{ name: "boot-file", seeds: bootFiles(), parse: (bytes) => knownImage(inMemory(bytes)) },
	{ name: "fdt", seeds: bootFiles().slice(0, 3), parse: (bytes) => readFdt(inMemory(bytes)) },
	{
		name: "kernel",
		seeds: kernels,
		parse: (bytes) => {
			const { banner, versionCode } = readKernel(inMemory(bytes), (bytes[0] ?? 0) % 16 !== 7);
			return versionOf(versionCode, banner);
		},
	},
	{ name: "btf", seeds: [btf], parse: layouts },
	{ name: "split-btf", seeds: [btf], parse: (bytes) => layouts(bytes, new Btf(btf)) },
	{
		name: "compression",
		seeds: [packed("xz"), packed("zstd"), lzop, lz4Frame],
		parse: (bytes) => [compressionOf(bytes), xzSize(bytes), zstdFrame(bytes)],
	},
	{ name: "gzip", seeds: [packed("gzip")], parse: gzipDataAt },
	{
		name: "lz4",
		seeds: [lz4Frame, joined([words(true, [4, 0x184c2102]), block(), block()])],
		parse: (bytes) => decodeLz4(bytes, LIMIT),
	},
	{ name: "lzo", seeds: [lzop], parse: (bytes) => decodeLzop(bytes, LIMIT) },
	{ name: "profile", seeds: [profile], parse: (bytes) => decodeProfile(bytes, noHash) },
	{
		name: "tar",
		seeds: [
			tar([{ name: "a/b", content: "text" }, pax({ path: "long" }), { name: "l", type: "2", link: "a" }]),
		],
		parse: (bytes) => {
			const reader = new TarReader({ entry: () => true, content() {}, end() {} });
			reader.push(bytes);
			reader.finish();
		},
	},
	{
		name: "symvers",
		seeds: text(
			"0x037a0cba\tkfree\tvmlinux\tEXPORT_SYMBOL\t\n0xfefefefe\tdax\tdrivers/dax\tEXPORT_SYMBOL_GPL\tDAX\n",
			"0x037a0cba\tkfree\tvmlinux\n0x037a0cba\tx\tNS\tvmlinux\tEXPORT_SYMBOL_GPL\r\n",
		),
		parse: (bytes) => {
			const { entries } = parseSymvers(latin1(bytes));
			return compareSymvers(entries, parseSymvers(composeSymvers(entries)).entries);
		},
	},
	{
		name: "config",
		seeds: text('CONFIG_SMP=y\n# CONFIG_X is not set\nCONFIG_S="a \\"b\\" c"\nCONFIG_N=-5\nCONFIG_H=0x10\n'),
		parse: (bytes) => {
			const config = latin1(bytes);
			return [parseConfig(config), editConfig(config, new Map([["SMP", "n"]]))];
		},
	},
	{
		name: "banner",
		seeds: text(
			"Linux version 6.1.0-1 (a@b) (gcc-12 (D 12.2) 12.2.0, GNU ld (x) 2.40) #1 SMP Debian 6.1.1-1 (x)",
		),
		parse: (bytes) => parseBanner(latin1(bytes)),
	},
	{
		name: "vermagic",
		seeds: text("6.1.0-1 SMP preempt mod_unload modversions aarch64RANDSTRUCT_abc "),
		parse: (bytes) => parseVermagic(latin1(bytes)),
	},
];

function layouts(bytes: Uint8Array, base: Btf | null = null): unknown {
	const types = new Btf(bytes, base);
	const names = Array.from({ length: Math.min(types.count, 16) }, (_, id) => types.type(id).name);
	return names.map((name) => structLayout(types, name));
}

/** Every container around a kernel; what parses them reads headers, so that a few bytes stand for the kernel. */
function bootFiles(): Uint8Array[] {
	const small = packed("gzip");
	const hashed = { name: "k", bytes: small, compression: "gzip", hashes: ["crc32", "sha1", "sha256"] };
	return [
		composeFit([hashed]),
		composeFit([{ ...hashed, name: "r", type: "ramdisk" }, hashed], { external: true }),
		composeFit([hashed], { configured: false }),
		...([0, 1, 2, 3, 4] as const).map((version) => composeBootImage(small, version)),
		composeBootImage(composeMediatek(small), 2),
		composeVendorBoot(3),
		composeVendorBoot(4),
		composeUImage(small),
		composeUImage(small, { type: 4 }),
		composeZboot(small, 0x6264, true),
		composeUki(small, 0x8664, "quiet", "6.1"),
		composeZImage(small),
		composeMediatek(small),
	];
}

/** An lz4 block behind its size word: literals, a match, literals. */
function block(): Uint8Array {
	return joined([words(true, [4, 13]), ascii("\x45abcd\x04\x00\x50vwxyz")]);
}

/** A few bytes as the real tool packs them; hand-made ones where it is not installed, so that a series may differ there. */
function packed(format: "gzip" | "xz" | "zstd"): Uint8Array {
	const input = "some text that is packed, packed, packed ".repeat(20);
	const { stdout } = spawnSync(format, ["-c"], { input });
	if (stdout?.length > 0) return new Uint8Array(stdout);
	const head = { gzip: "\x1f\x8b\x08\0", xz: "\xfd7zXZ\0", zstd: "\x28\xb5\x2f\xfd\x24\x05" }[format];
	return joined([ascii(head), words(true, [8, 1], [8, 2]), ascii("abcde\x01\0YZ")]);
}
