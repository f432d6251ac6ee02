import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	composeGnumakefile,
	isSettingValue,
	parseGnumakefile,
	pinWords,
	settingWords,
} from "../../../../src/kernel/kbuild/settings.ts";
import { isRelease } from "../../../../src/kernel/release/release.ts";

const release = fc.stringMatching(/^\d\.\d{1,3}[\w.+~:@,%-]{0,30}$/);
const settings = fc.record({
	release: fc.option(release, { nil: null }),
	quietScm: fc.boolean(),
	variables: fc.dictionary(
		fc.constantFrom("CC", "ARCH", "CROSS_COMPILE", "LLVM"),
		fc.stringMatching(/^[\w@%+=:,./~-]{1,30}$/),
		{ noNullPrototype: true },
	),
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
	["a b"],
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
