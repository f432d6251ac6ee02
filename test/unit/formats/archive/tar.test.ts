import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type TarEntry, TarReader } from "../../../../src/formats/archive/tar.ts";
import { TarError } from "../../../../src/formats/archive/tar-fields.ts";
import { type Entry, pax, tar } from "../../../helpers/tar.ts";

function read(bytes: Uint8Array, step = bytes.length): { entry: TarEntry; text: string }[] {
	const found: { entry: TarEntry; text: string }[] = [];
	let open = 0;
	const reader = new TarReader({
		entry(entry) {
			expect(open).toBe(0);
			found.push({ entry, text: "" });
			open = 1;
			return true;
		},
		content(part) {
			const last = found.at(-1);
			if (last) last.text += new TextDecoder().decode(part);
		},
		end() {
			open = 0;
		},
	});
	for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step));
	reader.finish();
	return found;
}

const long = `linux/${"d/".repeat(80)}file`;
const cases: [name: string, entries: Entry[], path: string, text: string][] = [
	["a file", [{ name: "linux/Makefile", content: "VERSION = 6\n" }], "linux/Makefile", "VERSION = 6\n"],
	["an empty file", [{ name: "linux/empty" }], "linux/empty", ""],
	["the prefix field", [{ name: "b", prefix: "linux/a", content: "x" }], "linux/a/b", "x"],
	[
		"a GNU long name",
		[
			{ name: "@", type: "L", content: `${long}\0` },
			{ name: "cut", content: "x" },
		],
		long,
		"x",
	],
	["a pax path", [pax({ path: long }), { name: "cut", content: "x" }], long, "x"],
	[
		"a pax size",
		[pax({ size: "3" }), { name: "linux/f", content: "abc", size: "00000000000\0" }],
		"linux/f",
		"abc",
	],
	["a global header", [pax({ comment: "0123" }, "g"), { name: "linux/f", content: "x" }], "linux/f", "x"],
	["exactly one block", [{ name: "linux/f", content: "y".repeat(512) }], "linux/f", "y".repeat(512)],
];

describe("TarReader", () => {
	test.each(cases)("reads %s, however the bytes are cut", (_, entries, path, text) => {
		for (const step of [1, 7, 511, 512, 513, 1 << 20]) {
			const [only, ...rest] = read(tar(entries), step);
			expect(rest).toEqual([]);
			expect(only?.entry.path).toBe(path);
			expect(only?.text).toBe(text);
		}
	});

	test("a long name holds for one entry only", () => {
		const entries = read(tar([pax({ path: long }), { name: "a" }, { name: "linux/b" }]));
		expect(entries.map(({ entry }) => entry.path)).toEqual([long, "linux/b"]);
	});

	test.each<[string, Uint8Array]>([
		["nothing", new Uint8Array(0)],
		["zeroes", new Uint8Array(1024)],
		["text", Buffer.alloc(2048, "not a tar archive")],
		["a cut header", tar([{ name: "linux/f", content: "x" }]).subarray(0, 300)],
		["cut content", tar([{ name: "linux/f", content: "x".repeat(600) }]).subarray(0, 700)],
		["no end", tar([{ name: "linux/f", content: "x" }], { trailer: false })],
		["a size in letters", tar([{ name: "linux/f", size: "zz" }])],
		["a huge long name", tar([{ name: "@", type: "L", size: "77777777777\0" }])],
		["a damaged pax record", tar([{ name: "x", type: "x", content: "99 path=a\n" }, { name: "b" }])],
	])("refuses %s", (_, bytes) => {
		expect(() => read(bytes)).toThrow(TarError);
	});

	test("a flipped bit in a header never passes", () => {
		const good = tar([{ name: "linux/f", content: "x" }]);
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 511 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
				const bad = Uint8Array.from(good);
				bad[at] = (bad[at] ?? 0) ^ (1 << bit);
				try {
					const [only] = read(bad);
					// Padding and separators of the checksum field itself carry nothing.
					expect(only?.entry.path).toBe("linux/f");
					expect(at).toBeGreaterThanOrEqual(148);
					expect(at).toBeLessThan(156);
				} catch (error) {
					expect(error).toBeInstanceOf(TarError);
				}
			}),
		);
	});

	test("any bytes end in entries or a TarError", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
				try {
					read(bytes);
				} catch (error) {
					expect(error).toBeInstanceOf(TarError);
				}
			}),
		);
	});
});
