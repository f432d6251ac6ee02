import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	composeGnumakefile,
	isSettingFolder,
	isSettingValue,
	parseGnumakefile,
	pinWords,
	settingEnvironment,
	settingWords,
} from "../../../../src/kernel/kbuild/settings.ts";
import { isRelease } from "../../../../src/kernel/release/release.ts";

const release = fc.stringMatching(/^\d\.\d{1,3}[\w.+~:@,%-]{0,30}$/);
const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const settings = fc.record({
	release: fc.option(release, { nil: null }),
	quietScm: fc.boolean(),
	variables: fc.dictionary(
		fc.constantFrom("CC", "ARCH", "CROSS_COMPILE", "LLVM"),
		fc.stringMatching(/^[\w@%+=:,./~-]{1,30}( [\w@%+=:,./~-]{1,30}){0,2}$/),
		{ noNullPrototype: true },
	),
	environment: optional(
		fc.dictionary(
			fc.constantFrom("LIBCLANG_PATH", "RUST_LIB_SRC"),
			fc.stringMatching(/^[\w@%+=:,./~-]{1,30}$/),
			{
				noNullPrototype: true,
				minKeys: 1,
			},
		),
	),
	path: optional(fc.array(fc.stringMatching(/^\/[\w@%+=,./~-]{1,20}$/), { minLength: 1, maxLength: 3 })),
});

describe("composeGnumakefile, parseGnumakefile", () => {
	it("read back what was written", () => {
		fc.assert(
			fc.property(settings, (one) => {
				expect(parseGnumakefile(composeGnumakefile(one))).toEqual(one);
			}),
		);
	});

	it("are stable: the same settings give the same text", () => {
		fc.assert(
			fc.property(settings, (one) => {
				const text = composeGnumakefile(one);
				expect(composeGnumakefile(parseGnumakefile(text) as typeof one)).toBe(text);
			}),
		);
	});

	it.each([[""], ["include Makefile\n"], ["# kprep-release := 6.1\n"], [" # Written by kprep:\n"]])(
		"%j is somebody else's",
		(text) => {
			expect(parseGnumakefile(text)).toBeNull();
		},
	);
});

it("every release can be a value", () => {
	fc.assert(
		fc.property(release, (text) => {
			fc.pre(isRelease(text));
			expect(isSettingValue(text)).toBe(true);
		}),
	);
});

it.each([
	["a  b"],
	[" a"],
	["$(id)"],
	["a'b"],
	['a"b'],
	["a#b"],
	["a;b"],
	["a\nb"],
	["`id`"],
	[""],
	["a\\b"],
	["a|b"],
])("isSettingValue: %j cannot stand in a makefile", (text) => {
	expect(isSettingValue(text)).toBe(false);
});

it("words with arguments reach a shell as one word, folders come first on PATH", () => {
	const text = composeGnumakefile({
		...{ release: null, quietScm: false, variables: { CC: "ccache gcc" } },
		...{ environment: { LIBCLANG_PATH: "/k/lib" }, path: ["/k/bin"] },
	});
	expect(text).toContain("kprep-settings += 'CC=ccache gcc'\n");
	expect(text).toContain("export LIBCLANG_PATH := /k/lib\nexport PATH := /k/bin:$(PATH)\n");
	expect(settingEnvironment({ environment: { A: "b" }, path: ["/k/bin"] }, "/bin")).toEqual({
		...{ A: "b", PATH: "/k/bin:/bin" },
	});
	expect(settingEnvironment({}, "/bin")).toEqual({});
});

it.each([["bin"], ["/a b"], ["/a:b"], ["/$(x)"]])("isSettingFolder: not %j", (folder) => {
	expect(isSettingFolder(folder)).toBe(false);
});

it("words for a command line pin every place that an era reads the release from", () => {
	expect(pinWords("6.1.0-x")).toEqual([
		"KERNELRELEASE=6.1.0-x",
		"kernelrelease=6.1.0-x",
		"filechk_kernel.release=echo 6.1.0-x",
	]);
	expect(settingWords({ release: null, quietScm: true, variables: { CC: "gcc-12" } })).toEqual(["CC=gcc-12"]);
	expect(settingWords({ release: "6.1.0-x", quietScm: false, variables: { ARCH: "i386" } })).toEqual([
		...pinWords("6.1.0-x"),
		"ARCH=i386",
	]);
});
