import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KprepError } from "../../../../src/errors.ts";
import type { MakeRequest } from "../../../../src/host/process/make.ts";
import { explainedFailure } from "../../../../src/workflows/sync/failure.ts";

let srctree = "";
beforeEach(() => {
	srctree = mkdtempSync(join(tmpdir(), "kprep-failure-"));
	mkdirSync(join(srctree, "lib"));
	writeFileSync(join(srctree, "lib/Kconfig"), "");
});
afterEach(() => rmSync(srctree, { recursive: true, force: true }));

const failed = (words: string) =>
	new KprepError("command", "make-failed", `make olddefconfig ended with status 2\n    ${words}`, {
		found: words,
	});
const explained = (words: string) =>
	explainedFailure(failed(words), { srctree } as MakeRequest, "x86") as Promise<KprepError>;

test.each([
	['Kconfig:34: can\'t open file "lib/Kconfig.debug"', "lib/Kconfig.debug"],
	["Makefile:640: arch/x86/Makefile: No such file or directory", "arch/x86/Makefile"],
])("%s: the tree is not whole", async (words, path) => {
	const error = await explained(words);
	expect(error).toMatchObject({ code: "tree-incomplete", where: srctree });
	expect(error.message).toContain(`${path} is missing`);
	expect(error.suggestions[0]).toBe("kprep source get");
});
