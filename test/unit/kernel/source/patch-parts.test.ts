import { expect, test } from "vitest";
import { patchFor } from "../../../../src/kernel/source/patch-parts.ts";

const section = (path: string, git: boolean) =>
	`${git ? `diff --git a/${path} b/${path}\n` : ""}--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`;

test.each([true, false])("keeps the sections of wanted files (git headers: %s)", (git) => {
	const patch = section("kernel/a.c", git) + section("drivers/b.c", git) + section("include/c.h", git);
	const kept = patchFor(patch, (path) => !path.startsWith("drivers/"));
	expect(kept).toBe(section("kernel/a.c", git) + section("include/c.h", git));
	expect(patchFor(patch, () => true)).toBe(patch);
	expect(patchFor(patch, () => false)).toBe("");
});

test("a new file and a removed one count by the name that is one; a renamed one by both", () => {
	const added =
		"diff --git a/kernel/n.c b/kernel/n.c\nnew file mode 100644\n--- /dev/null\n+++ b/kernel/n.c\n@@ -0,0 +1 @@\n+a\n";
	expect(patchFor(added, (path) => path === "kernel/n.c")).toBe(added);
	const renamed =
		"diff --git a/kernel/o.c b/drivers/o.c\nsimilarity index 100%\nrename from kernel/o.c\nrename to drivers/o.c\n";
	expect(patchFor(renamed, (path) => path.startsWith("kernel/"))).toBe("");
});

test("a removed line that looks like a header begins no section", () => {
	const patch = "--- a/kernel/a.c\n+++ b/kernel/a.c\n@@ -1,2 +1 @@\n--- a comment\n x\n";
	expect(patchFor(patch, () => true)).toBe(patch);
});
