import fc from "fast-check";
import { expect, test } from "vitest";
import { scanSymvers } from "../../../../src/target/facts/symvers-fact.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test.each([
	["", { exports: 0, crcs: 0, layoutCrc: null }],
	["0x00000000\ta\tvmlinux\tEXPORT_SYMBOL\t\n", { exports: 1, crcs: 0, layoutCrc: null }],
	["0x00000001\ta\tvmlinux\n0x00000000\tb\tvmlinux", { exports: 2, crcs: 1, layoutCrc: null }],
	["0xA351f379\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\n", { exports: 1, crcs: 1, layoutCrc: "0xa351f379" }],
	["0x00000000\tmodule_layout\tvmlinux\tEXPORT_SYMBOL\n", { exports: 1, crcs: 0, layoutCrc: null }],
	["\tmodule_layout\t", { exports: 1, crcs: 1, layoutCrc: null }],
])("scan of %j", (text, expected) => {
	expect(scanSymvers(bytes(text))).toEqual(expected);
});

test("counts what it is given, in any order", () => {
	const line = fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.stringMatching(/^[a-z_]{1,20}$/));
	fc.assert(
		fc.property(fc.array(line), (lines) => {
			const text = lines.map(
				([crc, name]) => `0x${crc.toString(16).padStart(8, "0")}\t${name}\tvmlinux\tEXPORT_SYMBOL\t\n`,
			);
			const scan = scanSymvers(bytes(text.join("")));
			expect(scan.exports).toBe(lines.length);
			expect(scan.crcs).toBe(lines.filter(([crc]) => crc !== 0).length);
		}),
	);
});

test("any bytes are scanned without an error", () => {
	fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (input) => void scanSymvers(input)));
});
