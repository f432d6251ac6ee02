import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, findProgram, versionLine } from "../../../../src/host/process/program.ts";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-program-"));
	const program = (name: string, body: string, mode = 0o755) => {
		writeFileSync(at(name), body);
		chmodSync(at(name), mode);
	};
	program("good", '#!/bin/sh\ntest "$1" = --version && echo "good 1.2" && echo more && exit 0\nexit 3\n');
	program("plain", "#!/bin/sh\n", 0o644);
	program("slow", "#!/bin/sh\nexec sleep 60\n");
	mkdirSync(at("folder"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("findProgram", () => {
	test.each([
		["good", true],
		["plain", false],
		["folder", false],
		["none", false],
	])("%s on PATH: %j", (name, found) => {
		expect(findProgram(name, `/nonexistent:${folder}`)).toBe(found ? at(name) : null);
	});

	test("a path is taken as it is; relative and empty places of PATH are passed over", () => {
		expect(findProgram(at("good"), "")).toBe(at("good"));
		expect(findProgram("good", "::.")).toBeNull();
	});
});

test("ask: the answer with its status; null for what cannot be run or does not end", () => {
	expect(ask([at("good"), "--version"])).toEqual({ status: 0, stdout: "good 1.2\nmore\n", stderr: "" });
	expect(ask([at("good")])?.status).toBe(3);
	expect(ask([at("none")])).toBeNull();
	expect(ask([at("slow")], 50)).toBeNull();
});

test("versionLine is the first line", () => {
	expect(versionLine(at("good"))).toBe("good 1.2");
	expect(versionLine(at("none"))).toBeNull();
});
