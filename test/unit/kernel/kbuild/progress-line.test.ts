import { expect, it } from "vitest";
import { isSplit, parseProgressLine } from "../../../../src/kernel/kbuild/progress-line.ts";

it.each([
	[
		"  SPLIT   include/linux/autoconf.h -> include/config/*",
		"SPLIT",
		false,
		"include/linux/autoconf.h -> include/config/*",
	],
	["  HOSTCC  scripts/basic/fixdep", "HOSTCC", false, "scripts/basic/fixdep"],
	["  CC [M]  hello.o", "CC", true, "hello.o"],
	["  LD [M]  hello.ko", "LD", true, "hello.ko"],
	["  GEN    Makefile", "GEN", false, "Makefile"],
	["  SYNC    include/config/auto.conf.cmd  ", "SYNC", false, "include/config/auto.conf.cmd"],
	["  SYMLINK include/asm -> include/asm-i386", "SYMLINK", false, "include/asm -> include/asm-i386"],
	["  UPD     include/generated/utsrelease.h", "UPD", false, "include/generated/utsrelease.h"],
])("%s", (line, word, module, what) => {
	expect(parseProgressLine(line)).toEqual({ word, module, what });
});

it.each([
	[""],
	["make[1]: Entering directory '/usr/src/linux'"],
	[" HOSTCC  one space"],
	["   HOSTCC  three spaces"],
	["  HOSTCC"],
	["  Restart config..."],
	["#"],
	[`  CC      ${"x".repeat(5000)}`],
])("%j is no progress line", (line) => {
	expect(parseProgressLine(line)).toBeNull();
});

it.each([
	["  SPLIT   include/linux/autoconf.h -> include/config/*", true],
	["  SPLIT   something else", false],
	["  SYNC    include/config/auto.conf", false],
])("isSplit: %s is %s", (line, split) => {
	const parsed = parseProgressLine(line);
	expect(parsed !== null && isSplit(parsed)).toBe(split);
});
