import { expect, test } from "vitest";
import { undoText } from "../../../src/report/undo.ts";

const nothing = { restored: [], removed: [], kept: [], lost: [] };

test("nothing on record", () => {
	expect(undoText(nothing)).toBe("nothing to undo: no sync is on record here");
});

test("counts, the names that matter, and no more than ten of them", () => {
	const kept = Array.from({ length: 12 }, (_, at) => `mine${at}`);
	const text = undoText({ ...nothing, restored: ["Makefile"], removed: ["a", "b"], kept });
	expect(text.split("\n").slice(0, 5)).toEqual([
		...["restored 1 file", "  Makefile", "removed 2 files that kprep and make created"],
		...["left 12 files that may be yours", "  mine0"],
	]);
	expect(text).toContain("  mine9\n  and 2 more");
	expect(text).not.toContain("could not");
});

test("a dry run names what would go", () => {
	const text = undoText({ ...nothing, restored: ["Makefile"], removed: ["a"], kept: ["b"] }, true);
	expect(text.split("\n")).toEqual([
		...["would restore 1 file", "  Makefile", "would remove 1 file that kprep and make created", "  a"],
		...["would leave 1 file that may be yours", "  b"],
	]);
});

test("a hostile file name reaches no terminal as it is", () => {
	const text = undoText({ ...nothing, lost: ["a\u001b[2Jb\nc"] });
	expect(text).toContain("could not put back 1 file: changed while make ran");
	expect([...text].filter((it) => it < " " && it !== "\n")).toEqual([]);
	expect(text.split("\n")).toHaveLength(4);
});
