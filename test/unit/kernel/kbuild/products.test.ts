import { describe, expect, it } from "vitest";
import { isProduct, mayBeRewritten } from "../../../../src/kernel/kbuild/products.ts";

describe("isProduct", () => {
	it.each([
		[".config"],
		[".config.old"],
		["include/config/auto.conf"],
		["include/config/kernel.release"],
		["include/generated/uapi/linux/version.h"],
		["include/linux/version.h"],
		["include/linux/autoconf.h"],
		["include/linux/utsrelease.h"],
		["include/asm-i386/asm_offsets.h"],
		["include/asm-x86/asm-offsets.h"],
		["include/asm-arm/mach-types.h"],
		["drivers/net/.foo.o.cmd"],
		["drivers/net/foo.o"],
		["hello/hello.ko"],
		["hello/hello.mod.c"],
		["hello/modules.order"],
		["scripts/kconfig/zconf.tab.c"],
		["scripts/kconfig/lex.zconf.c"],
		["scripts/genksyms/keywords.c"],
		["Module.symvers"],
		["vmlinux"],
		[".version"],
		[".kernelrelease"],
		["arch/x86/include/generated/asm/syscalls_64.h"],
	])("%s", (path) => {
		expect(isProduct(path)).toBe(true);
	});

	it.each([
		["hello/hello.c"],
		["Makefile"],
		["notes.txt"],
		[".config.mine"],
		[".config-6.1-backup"],
		["arch/arm/boot/start.s"],
		["drivers/net/link.lds"],
		["include/linux/sched.h"],
		["scripts/mod/modpost.c"],
		["scripts/setlocalversion"],
		["localversion-rt"],
		["hello/config.c"],
	])("%s is a person's", (path) => {
		expect(isProduct(path)).toBe(false);
	});

	it("knows a program by the .cmd beside it", () => {
		expect(isProduct("scripts/mod/modpost", new Set(["modpost", ".modpost.cmd"]))).toBe(true);
		expect(isProduct("arch/x86/kernel/asm-offsets.s", new Set([".asm-offsets.s.cmd"]))).toBe(true);
		expect(isProduct("scripts/mod/modpost", new Set(["modpost", "modpost.c"]))).toBe(false);
	});
});

it.each([
	[".config", true],
	["include/asm", true],
	["include/linux/version.h", true],
	["include/generated/utsrelease.h", true],
	["include/asm-i386/asm_offsets.h", true],
	["include/asm-arm/mach-types.h", true],
	["include/asm-arm/arch", true],
	["include/asm-arm/unistd.h", false],
	["arch/x86/kernel/asm-offsets.s", true],
	["scripts/basic/fixdep", true],
	["tools/objtool/objtool", true],
	["drivers/net/foo.o", false],
	["fs/ext4/ext4.ko", false],
])("mayBeRewritten: %s %s", (path, may) => {
	expect(mayBeRewritten(path)).toBe(may);
});
