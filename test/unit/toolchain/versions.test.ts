import { describe, expect, test } from "vitest";
import { nearer } from "../../../src/toolchain/nearness.ts";
import { nearnessOf, upstream } from "../../../src/toolchain/providers/apt.ts";
import { parseUris } from "../../../src/toolchain/providers/apt-closure.ts";
import {
	aptNamesOf,
	companionsOf,
	omitted,
	unneeded,
} from "../../../src/toolchain/providers/apt-packages.ts";
import type { Wanted } from "../../../src/toolchain/wanted.ts";

const wanted = (more: Partial<Wanted> = {}): Wanted => ({
	...{
		part: "gcc",
		arch: "x86",
		triplet: "x86_64-linux-gnu",
		name: "gcc-12",
		version: "12.2.0",
		major: "12",
	},
	...{ packageVersion: "12.2.0-14", plugins: false, lld: false, compat: false, neededFor: "" },
	...more,
});

test.each<[Partial<Wanted>, version: string, nearness: string | null]>([
	[{}, "12.2.0-14", "same package"],
	[{}, "12.2.0-14+b1", "same package"],
	[{}, "12.2.0-14cross1", "same package"],
	[{}, "12.2.0-14+deb12u1", "same version"],
	[{}, "12.5.0-9", "same major"],
	[{}, "13.1.0-1", null],
	[{}, "1.2.0-1", null],
	[
		{ part: "clang", major: "19", version: "19.1.7", packageVersion: null },
		"1:19.1.7-3~deb12u1",
		"same version",
	],
	[{ part: "pahole", major: "1.32", version: "1.32", packageVersion: null }, "1.32-1", "same version"],
	[{ part: "pahole", major: "1.24", version: "1.24", packageVersion: null }, "1.32-1", "same major"],
	[{ part: "pahole", major: "1.32", version: "1.32", packageVersion: null }, "1.24-4.1", null],
	[
		{ part: "rust", major: "1.97.1", version: "1.97.1", packageVersion: null },
		"1.97.1+dfsg1-1",
		"same version",
	],
	[{ part: "rust", major: "1.97.1", version: "1.97.1", packageVersion: null }, "1.97.0+dfsg1-1", null],
])("nearnessOf %j and %s: %s", (more, version, nearness) => {
	expect(nearnessOf(wanted(more), version)).toBe(nearness);
});

test.each([
	["1:19.1.7-3~deb12u1", "19.1.7"],
	["1.97.1+dfsg1-1", "1.97.1"],
	["2.40-2", "2.40"],
])("upstream of %s is %s", (version, expected) => {
	expect(upstream(version)).toBe(expected);
});

test("nearer puts the wanted first, then the newer", () => {
	expect(["1.9", "1.10", "1.2"].sort((a, b) => nearer("1.2", a, b))).toEqual(["1.2", "1.10", "1.9"]);
});

describe("package names", () => {
	const own = "x86_64-linux-gnu";
	test.each<[Partial<Wanted>, name: string, companions: string[]]>([
		[{}, "gcc-12", ["binutils"]],
		[{ plugins: true }, "gcc-12", ["binutils", "g++-12=", "gcc-12-plugin-dev="]],
		[{ triplet: "aarch64-linux-gnu" }, "gcc-12-aarch64-linux-gnu", ["binutils-aarch64-linux-gnu"]],
		[{ part: "clang", major: "19" }, "clang-19", ["lld-19", "llvm-19"]],
		[{ part: "pahole" }, "dwarves", []],
		[{ part: "rust" }, "rustc", ["rust-src=", "bindgen"]],
		[{ part: "rust" }, "rustc-1.85", ["rust-1.85-src=", "bindgen"]],
	])("%j: %s with %j", (more, name, companions) => {
		const names = aptNamesOf(wanted(more), own);
		expect(new RegExp(`^(?:${names?.pattern.source})$`).test(name)).toBe(true);
		expect(name.startsWith(names?.prefix ?? "-")).toBe(true);
		expect(companionsOf(wanted(more), name, own)).toEqual(companions);
	});

	test("another major, another target and another tool are other names", () => {
		const { pattern } = aptNamesOf(wanted(), own) as { pattern: RegExp };
		for (const name of ["gcc-1", "gcc-122", "gcc-12-base", "gcc-12-aarch64-linux-gnu", "gcc-12-plugin-dev"])
			expect(new RegExp(`^(?:${pattern.source})$`).test(name)).toBe(false);
	});

	test.each<[Partial<Wanted>, left: string[], taken: string[]]>([
		[
			{},
			["libasan8", "libtsan2", "linux-libc-dev"],
			["libgcc-12-dev", "libgmp10", "binutils", "libc6", "cpp-12"],
		],
		[
			{ part: "rust" },
			["gcc", "gcc-16", "cpp-16", "libc6-dev"],
			["gcc-16-base", "libstdc++6", "libllvm21", "rustc"],
		],
	])("%j leaves out %j, not %j", (more, left, taken) => {
		const out = (name: string) => unneeded(wanted(more)).test(name) || omitted(wanted(more)).test(name);
		expect(left.filter((it) => !out(it))).toEqual([]);
		expect(taken.filter(out)).toEqual([]);
	});
});

test("parseUris: file, size and digest of each package, and the sum on the disk", () => {
	const digest = "0123456789abcdef".repeat(4);
	const text = [
		"Reading package lists...",
		"After this operation, 1,240.5 MB of additional disk space will be used.",
		`'http://mirror/pool/libmpc3_1%3a1.3.1-3_amd64.deb' libmpc3_1%3a1.3.1-3_amd64.deb 52224 SHA256:${digest}`,
		"'http://mirror/pool/weak_1_amd64.deb' weak_1_amd64.deb 1 MD5Sum:00",
	].join("\n");
	expect(parseUris(text)).toEqual({
		unpacked: 1_240_500_000,
		pieces: [
			{
				name: "libmpc3",
				version: "1:1.3.1-3",
				file: "libmpc3_1%3a1.3.1-3_amd64.deb",
				size: 52224,
				sha256: digest,
			},
		],
	});
});
