import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	compareConfigs,
	type Drift,
	type DriftContext,
	driftCause,
	isFatal,
} from "../../../../src/kernel/config/drift.ts";

const config = (symbols: Record<string, string>) => new Map(Object.entries(symbols));

describe("compareConfigs", () => {
	it.each([
		[{ A: "y" }, { A: "y" }, []],
		[{ A: "y" }, {}, ["A y null"]],
		[{}, { A: "m" }, ["A null m"]],
		[{ A: "n" }, {}, []],
		[{}, { A: "n" }, []],
		[{ A: "y", B: "m" }, { B: "y", A: "n" }, ["A y n", "B m y"]],
		[
			{ CC_VERSION_TEXT: '"a"', GCC_VERSION: "1", BUILD_SALT: '"x"', PAHOLE_VERSION: "124" },
			{ GCC_VERSION: "2" },
			[],
		],
		[{ SYSTEM_TRUSTED_KEYS: '"debian/x.pem"', LOCALVERSION: '"-a"' }, {}, []],
		[{ VERSION_SIGNATURE: '"Ubuntu"' }, {}, ['VERSION_SIGNATURE "Ubuntu" null']],
	])("%j against %j", (target, tree, expected) => {
		const found = compareConfigs(config(target), config(tree));
		expect(found.map(({ symbol, target, tree }) => `${symbol} ${target} ${tree}`)).toEqual(expected);
	});

	it("finds nothing in equal ones, and the same symbols from either side", () => {
		const symbols = fc.dictionary(fc.stringMatching(/^[A-Z]{1,3}$/), fc.constantFrom("y", "m", "n", "1"), {
			noNullPrototype: true,
		});
		fc.assert(
			fc.property(symbols, symbols, (one, other) => {
				expect(compareConfigs(config(one), config(one))).toEqual([]);
				const names = (drift: Drift[]) => drift.map(({ symbol }) => symbol).sort();
				expect(names(compareConfigs(config(one), config(other)))).toEqual(
					names(compareConfigs(config(other), config(one))),
				);
			}),
		);
	});
});

const drift = (symbol: string, target: string | null = "y", tree: string | null = null): Drift => ({
	symbol,
	target,
	tree,
	cause: null,
	abi: null,
});
const KNOWN: DriftContext = {
	pahole: "v1.24",
	compiler: { target: "gcc-12 (Debian) 12.2.0", tree: "gcc-12 (Debian) 12.2.0" },
	version: { target: "6.1.192", tree: "6.1.192" },
	hasRust: true,
};

describe("driftCause", () => {
	it.each<[string, Partial<DriftContext>, RegExp | null]>([
		["DEBUG_INFO_BTF", { pahole: null }, /pahole was missing/],
		["DEBUG_INFO_BTF_MODULES", {}, /pahole here is v1.24/],
		["RUST", { hasRust: false }, /rustc was missing/],
		["RUST_IS_AVAILABLE", {}, null],
		["GCC_PLUGIN_RANDSTRUCT", {}, /plugin headers/],
		[
			"CC_HAS_ASM_GOTO_TIED_OUTPUT",
			{ compiler: { target: "gcc-12 x", tree: "gcc-14 y" } },
			/gcc-12 x.*gcc-14 y/,
		],
		["CC_HAS_ASM_GOTO_TIED_OUTPUT", {}, null],
		["EXT4_FS", { version: { target: "6.1.190", tree: "6.1.192" } }, /tree is 6.1.192, the target 6.1.190/],
		["EXT4_FS", { version: { target: null, tree: "6.1.192" } }, null],
	])("%s %#", (symbol, known, cause) => {
		const found = driftCause(drift(symbol), { ...KNOWN, ...known });
		if (cause === null) expect(found).toBeNull();
		else expect(found).toMatch(cause);
	});
});

it.each<[string, string | null, string | null, boolean]>([
	["DEBUG_INFO_BTF", "y", null, true],
	["DEBUG_INFO_BTF", "y", "n", true],
	["DEBUG_INFO_BTF", "y", "y", false],
	["DEBUG_INFO_BTF", null, "y", false],
	["GCC_PLUGIN_STACKLEAK", "y", null, true],
	["RANDSTRUCT_FULL", "y", null, true],
	["EXT4_FS", "y", null, false],
	["RUST", "y", null, false],
])("isFatal: %s, target %s, tree %s: %s", (symbol, target, tree, fatal) => {
	expect(isFatal(drift(symbol, target, tree))).toBe(fatal);
});
