import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	editConfig,
	isOn,
	looksLikeConfig,
	parseConfig,
	quoteConfig,
	stringOf,
} from "../../../../src/kernel/config/config.ts";

describe("parseConfig", () => {
	it.each([
		["CONFIG_A=y", { A: "y" }],
		["CONFIG_A=m\nCONFIG_B=250\nCONFIG_C=0x1000", { A: "m", B: "250", C: "0x1000" }],
		["# CONFIG_A is not set", { A: "n" }],
		['CONFIG_A="a \\"b\\" \\\\ c"', { A: '"a \\"b\\" \\\\ c"' }],
		["CONFIG_A=y\nCONFIG_A=m", { A: "m" }],
		["CONFIG_A=y\r\n# CONFIG_B is not set\r\n", { A: "y", B: "n" }],
		["CONFIG_A=", { A: "" }],
		['CONFIG_A="b=c"', { A: '"b=c"' }],
		["CONFIG_64BIT=y", { "64BIT": "y" }],
		[" CONFIG_A=y\nCONFIG_=y\nCONFIG_A-B=y\n# CONFIG_A is not set yet\nA=y\n#\n\0\0", {}],
		["", {}],
	])("%j", (text, expected) => {
		expect(Object.fromEntries(parseConfig(text))).toEqual(expected);
	});

	it("never throws, and keeps to one symbol a line", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				expect(parseConfig(text).size).toBeLessThanOrEqual(text.split("\n").length);
			}),
		);
	});
});

describe("looksLikeConfig", () => {
	const lines = (count: number) => Array.from({ length: count }, (_, at) => `CONFIG_S${at}=y`).join("\n");
	it.each([
		[lines(20), true],
		[lines(19), false],
		[`${lines(30)}\0`, false],
		["<html>".repeat(100), false],
		[lines(30).replaceAll(/CONFIG_(\w+)=y/g, "# CONFIG_$1 is not set"), true],
	])("%#", (text, expected) => {
		expect(looksLikeConfig(text)).toBe(expected);
	});
});

const symbol = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,12}$/);
const value = fc.oneof(
	fc.constantFrom("y", "m", "n", "250", "0x1f", "-1"),
	fc.string({ unit: fc.constantFrom(..."ab \"\\#='$/.") }).map(quoteConfig),
);
const config = fc.dictionary(symbol, value, { maxKeys: 12, noNullPrototype: true });
const written = (symbols: Record<string, string>) => editConfig("", new Map(Object.entries(symbols)));

describe("editConfig", () => {
	it("writes what parseConfig reads", () => {
		fc.assert(
			fc.property(config, (symbols) => {
				expect(Object.fromEntries(parseConfig(written(symbols)))).toEqual(symbols);
			}),
		);
	});

	it("sets what it is told, and keeps every other line byte for byte", () => {
		fc.assert(
			fc.property(
				config,
				config,
				fc.array(fc.constantFrom("#", "# a comment", "", "garbage")),
				(before, changes, noise) => {
					const text = `${noise.join("\n")}\n${written(before)}\n# end\n`;
					const edited = editConfig(text, new Map(Object.entries(changes)));
					expect(Object.fromEntries(parseConfig(edited))).toEqual({ ...before, ...changes });
					const foreign = (all: string) =>
						all.split("\n").filter((line) => ![...parseConfig(line).keys()].some((one) => one in changes));
					expect(foreign(edited)).toEqual(foreign(text));
					expect(editConfig(edited, new Map(Object.entries(changes)))).toBe(edited);
				},
			),
		);
	});

	it.each([
		["CONFIG_A=y\n", { A: "n" }, "# CONFIG_A is not set\n"],
		["# CONFIG_A is not set\n", { A: "y" }, "CONFIG_A=y\n"],
		["CONFIG_A=y\n", { B: '""' }, 'CONFIG_A=y\nCONFIG_B=""\n'],
		["CONFIG_A=y", { B: "m" }, "CONFIG_A=y\nCONFIG_B=m"],
		["CONFIG_A=y\r\n", { A: "n" }, "# CONFIG_A is not set\r\n"],
	])("%j with %j", (text, changes, expected) => {
		expect(editConfig(text, new Map(Object.entries(changes)))).toBe(expected);
	});
});

describe("strings", () => {
	it("quoteConfig and stringOf are each other's inverse", () => {
		fc.assert(
			fc.property(
				fc.string().map((text) => text.replaceAll(/[\r\n]/g, "")),
				(text) => {
					expect(stringOf(parseConfig(`CONFIG_LOCALVERSION=${quoteConfig(text)}`), "LOCALVERSION")).toBe(
						text,
					);
				},
			),
		);
	});

	it.each([["y"], ['"'], ['"a'], ["n"], [""]])("%j is no string", (raw) => {
		expect(stringOf(new Map([["A", raw]]), "A")).toBeUndefined();
	});

	it.each([
		["y", true],
		["m", true],
		["n", false],
		['"y"', false],
	])("isOn: %j is %s", (raw, on) => {
		expect(isOn(new Map([["A", raw]]), "A")).toBe(on);
		expect(isOn(new Map(), "A")).toBe(false);
	});
});
