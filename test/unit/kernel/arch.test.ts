import { expect, test } from "vitest";
import { archWord } from "../../../src/kernel/arch.ts";

test.each([
	["x86_64", "x86"],
	["x86", "x86"],
	["i386", "x86"],
	["aarch64", "arm64"],
	["arm64", "arm64"],
	["armv7l", "arm"],
	["ppc64le", "powerpc"],
	["s390x", "s390"],
	["riscv64", "riscv"],
	["../../etc", null],
	["", null],
])("%j → %j", (word, expected) => {
	expect(archWord(word)).toBe(expected);
});
