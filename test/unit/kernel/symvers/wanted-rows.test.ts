import fc from "fast-check";
import { expect, it } from "vitest";
import { countRows, rowOf, WantedRows } from "../../../../src/kernel/symvers/wanted-rows.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const A = "0x00000001\ta\tvmlinux\tEXPORT_SYMBOL\t\n";
const B = "0x00000002\tb\tdrivers/x\tEXPORT_SYMBOL_GPL\tNS\n";
const B_OTHER = "0x00000003\tb\tdrivers/x\tEXPORT_SYMBOL\t\n";

it.each([
	["all, in another order and another layout", A + B, `0x00000002\tb\tm\r\n${A}`, null],
	["one less", A + B, A, { crc: "0x00000002", symbol: "b" }],
	["another CRC", A + B, A + B_OTHER, { crc: "0x00000002", symbol: "b" }],
	["nothing wanted", "\n\n", A, null],
	["nothing there", A, "", { crc: "0x00000001", symbol: "a" }],
	["a line without tabs", "x\n", A, { crc: "x", symbol: "" }],
])("%s", (_, wanted, present, missing) => {
	const rows = new WantedRows(bytes(wanted));
	rows.look(bytes(present));
	expect(rows.missing()).toEqual(missing);
});

it("counts lines that are not empty, and finds the last row of a symbol", () => {
	expect(countRows(bytes(`${A}\n\r\n${B}x`))).toBe(3);
	expect(rowOf("b", bytes(A + B + B_OTHER))).toEqual({ crc: "0x00000003", symbol: "b" });
	expect(rowOf("vmlinux", bytes(A + B))).toBeNull();
	expect(rowOf("a", bytes(A.trimEnd()))).toEqual({ crc: "0x00000001", symbol: "a" });
});

it("agrees with a map of the rows, also over several parts", () => {
	const row = fc
		.tuple(fc.constantFrom("0x1", "0x2"), fc.constantFrom("a", "b", "ab", "abc"))
		.map((it) => it.join("\t"));
	fc.assert(
		fc.property(fc.array(row), fc.array(fc.array(row)), (wanted, parts) => {
			const text = (rows: string[]) => bytes(rows.map((it) => `${it}\tvmlinux\n`).join(""));
			const rows = new WantedRows(text(wanted));
			for (const part of parts) rows.look(text(part));
			const first = wanted.find((it) => !parts.flat().includes(it));
			const missing = rows.missing();
			expect(missing === null ? undefined : `${missing.crc}\t${missing.symbol}`).toBe(first);
		}),
	);
});
