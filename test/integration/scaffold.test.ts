import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const top = fileURLToPath(new URL("../..", import.meta.url));
let clone: string;

beforeEach(() => {
	clone = mkdtempSync(join(tmpdir(), "kprep-scaffold-"));
	mkdirSync(join(clone, "test/unit/checks"), { recursive: true });
	cpSync(join(top, "src/checks"), join(clone, "src/checks"), { recursive: true });
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

test("npm run new -- check NAME: one file, one entry, one test", () => {
	expect(scaffold("check", "stack-size").status).toBe(0);
	const read = (path: string) => readFileSync(join(clone, path), "utf8");
	expect(read("src/checks/stack-size.ts")).toContain("export const stackSize: Check");
	expect(read("src/checks/check.ts")).toMatch(/CheckId =\n(\t\| "[^"]+"\n)*\t\| "stack-size"\n/);
	expect(read("src/checks/index.ts")).toMatch(/import \{ stackSize \}[\s\S]*\tstackSize,\n\];/);
	expect(read("test/unit/checks/stack-size.test.ts")).toContain('"../../../src/checks/stack-size.ts"');
	const again = scaffold("check", "stack-size");
	expect([again.status, again.stderr]).toEqual([1, expect.stringMatching(/stack-size\.ts is there already/)]);
});

test.each([[[]], [["check"]], [["check", "../x"]], [["cat", "x"]]])("%j is a usage error", (words) => {
	expect(scaffold(...words).status).toBe(2);
});

function scaffold(...words: string[]) {
	return spawnSync(process.execPath, [join(top, "bin/scaffold.js"), ...words], {
		encoding: "utf8",
		env: { ...process.env, KPREP_CLONE: clone },
	});
}
