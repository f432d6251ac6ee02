import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readLoading, relocateProgram } from "../../../../src/formats/elf/relocate.ts";
import { FormatError } from "../../../../src/formats/error.ts";

const BASE = 0x400000n;
const TAGS = { STRTAB: 5, STRSZ: 10, RPATH: 15, RUNPATH: 29 };

/** A small dynamic program: one segment with loader, strings ("\0libc\0/old\0") and the dynamic table. */
function program({
	little = true,
	spare = 1,
	runpath = false,
	note = true,
	interpreter = "/lib/ld.so",
} = {}): Uint8Array {
	const strings = "\0libc\0/old\0";
	const table: [number, number][] = [
		[1, 1],
		[TAGS.STRTAB, 0],
		[TAGS.STRSZ, strings.length],
		...(runpath ? ([[TAGS.RUNPATH, 6]] as [number, number][]) : []),
		...Array.from({ length: spare }, () => [0, 0] as [number, number]),
	];
	const types = [...(interpreter === "" ? [] : [3]), 1, 2, ...(note ? [4] : [])];
	const at = { interp: 64 + types.length * 56, strings: 0, table: 0 };
	at.strings = at.interp + interpreter.length + 1;
	at.table = Math.ceil((at.strings + strings.length) / 8) * 8;
	const bytes = new Uint8Array(at.table + table.length * 16);
	const view = new DataView(bytes.buffer);
	bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, little ? 1 : 2, 1]);
	view.setBigUint64(32, 64n, little);
	view.setUint16(54, 56, little);
	view.setUint16(56, types.length, little);
	const put = (offset: number, text: string) => bytes.set(new TextEncoder().encode(text), offset);
	put(at.interp, `${interpreter}\0`);
	put(at.strings, strings);
	for (const [n, type] of types.entries()) {
		const [offset, size] =
			type === 3
				? [at.interp, interpreter.length + 1]
				: type === 2
					? [at.table, table.length * 16]
					: type === 4
						? [at.strings, 1]
						: [0, bytes.length];
		const header = 64 + n * 56;
		view.setUint32(header, type, little);
		view.setUint32(header + 4, 4, little);
		for (const [slot, word] of [
			BigInt(offset),
			BASE + BigInt(offset),
			BASE + BigInt(offset),
			BigInt(size),
			BigInt(size),
			0x1000n,
		].entries())
			view.setBigUint64(header + 8 + slot * 8, word, little);
	}
	table[1] = [TAGS.STRTAB, Number(BASE) + at.strings];
	for (const [n, [tag, value]] of table.entries()) {
		view.setBigUint64(at.table + n * 16, BigInt(tag), little);
		view.setBigUint64(at.table + n * 16 + 8, BigInt(value), little);
	}
	return bytes;
}

/** As a loader reads it: the segments, and the strings that the dynamic table points to through them. */
function loaded(bytes: Uint8Array, little: boolean) {
	const view = new DataView(bytes.buffer, bytes.byteOffset);
	const headers = Array.from({ length: view.getUint16(56, little) }, (_, n) => {
		const at = 64 + n * 56;
		const word = (offset: number) => Number(view.getBigUint64(at + offset, little));
		return { type: view.getUint32(at, little), offset: word(8), vaddr: word(16), size: word(32) };
	});
	const segments = headers.filter(({ type }) => type === 1);
	const dynamic = headers.find(({ type }) => type === 2);
	const entries = new Map<number, number>();
	for (let at = dynamic?.offset ?? 0; view.getBigUint64(at, little) !== 0n; at += 16)
		entries.set(Number(view.getBigUint64(at, little)), Number(view.getBigUint64(at + 8, little)));
	const textAt = (index: number) => {
		const address = (entries.get(TAGS.STRTAB) ?? 0) + index;
		const segment = segments.find((it) => address >= it.vaddr && address < it.vaddr + it.size);
		const from = address - (segment?.vaddr ?? 0) + (segment?.offset ?? 0);
		return new TextDecoder().decode(bytes.subarray(from, bytes.indexOf(0, from)));
	};
	return { headers, segments, entries, textAt };
}

const PLACES = { interpreter: "/kept/lib/ld-linux.so.2", rpath: "/kept/lib:/kept/usr/lib" };

describe.each([true, false])("little-endian: %s", (little) => {
	test.each([
		["a free slot at the end of the table", { spare: 3 }],
		["a RUNPATH, whose slot serves", { spare: 1, runpath: true }],
		["no slot: the table moves", { spare: 1 }],
	])("%s", (_, more) => {
		const before = program({ little, ...more });
		const after = relocateProgram(before, PLACES) as Uint8Array;
		expect(readLoading(after)).toEqual({ interpreter: PLACES.interpreter, runpath: false });
		const { entries, textAt, segments, headers } = loaded(after, little);
		expect(textAt(entries.get(TAGS.RPATH) ?? 0)).toBe(PLACES.rpath);
		expect(textAt(entries.get(1) ?? 0)).toBe("libc");
		expect(segments.map(({ vaddr }) => vaddr)).toEqual(
			segments.map(({ vaddr }) => vaddr).sort((a, b) => a - b),
		);
		for (const { offset, vaddr } of segments) expect(offset % 0x1000).toBe(vaddr % 0x1000);
		expect(headers).toHaveLength(4);
		// Nothing of it has moved.
		expect(after.subarray(64 + 4 * 56, 64 + 4 * 56 + 20)).toEqual(
			before.subarray(64 + 4 * 56, 64 + 4 * 56 + 20),
		);
	});
});

test("a library keeps having no loader, and loses its RUNPATH", () => {
	const library = program({ interpreter: "", runpath: true });
	expect(readLoading(library)).toEqual({ interpreter: null, runpath: true });
	const after = relocateProgram(library, { ...PLACES, interpreter: null }) as Uint8Array;
	expect(readLoading(after)).toEqual({ interpreter: null, runpath: false });
});

test("what is no 64-bit ELF file is left alone; without a header to spare it is refused", () => {
	for (const bytes of [new Uint8Array(0), new TextEncoder().encode("#!/bin/sh\n"), new Uint8Array(200)]) {
		expect(relocateProgram(bytes, PLACES)).toBeNull();
		expect(readLoading(bytes)).toBeNull();
	}
	expect(() => relocateProgram(program({ note: false }), PLACES)).toThrow(FormatError);
});

test("damaged files: a FormatError or a result, never anything else", () => {
	const sound = program({ spare: 2 });
	const change = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
	fc.assert(
		fc.property(change, fc.nat(sound.length), (changes, cut) => {
			const bytes = sound.slice(0, sound.length - (cut % 3 === 0 ? cut : 0));
			for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
			for (const read of [() => readLoading(bytes), () => relocateProgram(bytes, PLACES)]) {
				try {
					read();
				} catch (error) {
					expect(error).toBeInstanceOf(FormatError);
				}
			}
		}),
		{ numRuns: 3000 },
	);
});
