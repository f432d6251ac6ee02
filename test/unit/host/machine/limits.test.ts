import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { limitsOf } from "../../../../src/host/machine/limits.ts";
import { runsAsRoot } from "../../../helpers/lacks.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-limits-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ids = (path: string, mounts: string) =>
	limitsOf(path, mounts)
		.map(({ id }) => id)
		.filter((id) => id !== "space");

it("finds nothing wrong with an ordinary folder", () => {
	expect(ids(folder, "/dev/a / ext4 rw 0 0\n")).toEqual([]);
	expect(ids(join(folder, "not/there/yet"), "/dev/a / ext4 rw 0 0\n")).toEqual([]);
});

it("knows noexec of the nearest mount", () => {
	const mounts = (outer: string, inner: string) =>
		`/dev/a / ext4 ${outer} 0 0\n/dev/b ${folder} ext4 ${inner} 0 0\n/dev/c ${folder}-other ext4 rw,noexec 0 0\n`;
	expect(ids(folder, mounts("rw", "rw,noexec"))).toEqual(["noexec"]);
	expect(ids(folder, mounts("rw,noexec", "rw"))).toEqual([]);
});

it("reads mount points with spaces", () => {
	mkdirSync(join(folder, "a b"));
	expect(ids(join(folder, "a b"), `/dev/b ${folder}/a\\040b ext4 rw,noexec 0 0`)).toEqual(["path", "noexec"]);
});

it.each(["a b", "a:b"])("says that kbuild refuses %j", (name) => {
	expect(ids(join(folder, name), "")).toEqual(["path"]);
});

it.skipIf(runsAsRoot())("says that a folder cannot be written", () => {
	mkdirSync(join(folder, "locked"), { mode: 0o555 });
	expect(ids(join(folder, "locked"), "")).toEqual(["permission"]);
});
