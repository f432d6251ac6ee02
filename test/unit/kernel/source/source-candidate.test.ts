import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composeRelease, planRelease, type ReleaseParts } from "../../../../src/kernel/release/release.ts";
import {
	judgeTree,
	partsOfVersion,
	RULES_NOW,
	type Verdict,
	versionOfPackage,
} from "../../../../src/kernel/source/source-candidate.ts";

const git = { full: "-00003-g1234567", short: "+" };

describe("judgeTree", () => {
	test.each<[name: string, release: string, version: string | null, parts: ReleaseParts, Verdict]>([
		["Debian 12", "6.1.0-56-amd64", "6.1.192", partsOfVersion("6.1.192"), "needs-pin"],
		["Debian 12, older source", "6.1.0-56-amd64", "6.1.192", partsOfVersion("6.1.176"), "wrong-sublevel"],
		["Debian 12, version unknown", "6.1.0-56-amd64", null, partsOfVersion("6.1.192"), "needs-pin"],
		["Debian backports", "6.12.117+deb12-amd64", "6.12.117", partsOfVersion("6.12.117"), "fits"],
		["Debian backports, version unknown", "6.12.117+deb12-amd64", null, partsOfVersion("6.12.117"), "fits"],
		["Debian backports, other", "6.12.117+deb12-amd64", null, partsOfVersion("6.12.90"), "wrong-sublevel"],
		["Ubuntu", "5.0.0-27-generic", "5.0.21", partsOfVersion("5.0.21"), "needs-pin"],
		[
			"Ubuntu against kernel.org's 5.0.0",
			"5.0.0-27-generic",
			"5.0.21",
			partsOfVersion("5.0.0"),
			"wrong-sublevel",
		],
		["Fedora", "6.8.5-301.fc40.x86_64", "6.8.5", partsOfVersion("6.8.5"), "fits"],
		["Fedora, another series", "6.8.5-301.fc40.x86_64", "6.8.5", partsOfVersion("6.9.1"), "wrong-series"],
		["RHEL", "5.14.0-427.13.1.el9_4.x86_64", "5.14.0", partsOfVersion("5.14.0"), "fits"],
		["Arch, its own tag", "6.9.1-arch1-1", "6.9.1", partsOfVersion("6.9.1", "-arch1"), "fits"],
		["a tree without sublevel", "3.0-gentoo", "3.0.0", partsOfVersion("3.0"), "fits"],
		["6.1 is not 6.10", "6.10.2-x", "6.10.2", partsOfVersion("6.1.2"), "wrong-series"],
		["a digit follows the base", "6.1.192-x", "6.1.192", partsOfVersion("6.1.19"), "wrong-sublevel"],
		["nonsense", "6.1.192-x", "6.1.192", partsOfVersion("linux"), "wrong-series"],
		[
			"git with LOCALVERSION_AUTO",
			"6.8.5-g123456789abc",
			"6.8.5",
			{ ...partsOfVersion("6.8.5"), auto: true, scm: git },
			"needs-pin",
		],
		[
			"git, not on a tag: the + is suppressed",
			"6.8.5-custom",
			"6.8.5",
			{ ...partsOfVersion("6.8.5"), scm: git },
			"fits",
		],
		[
			"a localversion file that the release does not end with",
			"6.8.5-one",
			"6.8.5",
			{ ...partsOfVersion("6.8.5"), localversionFiles: "-rt3" },
			"needs-pin",
		],
	])("%s: %s", (_, release, version, parts, verdict) => {
		const judgement = judgeTree({ release, version }, parts, RULES_NOW);
		expect(judgement.verdict).toBe(verdict);
		expect(judgement.why).not.toBe("");
	});

	test("fits exactly when sync's plan is EXTRAVERSION, and the plan gives the release", () => {
		const word = fc.stringMatching(/^(?:[-+][a-z][a-z0-9]{0,5}){0,2}$/);
		fc.assert(
			fc.property(word, word, word, fc.integer({ min: 0, max: 300 }), (tail, files, config, sublevel) => {
				const parts = { ...partsOfVersion(`6.1.${sublevel}`, "", config), localversionFiles: files };
				const release = `6.1.${sublevel}${tail}`;
				const { verdict } = judgeTree({ release, version: `6.1.${sublevel}` }, parts, RULES_NOW);
				const plan = planRelease(release, parts, RULES_NOW);
				expect(verdict).toBe(plan.strategy === "extraversion" ? "fits" : "needs-pin");
				if (plan.strategy === "extraversion") {
					const { extraversion } = plan;
					expect(composeRelease({ ...parts, extraversion, localversion: "" }, RULES_NOW)).toBe(release);
				}
			}),
		);
	});
});

describe("versionOfPackage", () => {
	test.each<[string, "deb" | "other", string | null]>([
		["6.1.192-2", "deb", "6.1.192"],
		["6.1.176-1~deb11u1", "deb", "6.1.176"],
		["6.12.117-1~bpo12+1", "deb", "6.12.117"],
		["7.2~rc3-1~exp1", "deb", "7.2.0"],
		["5.0.0-27.28", "deb", null],
		["6.8.0-31.31~22.04.1", "deb", null],
		["5.15.0-1053.61~20.04.1", "deb", null],
		["6.8.5-301.fc40", "other", "6.8.5"],
		["5.14.0-427.13.1.el9_4", "other", "5.14.0"],
		["6.4.0-150600.23.7.1", "other", "6.4.0"],
		["1:6.8.5-301.fc40", "other", "6.8.5"],
		["6.9.1.arch1-1", "other", "6.9.1"],
		["6.6.31-r0", "other", "6.6.31"],
		["latest", "other", null],
	])("%s (%s): %s", (version, format, kernel) => {
		expect(versionOfPackage(version, format)).toBe(kernel);
	});
});
