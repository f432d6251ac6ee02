import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	baseOf,
	includedFiles,
	parseVersionBlock,
	setExtraversion,
	wrappedMakefile,
} from "../../../../src/kernel/release/makefile.ts";

const block = (extraversion: string) =>
	`# SPDX-License-Identifier: GPL-2.0\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\nEXTRAVERSION =${extraversion}\nNAME = Curry Ramen\n\nall:\n`;

describe("parseVersionBlock", () => {
	it.each([
		["6.1", block(""), "6.1.192", ""],
		["rc", block(" -rc3"), "6.1.192", "-rc3"],
		[
			"2.6.12 as it was written",
			"VERSION = 2\nPATCHLEVEL = 6\nSUBLEVEL = 12\nEXTRAVERSION =-rc2\nNAME=Woozy Numbat\n",
			"2.6.12",
			"-rc2",
		],
		["no SUBLEVEL", "VERSION = 3\nPATCHLEVEL = 0\nEXTRAVERSION =\n", "3.0", ""],
		["an empty SUBLEVEL", "VERSION = 3\nPATCHLEVEL = 0\nSUBLEVEL =\nEXTRAVERSION = -x # mine\n", "3.0", "-x"],
		["CRLF", block(" -a").replaceAll("\n", "\r\n"), "6.1.192", "-a"],
		["tabs and :=", "VERSION\t:= 5\nPATCHLEVEL\t:= 10\nSUBLEVEL\t:= 3\n", "5.10.3", ""],
	])("%s", (_what, text, base, extraversion) => {
		const parsed = parseVersionBlock(text);
		expect(parsed).not.toBeNull();
		expect(baseOf(parsed as NonNullable<typeof parsed>)).toBe(base);
		expect(parsed?.extraversion).toBe(extraversion);
	});

	it.each([
		[""],
		["all:\n\techo\n"],
		["include /usr/src/linux-headers-6.1.0-56-common/Makefile\n"],
		["VERSION = 1.2\nPATCHLEVEL = 0\n"],
		["VERSION = 6\n"],
		["VERSION = $(shell id)\nPATCHLEVEL = 1\n"],
		["VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = x\n"],
		["MYVERSION = 6\nMYPATCHLEVEL = 1\n"],
	])("%j is no kernel's Makefile", (text) => {
		expect(parseVersionBlock(text)).toBeNull();
	});
});

describe("setExtraversion", () => {
	const tails = fc.stringMatching(/^(?:[-+~.][\w.+~:@,%-]{0,20})?$/);

	it("sets it, changes no other line, and again changes nothing", () => {
		fc.assert(
			fc.property(tails, tails, fc.boolean(), (before, after, has) => {
				const text = has
					? block(before === "" ? "" : ` ${before}`)
					: block("").replace("EXTRAVERSION =\n", "");
				const edited = setExtraversion(text, after);
				expect(parseVersionBlock(edited)).toEqual({ ...parseVersionBlock(text), extraversion: after });
				const rest = (all: string) => all.split("\n").filter((line) => !line.startsWith("EXTRAVERSION"));
				expect(rest(edited)).toEqual(rest(text));
				expect(setExtraversion(edited, after)).toBe(edited);
			}),
		);
	});

	it.each([
		[
			"a comment that looks the same",
			`# as in EXTRAVERSION =\n${block("")}`,
			`# as in EXTRAVERSION =\n${block(" -me")}`,
		],
		[
			"no EXTRAVERSION, no SUBLEVEL",
			"VERSION = 3\nPATCHLEVEL = 0\nall:\n",
			"VERSION = 3\nPATCHLEVEL = 0\nEXTRAVERSION = -me\nall:\n",
		],
		["$& in it", block(" -$&"), block(" -me")],
	])("%s", (_what, text, expected) => {
		expect(setExtraversion(text, "-me")).toBe(expected);
	});

	it("leaves a text alone that has it already, however it is written", () => {
		const text = block("-me # mine");
		expect(setExtraversion(text, "-me")).toBe(text);
	});
});

it.each([
	[
		"include /usr/src/linux-headers-6.1.0-56-common/Makefile\n",
		"/usr/src/linux-headers-6.1.0-56-common/Makefile",
	],
	["# x\n  include ../common/Makefile  \n", "../common/Makefile"],
	[block(""), null],
	["include scripts/Kbuild.include\n", null],
	["", null],
])("wrappedMakefile of %j", (text, expected) => {
	expect(wrappedMakefile(text)).toBe(expected);
});

it("includedFiles names what must lie in srctree", () => {
	const text = [
		"include scripts/Kbuild.include",
		"include $(srctree)/scripts/Makefile.compiler",
		"\tinclude $(srctree)/arch/$(SRCARCH)/Makefile",
		"-include include/config/auto.conf",
		"include $(srctree)/scripts/Makefile.compiler",
		"include-$(CONFIG_KCSAN) += scripts/Makefile.kcsan",
		"include $(addprefix $(srctree)/, $(include-y))",
	].join("\n");
	expect(includedFiles(text)).toEqual(["scripts/Kbuild.include", "scripts/Makefile.compiler"]);
});
