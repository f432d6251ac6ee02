import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Root } from "../../../../src/host/files/root.ts";
import { parseDistribution, readDistribution } from "../../../../src/host/machine/distribution.ts";

const CASES: [text: string, id: string, family: string[], version: string | null][] = [
	['PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"', "debian", ["debian"], "12"],
	['ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n', "ubuntu", ["ubuntu", "debian"], "24.04"],
	['ID="rocky"\nID_LIKE="rhel centos fedora"\n', "rocky", ["rocky", "rhel", "centos", "fedora"], null],
	[
		"ID='opensuse-leap'\r\nID_LIKE='suse opensuse'",
		"opensuse-leap",
		["opensuse-leap", "suse", "opensuse"],
		null,
	],
	['# a comment\nNAME="Arch Linux"\nID=arch\n', "arch", ["arch"], null],
];

describe("parseDistribution", () => {
	it.each(CASES)("%j", (text, id, family, version) => {
		expect(parseDistribution(text)).toMatchObject({ id, family, version });
	});

	it("knows nothing without an ID", () => expect(parseDistribution('NAME="x"\nID=\n')).toBeNull());

	it("undoes the escapes of double quotes", () =>
		expect(parseDistribution('ID=x\nPRETTY_NAME="a \\"b\\" \\$c"')?.name).toBe('a "b" $c'));

	it("never throws", () => {
		fc.assert(fc.property(fc.string(), (text) => void parseDistribution(text)));
	});
});

describe("readDistribution", () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "kprep-distribution-"));
	});
	afterEach(() => rmSync(folder, { recursive: true }));

	it("follows the usual link inside a sysroot", () => {
		mkdirSync(join(folder, "etc"));
		mkdirSync(join(folder, "usr/lib"), { recursive: true });
		writeFileSync(join(folder, "usr/lib/os-release"), "ID=alpine\nVERSION_ID=3.22\n");
		symlinkSync("/usr/lib/os-release", join(folder, "etc/os-release"));
		expect(readDistribution(new Root(folder))).toMatchObject({ id: "alpine", version: "3.22" });
	});

	it("is null for an empty root", () => expect(readDistribution(new Root(folder))).toBeNull());
});
