import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { foreignPrograms, thisMachine } from "../../../src/tree/host-programs.ts";
import { composeElf } from "../../helpers/elf.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-programs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const MACHINE = {
	arch: "x86",
	glibc: "2.36",
	exists: (path: string) => path === "/lib64/ld-linux-x86-64.so.2",
};
const text = (words: string) => new TextEncoder().encode(words);

function put(path: string, machine: number, loader: string, strings = ""): void {
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	const sections = [
		{ name: ".interp", content: text(`${loader}\0`) },
		{ name: ".dynstr", content: text(`\0libc.so.6\0${strings}\0`) },
	];
	writeFileSync(join(folder, path), composeElf({ bits: 64, little: true, type: 3, machine, sections }));
}

const LOADER = "/lib64/ld-linux-x86-64.so.2";

it.each([
	["one that runs", 62, LOADER, "GLIBC_2.2.5\0GLIBC_2.36\0GLIBC_PRIVATE", null],
	["another architecture", 183, LOADER, "", "compiled for arm64"],
	["another loader", 62, "/lib/ld-musl-x86_64.so.1", "", "ld-musl-x86_64.so.1 is not here"],
	["a newer glibc", 62, LOADER, "GLIBC_2.4\0GLIBC_2.38", "glibc 2.38"],
])("%s", (_, machine, loader, strings, why) => {
	put("scripts/basic/fixdep", machine, loader, strings);
	const found = foreignPrograms(folder, MACHINE);
	if (why === null) expect(found).toEqual([]);
	else expect(found).toEqual([{ path: "scripts/basic/fixdep", why: expect.stringContaining(why) }]);
});

it("passes over scripts, empty files and trees in which nothing was built", () => {
	expect(foreignPrograms(folder, MACHINE)).toEqual([]);
	mkdirSync(join(folder, "scripts/mod"), { recursive: true });
	writeFileSync(join(folder, "scripts/mod/modpost"), "#!/bin/sh\n");
	writeFileSync(join(folder, "scripts/kallsyms"), "");
	expect(foreignPrograms(folder, MACHINE)).toEqual([]);
});

it("knows this machine", () => {
	expect(thisMachine().arch).toMatch(/^[a-z0-9]+$/);
});
