import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareVermagic, parseVermagic, sameMagic } from "../../../../src/kernel/vermagic/vermagic.ts";

const release = fc.stringMatching(/^[0-9]\.[0-9]{1,2}\.[0-9]{1,3}[-+a-z0-9.]{0,20}$/);
const flags = fc.subarray(["SMP", "preempt", "preempt_rt", "mod_unload", "modversions"]);

describe("parseVermagic", () => {
	test.each([
		[
			"6.1.0-56-amd64 SMP preempt mod_unload modversions ",
			["SMP", "preempt", "mod_unload", "modversions"],
			[],
			null,
			null,
		],
		["2.6.12 SMP 686 REGPARM gcc-3.3", ["SMP"], ["686", "REGPARM"], "3.3", null],
		[
			"6.12.1 SMP preempt mod_unload modversions aarch64",
			["SMP", "preempt", "mod_unload", "modversions"],
			["aarch64"],
			null,
			null,
		],
		["6.12.1 SMP mod_unload aarch64RANDSTRUCT_00ff", ["SMP", "mod_unload"], ["aarch64"], null, "00ff"],
		["5.4.1 mod_unload RANDSTRUCT_PLUGIN_abcd", ["mod_unload"], [], null, "abcd"],
		["5.10.1-v7 SMP mod_unload ARMv7 p2v8 ", ["SMP", "mod_unload"], ["ARMv7", "p2v8"], null, null],
		["", [], [], null, null],
	])("%j", (text, words, arch, gcc, randstruct) => {
		expect(parseVermagic(text)).toEqual({
			text,
			release: text.split(" ")[0],
			flags: words,
			arch,
			gcc,
			randstruct,
		});
	});

	test("never fails, and keeps the text", () => {
		fc.assert(fc.property(fc.string(), (text) => parseVermagic(text).text === text));
	});

	test("gives back what a string was made of", () => {
		fc.assert(
			fc.property(release, flags, fc.option(fc.stringMatching(/^[0-9a-f]{64}$/)), (name, words, hash) => {
				const tail = hash === null ? "" : `RANDSTRUCT_${hash}`;
				const text = `${name} ${words.map((word) => `${word} `).join("")}${tail}`;
				const parsed = parseVermagic(text);
				expect([parsed.release, parsed.flags, parsed.randstruct]).toEqual([name, words, hash]);
			}),
		);
	});
});

describe("sameMagic", () => {
	const [ours, theirs] = [
		"6.1.192 SMP mod_unload modversions ",
		"6.1.0-56-amd64 SMP mod_unload modversions ",
	];
	test.each([
		[true, true, true],
		[true, false, false],
		[false, true, false],
	])("MODVERSIONS %s, __versions %s: another release passes: %s", (modversions, hasVersions, same) => {
		expect(sameMagic(ours, theirs, { modversions, hasVersions })).toBe(same);
	});
	test("a flag word counts always, a trailing space too", () => {
		const rule = { modversions: true, hasVersions: true };
		expect(sameMagic(`${ours}x`, theirs, rule)).toBe(false);
		expect(sameMagic(ours.trimEnd(), theirs, rule)).toBe(false);
	});
	test("up to 2.6.25 the release is passed over without __versions", () => {
		const rule = { modversions: true, hasVersions: false, alwaysSkipsRelease: true };
		expect(sameMagic(ours, theirs, rule)).toBe(true);
	});
	test("equal strings are the same by every rule", () => {
		fc.assert(
			fc.property(fc.string(), fc.boolean(), fc.boolean(), (text, modversions, hasVersions) =>
				sameMagic(text, text, { modversions, hasVersions }),
			),
		);
	});
});

describe("compareVermagic", () => {
	test("names each field that differs", () => {
		const difference = compareVermagic(
			"6.1.192 SMP mod_unload aarch64RANDSTRUCT_aa",
			"6.1.0-56 SMP preempt mod_unload modversions ARMv7 gcc-3.3",
		);
		expect(difference).toEqual({
			release: { module: "6.1.192", kernel: "6.1.0-56" },
			flagsMissing: ["preempt", "modversions"],
			flagsExtra: [],
			arch: { module: "aarch64", kernel: "ARMv7" },
			gcc: { module: null, kernel: "3.3" },
			randstruct: { module: "aa", kernel: null },
			spacing: false,
		});
	});
	test("a lost trailing space is spacing", () => {
		expect(compareVermagic("6.1 SMP", "6.1 SMP ")?.spacing).toBe(true);
	});
	test("null exactly for equal strings; the sides swap with the arguments", () => {
		fc.assert(
			fc.property(release, release, flags, flags, (a, b, some, others) => {
				const [left, right] = [`${a} ${some.join(" ")}`, `${b} ${others.join(" ")}`];
				const [there, back] = [compareVermagic(left, right), compareVermagic(right, left)];
				expect(there === null).toBe(left === right);
				expect(there?.flagsMissing).toEqual(back?.flagsExtra);
				expect(there?.release?.module).toBe(back?.release?.kernel);
			}),
		);
	});
});
