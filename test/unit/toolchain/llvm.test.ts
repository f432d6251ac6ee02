import { expect, test } from "vitest";
import { parseConfig } from "../../../src/kernel/config/config.ts";
import { llvmVariables } from "../../../src/toolchain/llvm.ts";

/** Lines of the top Makefile of 4.19, 5.10 and 6.12. */
const OLD = "CC\t\t= $(CROSS_COMPILE)gcc\nifneq ($(CLANG_TRIPLE),)\nendif\n";
const SIMPLE = "ifneq ($(LLVM),)\nHOSTCC\t= clang\nendif\n";
const FULL =
	"ifneq ($(LLVM),)\nifneq ($(filter %/,$(LLVM)),)\nLLVM_PREFIX := $(LLVM)\nelse\nLLVM_SUFFIX := $(LLVM)\nendif\n";
const LLD = "CONFIG_CC_IS_CLANG=y\nCONFIG_LD_IS_LLD=y\nCONFIG_AS_IS_LLVM=y\n";
const PLAIN = { cc: "clang", folder: "", suffix: "" };
const NUMBERED = { cc: "clang-19", folder: "", suffix: "-19" };
const KEPT = { cc: "/k/bin/clang", folder: "/k/bin/", suffix: "" };
const single = (folder: string, suffix: string) => ({
	...{ CC: `${folder}clang${suffix}`, LD: `${folder}ld.lld${suffix}`, AR: `${folder}llvm-ar${suffix}` },
	...{ NM: `${folder}llvm-nm${suffix}`, OBJCOPY: `${folder}llvm-objcopy${suffix}` },
	...{ OBJDUMP: `${folder}llvm-objdump${suffix}`, READELF: `${folder}llvm-readelf${suffix}` },
	...{ STRIP: `${folder}llvm-strip${suffix}` },
});

test.each<
	[
		what: string,
		place: typeof PLAIN,
		makefile: string,
		config: string,
		cross: string | null,
		expected: object,
	]
>([
	["LLVM=1 where the tree knows it", PLAIN, SIMPLE, LLD, null, { LLVM: "1", LLVM_IAS: "1" }],
	["LLVM=-N", NUMBERED, FULL, LLD, null, { LLVM: "-19", LLVM_IAS: "1" }],
	["LLVM=DIR/", KEPT, FULL, LLD, null, { LLVM: "/k/bin/", LLVM_IAS: "1" }],
	[
		"a number in a tree that knows none",
		NUMBERED,
		SIMPLE,
		LLD,
		null,
		{ ...single("", "-19"), LLVM_IAS: "1" },
	],
	["a folder in such a tree", KEPT, SIMPLE, LLD, null, { ...single("/k/bin/", ""), LLVM_IAS: "1" }],
	["a tree before LLVM=", PLAIN, OLD, LLD, null, { ...single("", ""), LLVM_IAS: "1" }],
	[
		"GNU ld beside clang: the compiler alone",
		...[PLAIN, FULL, "CONFIG_CC_IS_CLANG=y\nCONFIG_AS_IS_GNU=y\n", null, { CC: "clang", LLVM_IAS: "0" }],
	] as never,
	[
		"CLANG_TRIPLE of Android's trees",
		PLAIN,
		OLD,
		"CONFIG_CC_IS_CLANG=y\n",
		"aarch64-linux-gnu",
		{ CC: "clang", CLANG_TRIPLE: "aarch64-linux-gnu-" },
	],
	[
		"a compiler with words of its own",
		...[
			{ cc: "ccache clang", folder: "", suffix: "" },
			FULL,
			LLD,
			null,
			{ ...single("", ""), CC: "ccache clang", LLVM_IAS: "1" },
		],
	] as never,
])("%s", (_, place, makefile, config, cross, expected) => {
	expect(llvmVariables(place, { config: parseConfig(config), makefile, cross })).toEqual(expected);
});
