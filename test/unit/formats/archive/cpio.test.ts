import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CpioEntry, CpioError, FILE, FOLDER, newc } from "../../../../src/formats/archive/cpio.ts";

describe("newc", () => {
	test("a known archive", () => {
		const text = archive([
			{ name: "dev", mode: FOLDER | 0o755 },
			{ name: "a", mode: FILE | 0o644, content: new TextEncoder().encode("hello") },
		]).toString("latin1");
		expect(text.slice(0, 6)).toBe("070701");
		expect(text.length % 4).toBe(0);
		expect(text).toContain("dev\0");
		expect(text).toContain(`hello${"\0".repeat(3)}070701`);
		expect(text.trimEnd()).toContain("TRAILER!!!");
	});

	test("reads back as it was written", () => {
		const name = fc.stringMatching(/^[a-z0-9._-]{1,40}$/);
		const entry = fc.record({ name, mode: fc.constant(FILE | 0o644), content: fc.uint8Array() });
		fc.assert(
			fc.property(fc.array(entry), (entries) => {
				expect(read(archive(entries))).toEqual(
					entries.map((it) => ({ ...it, content: Buffer.from(it.content) })),
				);
			}),
		);
	});

	test.each(["", "/etc", "a\u0000b", "x".repeat(5000)])("refuses the name %#", (name) => {
		expect(() => archive([{ name, mode: FILE }])).toThrow(CpioError);
	});
});

function archive(entries: CpioEntry[]): Buffer {
	return Buffer.concat([...newc(entries)]);
}

/** As init/initramfs.c walks it. */
function read(bytes: Buffer): { name: string; mode: number; content: Buffer }[] {
	const found = [];
	for (let at = 0; ; ) {
		const number = (index: number) =>
			Number.parseInt(bytes.toString("latin1", at + 6 + 8 * index, at + 14 + 8 * index), 16);
		const name = bytes.toString("utf8", at + 110, at + 110 + number(11) - 1);
		if (name === "TRAILER!!!") return found;
		const body = (at + 110 + number(11) + 3) & ~3;
		found.push({ name, mode: number(1), content: bytes.subarray(body, body + number(6)) });
		at = (body + number(6) + 3) & ~3;
	}
}
