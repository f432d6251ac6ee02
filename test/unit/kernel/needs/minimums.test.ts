import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/kernel/config/config.ts";
import {
	minimumsOfDocument,
	minimumsOfScript,
	paholeOfKconfig,
	paholeOfLink,
} from "../../../../src/kernel/needs/minimums.ts";

/** As scripts/min-tool-version.sh of 6.12 is written. */
const SCRIPT = `#!/bin/sh
case "$1" in
binutils)
	echo 2.25.0
	;;
gcc)
	if [ "$ARCH" = parisc64 ]; then
		echo 12.0.0
	else
		echo 5.1.0
	fi
	;;
llvm)
	# a comment
	if [ "$SRCARCH" = s390 ]; then
		echo 15.0.0
	elif [ "$SRCARCH" = loongarch ]; then
		echo 18.0.0
	else
		echo 13.0.1
	fi
	;;
odd)
	if test -f x; then
		echo 1.0
	fi
	;;
*)
	echo "$1: unknown tool" >&2
	;;
esac
`;

describe("minimumsOfScript", () => {
	it.each([
		["x86", { ld: "2.25.0", gcc: "5.1.0", clang: "13.0.1" }],
		["s390", { ld: "2.25.0", gcc: "5.1.0", clang: "15.0.0" }],
		["loongarch", { ld: "2.25.0", gcc: "5.1.0", clang: "18.0.0" }],
		[null, { ld: "2.25.0", gcc: "5.1.0", clang: "13.0.1" }],
	])("for %s", (arch, expected) =>
		expect(Object.fromEntries(minimumsOfScript(SCRIPT, arch))).toEqual(expected),
	);

	it("takes any text", () => {
		fc.assert(fc.property(fc.string(), (text) => void minimumsOfScript(text, "x86")));
	});
});

describe("minimumsOfDocument", () => {
	it("reads the table of today and that of long ago", () => {
		const today = `
====================== ===============  ========================================
GNU C                  5.1              gcc --version
Rust (optional)        1.78.0           rustc --version
binutils               2.25             ld -v
kmod                   13               depmod -V
openssl & libcrypto    1.0.0            openssl version
cpio                   any              cpio --version
util-linux             2.10o            mount --version
`;
		expect(Object.fromEntries(minimumsOfDocument(today))).toEqual({
			...{ gcc: "5.1", rustc: "1.78.0", ld: "2.25", depmod: "13", openssl: "1.0.0", mount: "2.10" },
		});
		const old = "o  Gnu make               3.80                    # make --version\n";
		expect(Object.fromEntries(minimumsOfDocument(old))).toEqual({ make: "3.80" });
	});

	it("takes any text", () => {
		fc.assert(fc.property(fc.string(), (text) => void minimumsOfDocument(text)));
	});
});

/** As lib/Kconfig.debug of 6.12 is written. */
const KCONFIG = `
config DEBUG_INFO_BTF
	bool "Generate BTF type information"
	depends on PAHOLE_VERSION >= 116
	depends on DEBUG_INFO_DWARF4 || PAHOLE_VERSION >= 121
config PAHOLE_HAS_SPLIT_BTF
	def_bool PAHOLE_VERSION >= 119
config PAHOLE_HAS_LANG_EXCLUDE
	def_bool PAHOLE_VERSION >= 124
config DEBUG_INFO_BTF_MODULES
	default y
	depends on DEBUG_INFO_BTF && MODULES && PAHOLE_HAS_SPLIT_BTF
`;

describe("paholeOfKconfig", () => {
	it.each([
		["CONFIG_DEBUG_INFO_BTF=y\nCONFIG_DEBUG_INFO_DWARF4=y", "1.16"],
		["CONFIG_DEBUG_INFO_BTF=y\nCONFIG_DEBUG_INFO_DWARF5=y", "1.21"],
		["CONFIG_DEBUG_INFO_BTF=y\nCONFIG_DEBUG_INFO_DWARF4=y\nCONFIG_PAHOLE_HAS_SPLIT_BTF=y", "1.19"],
		["CONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_HAS_LANG_EXCLUDE=y", "1.24"],
		["# CONFIG_DEBUG_INFO_BTF is not set", null],
	])("%j", (config, version) => expect(paholeOfKconfig(KCONFIG, parseConfig(config))).toBe(version));
});

it.each([
	[`	if [ "\${pahole_ver}" -lt "116" ]; then`, "1.16"],
	["nothing about it", null],
])("paholeOfLink(%j)", (script, version) => expect(paholeOfLink(script)).toBe(version));
