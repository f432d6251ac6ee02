import { describe, expect, test } from "vitest";
import { Root } from "../../../../src/host/files/root.ts";
import { readDistribution } from "../../../../src/host/machine/distribution.ts";
import { inPackageLists } from "../../../../src/host/packages/in-lists.ts";
import { installLine } from "../../../../src/host/packages/tools.ts";
import { fakePrograms } from "../../../helpers/fake-programs.ts";
import { skips } from "../../../helpers/lacks.ts";

const policy = (...lines: string[]) => ({ "apt-cache": `cat <<'END'\n${lines.join("\n")}\nEND` });
const APT = [
	"apt:",
	"  Installed: 2.6.1",
	"  Candidate: 2.6.2",
	"  Version table:",
	"     2.6.2 500",
	"        500 http://mirror/debian sid/main amd64 Packages",
];
const GCC = [
	"gcc-12:",
	"  Installed: (none)",
	"  Candidate: 12.2.0-14",
	"  Version table:",
	"     12.2.0-14 500",
];

describe("inPackageLists", () => {
	test("what has a candidate, with its version; virtual and unknown names have none", () => {
		fakePrograms(policy(...APT, ...GCC, "linux-compiler:", "  Installed: (none)", "  Candidate: (none)"), [
			"cat",
			"env",
		]);
		expect(inPackageLists(["gcc-12", "gcc-16", "linux-compiler"])?.get("gcc-12")).toBe("12.2.0-14");
		expect(inPackageLists(["gcc-16"])?.has("gcc-16")).toBe(false);
		expect(inPackageLists(["linux-compiler"])?.has("linux-compiler")).toBe(false);
	});

	test("null without lists: a new container knows only what is installed", () => {
		fakePrograms(
			policy(
				"apt:",
				"  Installed: 2.6.1",
				"  Candidate: 2.6.1",
				"  Version table:",
				" *** 2.6.1 100",
				"        100 /var/lib/dpkg/status",
				...GCC,
			),
			["cat"],
		);
		expect(inPackageLists(["gcc-12"])).toBeNull();
	});

	test.each([{}, { "apt-cache": "exit 100" }])("null without apt, and where it fails: %j", (programs) => {
		fakePrograms(programs as Record<string, string>);
		expect(inPackageLists(["gcc-12"])).toBeNull();
	});
});

const here = readDistribution(new Root());
const debian = skips(here?.family.includes("debian") !== true, "not Debian: its package lists are apt's");
test.skipIf(debian)("no line names a package that this machine's lists do not have", () => {
	fakePrograms(policy(...APT, ...GCC), ["cat"]);
	expect(installLine(["gcc-12", "gcc-16"], here)).toMatch(/ gcc-12$/);
	expect(installLine(["gcc-16"], here)).toBeNull();
});
