import { lutimesSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { treeDigest } from "../../../src/tree/digest.ts";

const folders: string[] = [];
afterEach(() => {
	for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A tree of one header, unpacked at `time` (s), with a link to it. */
function tree(time: number, to = "kernel.h"): string {
	const folder = mkdtempSync(join(tmpdir(), "kprep-digest-"));
	folders.push(folder);
	mkdirSync(join(folder, "include/linux"), { recursive: true });
	writeFileSync(join(folder, "include/linux/kernel.h"), "int a;\n");
	utimesSync(join(folder, "include/linux/kernel.h"), 1000, 1000);
	symlinkSync(to, join(folder, "include/linux/link.h"));
	lutimesSync(join(folder, "include/linux/link.h"), time, time);
	return folder;
}
const digest = (folder: string) => treeDigest(folder, "x86", () => false);

test("equal trees have one digest, whenever their links were made", () => {
	expect(digest(tree(2000))).toBe(digest(tree(3000)));
	expect(digest(tree(2000))).not.toBe(digest(tree(2000, "other.h")));
});

test("a source that was changed has another", () => {
	const folder = tree(2000);
	const before = digest(folder);
	utimesSync(join(folder, "include/linux/kernel.h"), 1001, 1001);
	expect(digest(folder)).not.toBe(before);
});
