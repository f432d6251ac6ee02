import { describe, expect, it } from "vitest";
import { nearness, parseCompiler } from "../../../src/kernel/compiler.ts";

describe("parseCompiler", () => {
	it.each([
		["gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0", "gcc", "12", "12.2.0"],
		["gcc (GCC) 14.2.1 20240912 (Red Hat 14.2.1-3)", "gcc", "14", "14.2.1"],
		["gcc version 4.9.2 (Debian 4.9.2-10)", "gcc", "4.9", "4.9.2"],
		["gcc version 8.3.0 (Debian 8.3.0-6)", "gcc", "8", "8.3.0"],
		[
			"arm-none-linux-gnueabihf-gcc (GNU Toolchain for the A-profile Architecture 10.3-2021.07 (arm-10.29)) 10.3.1 20210621",
			"gcc",
			"10",
			"10.3.1",
		],
		[
			"x86_64-linux-gnu-gcc-13 (Ubuntu 13.2.0-23ubuntu4) 13.2.0, GNU ld (GNU Binutils) 2.42",
			"gcc",
			"13",
			"13.2.0",
		],
		["Debian clang version 14.0.6", "clang", "14", "14.0.6"],
		[
			"Android (10087095, +pgo, based on r487747c) clang version 17.0.2 (https://x y)",
			"clang",
			"17",
			"17.0.2",
		],
		["ClangBuiltLinux clang version 19.1.0", "clang", "19", "19.1.0"],
	])("%s", (text, family, major, version) => {
		expect(parseCompiler(text)).toEqual({ family, major, version });
	});

	it.each(["", "gcc-12 x", "tcc version 0.9.27", "some cc (x)"])("nothing in '%s'", (text) => {
		expect(parseCompiler(text)).toBeNull();
	});
});

describe("nearness", () => {
	it.each([
		["gcc-12 (Debian 12.2.0-14) 12.2.0", "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0", "same"],
		["gcc-12 (Debian 12.2.0-14) 12.2.0", "x86_64-pc-linux-gnu-gcc (Gentoo 12.4.0) 12.4.0", "same"],
		["gcc-10 (Debian 10.2.1-6) 10.2.1 20210110", "gcc (Debian 12.2.0-14) 12.2.0", "other-major"],
		["gcc version 4.8.4 (GCC)", "gcc version 4.9.2 (GCC)", "other-major"],
		["Debian clang version 14.0.6", "gcc (Debian 12.2.0-14) 12.2.0", "other-family"],
		["gcc-12 x", "gcc-12 y", "unknown"],
		["gcc-12 x", "gcc x", "same"],
	])("%s and %s: %s", (one, other, expected) => {
		expect(nearness(one, other)).toBe(expected);
		expect(nearness(other, one)).toBe(expected);
	});
});
