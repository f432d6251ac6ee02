import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { predictVermagic } from "../../../src/checks/vermagic.ts";
import { readTree } from "../../../src/tree/read.ts";
import { fakeTree } from "../tree/fake-tree.ts";

const MAIN = `#ifdef CONFIG_SMP
#define MODULE_VERMAGIC_SMP "SMP "
#else
#define MODULE_VERMAGIC_SMP ""
#endif
#define VERMAGIC_STRING UTS_RELEASE " " MODULE_VERMAGIC_SMP MODULE_ARCH_VERMAGIC "gcc-4.1"
`;
const I386 = `#if defined CONFIG_M686
#define MODULE_PROC_FAMILY "686 "
#elif defined CONFIG_MK7
#define MODULE_PROC_FAMILY "K7 "
#endif
#define MODULE_ARCH_VERMAGIC MODULE_PROC_FAMILY
`;

/** As 2.6.18 has its headers, prepared for a release. */
const FILES = {
	"include/linux/vermagic.h": MAIN,
	"include/asm-i386/module.h": I386,
	"include/asm-x86_64/module.h": '#define MODULE_ARCH_VERMAGIC ""\n',
	"include/linux/utsrelease.h": '#define UTS_RELEASE "2.6.18-8.el5"\n',
};

it.each([
	["CONFIG_MK7=y\nCONFIG_SMP=y\n", "2.6.18-8.el5 SMP K7 gcc-4.1"],
	["CONFIG_X86_64=y\n", "2.6.18-8.el5 gcc-4.1"],
])("the headers of i386 and x86_64 stand apart up to 2.6.23: %j", (config, expected) => {
	const tree = fakeTree("2.6.18", { ...FILES, ".config": config });
	expect(predictVermagic(readTree(tree), "x86", null)).toBe(expected);
});

it("a cured header in the output folder is the one that counts", () => {
	const source = fakeTree("2.6.18", { ...FILES, "include/linux/vermagic.h": "int x;\n" });
	const output = join(fakeTree(), "out");
	mkdirSync(join(output, "include/linux"), { recursive: true });
	writeFileSync(join(output, ".config"), "CONFIG_MK7=y\n");
	writeFileSync(join(output, "include/linux/vermagic.h"), MAIN);
	writeFileSync(join(output, "include/linux/utsrelease.h"), FILES["include/linux/utsrelease.h"]);
	expect(predictVermagic(readTree(source, output), "x86", null)).toBe("2.6.18-8.el5 K7 gcc-4.1");
});
