import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkModuleBtf } from "../../../../src/kernel/loader/btf-metas.ts";
import type { KernelBtf } from "../../../../src/kernel/loader/knowledge.ts";
import { ascii, joined, words } from "../../../helpers/elf.ts";

const BASE: KernelBtf = { types: 10, stringsLength: 5, string: (at) => "int\0"[at] ?? "", named: () => [] };
const LAST_KIND = 19;

/** Split BTF: types as rows of 32-bit words, strings behind those of BASE. */
function btf(types: number[][], strings = "\0probe\0", magic = 0xeb9f): Uint8Array {
	const section = joined(types.map((row) => words(true, ...row.map((value) => [4, value] as const))));
	const header = words(
		true,
		[2, magic],
		[1, 1],
		[1, 0],
		[4, 24],
		[4, 0],
		[4, section.length],
		[4, section.length],
		[4, strings.length],
	);
	return joined([header, section, ascii(strings)]);
}

const STRUCT = 4 << 24;
const TYPEDEF = 8 << 24;
const CONST = 10 << 24;
/** Offset of "probe" behind the base's strings. */
const PROBE = BASE.stringsLength + 1;

describe("checkModuleBtf", () => {
	test.each<[string, Uint8Array, string | null]>([
		["a sound struct", btf([[PROBE, STRUCT | 1, 8, PROBE, 3, 0]]), null],
		["a wrong magic", btf([], "\0", 0x1234), "Invalid magic"],
		["a kind of the future", btf([[PROBE, 31 << 24, 0]]), "Invalid kind:31"],
		["a name beyond all strings", btf([[PROBE + 100, TYPEDEF, 3]]), `Invalid name_offset:${PROBE + 100}`],
		["a name that is none", btf([[PROBE, TYPEDEF, 3]], "\0 x!\0"), "Invalid name"],
		["a named const", btf([[PROBE, CONST, 3]]), "Invalid name"],
		["a member of no type", btf([[PROBE, STRUCT | 1, 8, PROBE, 0, 0]]), "Invalid type_id"],
		[
			"a member behind the end",
			btf([[PROBE, STRUCT | 1, 8, PROBE, 3, 999]]),
			"Member bits_offset exceeds its struct size",
		],
		["a type that leads nowhere", btf([[0, CONST, 99]]), "a reference to a type that is not there"],
		["a loop", btf([[0, CONST, 10]]), "Max chain length or cycle detected"],
		["strings without an end", btf([], "\0probe"), "Invalid string section"],
	])("%s", (_name, bytes, fault) => {
		expect(checkModuleBtf(bytes, true, BASE, LAST_KIND)?.fault ?? null).toBe(fault);
	});

	test("any bytes end in an answer", () => {
		const whole = btf([
			[PROBE, STRUCT | 1, 8, PROBE, 3, 0],
			[PROBE, TYPEDEF, 3],
		]);
		fc.assert(
			fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
				const bytes = whole.slice();
				bytes[at] = byte;
				const answer = checkModuleBtf(bytes, true, BASE, LAST_KIND);
				expect(answer === null || answer.fault.length > 0).toBe(true);
			}),
		);
	});
});
