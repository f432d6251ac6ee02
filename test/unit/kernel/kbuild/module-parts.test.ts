import { describe, expect, test } from "vitest";
import { neededForModules } from "../../../../src/kernel/kbuild/module-parts.ts";

describe("neededForModules", () => {
	test.each<[path: string, arch: string | null, needed: boolean]>([
		["Makefile", "x86", true],
		["include/linux/module.h", "x86", true],
		["scripts/mod/modpost.c", "x86", true],
		["tools/objtool/check.c", "x86", true],
		["tools/testing/selftests/x86/Makefile", "x86", false],
		["tools/testing/kunit/Kconfig", "x86", true],
		["arch/Kconfig", "x86", true],
		["arch/x86/Makefile", "x86", true],
		["arch/arm64/Makefile", "x86", false],
		["arch/arm64/Kconfig.platforms", "x86", true],
		["arch/arm64/kernel/vdso/Makefile", "arm64", true],
		["arch/arm64/boot/dts/arm/juno.dts", "arm64", false],
		["arch/x86/entry/syscalls/syscall_32.tbl", "arm64", true],
		["arch/i386/Makefile", "x86", true],
		["arch/x86/include/asm/xor.h", "um", true],
		["arch/arm/vdso/vdsomunge.c", "arm64", true],
		["arch/mips/Makefile", null, true],
		["drivers/net/Kconfig", "x86", true],
		["drivers/net/dummy.c", "x86", false],
		["Documentation/Kconfig", "x86", true],
		["Documentation/index.rst", "x86", false],
		["virt/kvm/Makefile.kvm", "x86", true],
	])("%s for %s: %s", (path, arch, needed) => {
		expect(neededForModules(path, arch)).toBe(needed);
	});
});
