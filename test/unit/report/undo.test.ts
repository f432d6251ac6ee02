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
		...["kept 12 files that came later and are not theirs", "  mine0"],
	]);
	expect(text).toContain("  mine9\n  and 2 more");
	expect(text).not.toContain("could not");
});

test("a hostile file name reaches no terminal as it is", () => {
	const text = undoText({ ...nothing, lost: ["a\u001b[2Jb\nc"] });
	expect(text).toContain("could not put back 1 file that");
	expect([...text].filter((it) => it < " " && it !== "\n")).toEqual([]);
	expect(text.split("\n")).toHaveLength(4);
});
