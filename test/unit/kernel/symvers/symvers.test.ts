import fc from "fast-check";
import { expect, test } from "vitest";
import {
	compareSymvers,
	composeSymvers,
	parseSymvers,
	type SymversEntry,
	type SymversLayout,
} from "../../../../src/kernel/symvers/symvers.ts";

const plain: SymversEntry = {
	symbol: "kfree",
	crc: 0x037a0cba,
	module: "vmlinux",
	kind: "EXPORT_SYMBOL",
	namespace: null,
};
const spaced: SymversEntry = {
	symbol: "dax_flush",
	crc: 0xfefefefe,
	module: "drivers/dax/dax",
	kind: "EXPORT_SYMBOL_GPL",
	namespace: "DAX",
};

test.each<[era: string, line: string, layout: SymversLayout, entry: SymversEntry]>([
	["up to 2.6.17", "0x037a0cba\tkfree\tvmlinux", "bare", plain],
	["2.6.18 on", "0x037a0cba\tkfree\tvmlinux\tEXPORT_SYMBOL", "kind", plain],
	[
		"2.6.18, gpl",
		"0xfefefefe\tdax_flush\tdrivers/dax/dax\tEXPORT_SYMBOL_GPL",
		"kind",
		{ ...spaced, namespace: null },
	],
	["5.4", "0x037a0cba\tkfree\t\tvmlinux\tEXPORT_SYMBOL", "namespace-third", plain],
	[
		"5.4, namespace",
		"0xfefefefe\tdax_flush\tDAX\tdrivers/dax/dax\tEXPORT_SYMBOL_GPL",
		"namespace-third",
		spaced,
	],
	["5.6 on", "0x037a0cba\tkfree\tvmlinux\tEXPORT_SYMBOL\t", "namespace-last", plain],
	[
		"5.6, namespace",
		"0xfefefefe\tdax_flush\tdrivers/dax/dax\tEXPORT_SYMBOL_GPL\tDAX",
		"namespace-last",
		spaced,
	],
])("%s", (_, line, layout, entry) => {
	expect(parseSymvers(`${line}\n`)).toEqual({ entries: [entry], layout, invalid: [] });
	expect(composeSymvers([entry], layout)).toBe(`${line}\n`);
});

test("a CRC of a 64-bit long is cut to its 32 bits; carriage returns are passed over", () => {
	expect(parseSymvers("0x00000000037a0cba\tkfree\tvmlinux\tEXPORT_SYMBOL\r\n").entries).toEqual([plain]);
});

test.each([
	"no tabs",
	"0x12\tx\tvmlinux\tEXPORT_SYMBOL",
	"0x12345678\t\tvmlinux",
	"0x12345678\ta\tb\tc\td\te",
])("%j is told by its number", (line) => {
	expect(parseSymvers(`${composeSymvers([plain])}${line}\n`)).toMatchObject({
		entries: [plain],
		invalid: [2],
	});
});

const entry = fc.record({
	symbol: fc.stringMatching(/^[a-z_]\w{0,20}$/),
	crc: fc.integer({ min: 0, max: 0xffffffff }),
	module: fc.stringMatching(/^[a-z][a-z/_-]{0,20}$/),
	kind: fc.constantFrom<SymversEntry["kind"]>(
		"EXPORT_SYMBOL",
		"EXPORT_SYMBOL_GPL",
		"EXPORT_UNUSED_SYMBOL",
		"EXPORT_UNUSED_SYMBOL_GPL",
		"EXPORT_SYMBOL_GPL_FUTURE",
	),
	namespace: fc.option(fc.stringMatching(/^[A-Z_]{1,12}$/)),
});
const entries = fc.uniqueArray(entry, { selector: ({ symbol }) => symbol });

test("what is composed is parsed again, in the layouts that hold all columns", () => {
	fc.assert(
		fc.property(
			entries,
			fc.constantFrom<SymversLayout>("namespace-third", "namespace-last"),
			(list, layout) => {
				const parsed = parseSymvers(composeSymvers(list, layout));
				expect(parsed.entries).toEqual(list);
				expect(parsed.invalid).toEqual([]);
			},
		),
	);
});

test("comparing: order does not count, each column does", () => {
	fc.assert(
		fc.property(entries, (list) => {
			expect(compareSymvers(list, list.toReversed())).toEqual([]);
		}),
	);
	expect(compareSymvers([plain, spaced], [{ ...spaced, crc: 1, namespace: null }])).toEqual([
		{ symbol: "kfree", expected: plain, actual: null, columns: [] },
		{
			symbol: "dax_flush",
			expected: spaced,
			actual: { ...spaced, crc: 1, namespace: null },
			columns: ["crc", "namespace"],
		},
	]);
	expect(compareSymvers([], [plain])).toEqual([
		{ symbol: "kfree", expected: null, actual: plain, columns: [] },
	]);
});
