import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../src/kernel/config/config.ts";
import { wantedParts } from "../../../src/toolchain/wanted.ts";

const parts = (compiler: string | null, config = "", arch = "x86") =>
	wantedParts({ config: parseConfig(config), compiler, arch });

describe("wantedParts: the compiler", () => {
	test.each<[compiler: string | null, expected: object]>([
		[
			"x86_64-linux-gnu-gcc-16 (Debian 16.2.0-4) 16.2.0",
			{
				part: "gcc",
				name: "x86_64-linux-gnu-gcc-16",
				version: "16.2.0",
				major: "16",
				packageVersion: "16.2.0-4",
			},
		],
		[
			"gcc-10 (Debian 10.2.1-6) 10.2.1 20210110",
			{ part: "gcc", name: "gcc-10", version: "10.2.1", major: "10", packageVersion: "10.2.1-6" },
		],
		[
			"x86_64-linux-gnu-gcc-13 (Ubuntu 13.3.0-6ubuntu2~24.04) 13.3.0",
			{ major: "13", packageVersion: "13.3.0-6ubuntu2~24.04" },
		],
		["gcc (GCC) 14.2.1 20240912 (Red Hat 14.2.1-3)", { name: "gcc", major: "14", packageVersion: null }],
		[
			"Debian clang version 19.1.7 (3)",
			{ part: "clang", name: "clang-19", major: "19", packageVersion: null },
		],
		["Ubuntu clang version 18.1.3 (1ubuntu1)", { part: "clang", name: "clang-18", version: "18.1.3" }],
		[
			"gcc version 4.9.2 (Debian 4.9.2-10)",
			{ part: "gcc", name: "gcc", major: "4.9", packageVersion: "4.9.2-10" },
		],
		[null, { part: "gcc", name: "gcc", version: null, major: null }],
		["$(touch /tmp/x)gcc-9 (x) 9.4.0", { name: "gcc", major: "9" }],
		["/tmp/evil/gcc-12 (x) 12.1.0", { name: "gcc-12" }],
	])("%s", (compiler, expected) => {
		expect(parts(compiler)[0]).toMatchObject(expected);
	});
});

const GCC = "gcc-12 (Debian 12.2.0-14) 12.2.0";

test.each([
	["CONFIG_CC_IS_CLANG=y\nCONFIG_LD_IS_LLD=y\n", true],
	["CONFIG_CC_IS_CLANG=y\nCONFIG_LD_IS_BFD=y\n", false],
	["CONFIG_CC_IS_GCC=y\nCONFIG_LD_IS_LLD=y\n", false],
])("LLVM's tools with clang and LLD: %j", (config, lld) => {
	expect(parts(null, config)[0]?.lld).toBe(lld);
});

test.each<[config: string, arch: string, names: string[]]>([
	["", "x86", ["gcc x86"]],
	["CONFIG_CC_IS_CLANG=y\n", "x86", ["clang x86"]],
	["CONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_VERSION=132\n", "x86", ["gcc x86", "pahole 1.32"]],
	["CONFIG_DEBUG_INFO_BTF=y\n", "x86", ["gcc x86", "pahole null"]],
	["CONFIG_COMPAT_VDSO=y\n", "arm64", ["gcc arm64", "gcc arm compat"]],
	["CONFIG_COMPAT_VDSO=y\nCONFIG_CC_IS_CLANG=y\n", "arm64", ["clang arm64"]],
	[
		'CONFIG_RUST=y\nCONFIG_RUSTC_VERSION=109701\nCONFIG_RUSTC_VERSION_TEXT="rustc 1.97.1 (8bab26f4f 2026-07-14) (built from a source tarball)"\n',
		"x86",
		["gcc x86", "rust 1.97.1"],
	],
	["CONFIG_RUST=y\nCONFIG_RUSTC_VERSION=108500\n", "x86", ["gcc x86", "rust 1.85.0"]],
])("%j on %s: %j", (config, arch, names) => {
	const compiler = config.includes("CLANG") ? "Debian clang version 19.1.7 (3)" : GCC;
	const found = parts(compiler, config, arch).map(({ part, arch, version, compat }) =>
		[part, ["pahole", "rust"].includes(part) ? version : arch, ...(compat ? ["compat"] : [])].join(" "),
	);
	// An unknown version is joined as nothing.
	expect(found.map((it) => it.trim())).toEqual(names.map((it) => it.replace(" null", "")));
});

test("plugins are wanted with the compiler that loads them", () => {
	expect(parts(GCC, "CONFIG_GCC_PLUGINS=y\n")[0]?.plugins).toBe(true);
	expect(parts(GCC)[0]?.plugins).toBe(false);
});
