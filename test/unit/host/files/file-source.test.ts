import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openSource } from "../../../../src/host/files/file-source.ts";

const folder = mkdtempSync(join(tmpdir(), "kprep-source-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "file");
const content = Uint8Array.from({ length: 100 }, (_, index) => index);
writeFileSync(path, content);

test.each<[string, Uint8Array | undefined]>([
	["without a head", undefined],
	["a head that holds it all", new Uint8Array(200)],
	["a head of just its size", new Uint8Array(100)],
	["a head that holds a part", new Uint8Array(30)],
])("%s: every part is what the file holds there", (_, head) => {
	const source = openSource(path, head);
	expect(source.size).toBe(100);
	for (const [offset, length] of [
		[0, 100],
		[0, 30],
		[10, 5],
		[29, 2],
		[30, 70],
		[99, 1],
	] as const)
		expect([...source.read(offset, length)]).toEqual([...content.subarray(offset, offset + length)]);
	expect(source.read(95, 20)).toHaveLength(5);
	source.close();
	source.close();
});

test("a missing file is the system's error, and a folder is no file", () => {
	expect(() => openSource(join(folder, "none"))).toThrow(expect.objectContaining({ code: "ENOENT" }));
	expect(() => openSource(folder, new Uint8Array(4))).toThrow(
		expect.objectContaining({ code: "not-a-file" }),
	);
});
