import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMakeVariable } from "../../../../src/kernel/kbuild/make-variable.ts";
import { composeGnumakefile, parseGnumakefile } from "../../../../src/kernel/kbuild/settings.ts";

describe("--make-var", () => {
	it.each([
		["PLATFORM_VERSION=11", "PLATFORM_VERSION", "11"],
		["EXTRA=-DX=1 -I/opt/x", "EXTRA", "-DX=1 -I/opt/x"],
		["EMPTY=", "EMPTY", ""],
		["gen-thing=a", "gen-thing", "a"],
	])("%s", (word, name, value) => {
		expect(parseMakeVariable(word)).toEqual({ name, value });
	});

	it.each([
		["NAME", /NAME=VALUE/],
		["=x", /NAME=VALUE/],
		["A B=x", /name/],
		["A:=x", /name/],
		["1A=x", /name/],
		["A\n=x", /name/],
		["M=/tmp", /module/],
		["KERNELRELEASE=6.1", /release/],
		["SHELL=/bin/evil", /make's own/],
		["MAKEFLAGS=-k", /make's own/],
		["PATH=/evil", /every program/],
		["A=$(shell id)", /plain words/],
		["A=`id`", /plain words/],
		["A=x;id", /plain words/],
		["A=x'y", /plain words/],
		["A=x\nall:", /plain words/],
		["A=x\\", /plain words/],
		["A=x#y", /plain words/],
		["A=  x", /plain words/],
	])("%j is refused", (word, why) => {
		expect(parseMakeVariable(word)).toEqual({ refused: expect.stringMatching(why) });
	});

	it("whatever is taken stands in the GNUmakefile as one setting and is read back", () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), (one, other) => {
				const read = parseMakeVariable(`${one}=${other}`);
				if ("refused" in read) return;
				const text = composeGnumakefile({
					release: null,
					quietScm: false,
					variables: { [read.name]: read.value },
				});
				expect(parseGnumakefile(text)?.variables).toEqual({ [read.name]: read.value });
			}),
			{ numRuns: 500 },
		);
	});
});
