import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readProject } from "../../../../src/workflows/matrix/targets-file.ts";

const top = realpathSync(mkdtempSync(join(tmpdir(), "kprep-project-")));
beforeAll(() => {
	mkdirSync(join(top, "drivers/one"), { recursive: true });
	mkdirSync(join(top, "linux"));
	writeFileSync(join(top, "board.kprep"), "");
	writeFileSync(
		join(top, "kprep-targets.ini"),
		"[a]\ntarget = 6.1.0-1-amd64\nsource = linux\n[b]\ntarget = board.kprep\n[c]\nsysroot = ../board\nsource = upstream\n[d]\ntarget = apt:linux-image-amd64\n[e]\ntarget = images/vmlinuz\nconfig = c\n",
	);
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

test("the file is found upwards; its paths are its folder's, its words stay", () => {
	const { file, targets } = readProject(join(top, "drivers/one"));
	expect(file).toBe(join(top, "kprep-targets.ini"));
	expect(targets).toEqual([
		{ name: "a", target: "6.1.0-1-amd64", source: join(top, "linux") },
		{ name: "b", target: join(top, "board.kprep") },
		{ name: "c", sysroot: join(top, "../board"), source: "upstream" },
		{ name: "d", target: "apt:linux-image-amd64" },
		{ name: "e", target: join(top, "images/vmlinuz"), config: join(top, "c") },
	]);
});

test("without one the error says what to write", () => {
	expect(() => readProject("/proc")).toThrow(/no kprep-targets.ini/);
	expect(() => readProject(top, join(top, "other.ini"))).toThrow(/other.ini/);
});
