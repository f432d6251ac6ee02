import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	composeRelease,
	isRelease,
	parseRelease,
	planRelease,
	type ReleaseParts,
	type ReleaseRules,
	releaseRules,
} from "../../../../src/kernel/release/release.ts";

const MODERN: ReleaseRules = { localversion: true, plus: true, scmversionFile: true };
const NO_GIT = null;
const TAGGED = { full: "", short: "" };

function parts(given: Partial<ReleaseParts>): ReleaseParts {
	return {
		base: "6.1.192",
		extraversion: "",
		localversionFiles: "",
		configLocalversion: "",
		localversion: null,
		auto: false,
		scm: NO_GIT,
		...given,
	};
}

describe("isRelease, parseRelease", () => {
	it.each([
		["6.1.0-56-amd64", { base: "6.1.0", series: "6.1", tail: "-56-amd64" }],
		["6.12.117+deb12-cloud-amd64", { base: "6.12.117", series: "6.12", tail: "+deb12-cloud-amd64" }],
		["2.6.32.71", { base: "2.6.32.71", series: "2.6", tail: "" }],
		["6.1", { base: "6.1", series: "6.1", tail: "" }],
		["6.18.44-fc-v669", { base: "6.18.44", series: "6.18", tail: "-fc-v669" }],
		["6.1.0-rc3~1", { base: "6.1.0", series: "6.1", tail: "-rc3~1" }],
	])("%s", (text, expected) => {
		expect(isRelease(text)).toBe(true);
		expect(parseRelease(text)).toEqual(expected);
	});

	it.each([
		[""],
		["linux"],
		["6"],
		["6.1.0 amd64"],
		["6.1.0-$(id)"],
		["6.1.0;id"],
		["6.1.0'x"],
		['6.1.0"x'],
		["6.1.0/x"],
		["6.1.0#x"],
		["6.1.0\n"],
		[`6.1.0-${"x".repeat(59)}`],
	])("%j is not one that kbuild can be given", (text) => {
		expect(parseRelease(text)).toBeNull();
	});

	it("takes 64 characters, the limit of utsrelease.h", () => {
		expect(isRelease(`6.1.0-${"x".repeat(58)}`)).toBe(true);
		expect(isRelease(`6.1.0-${"x".repeat(59)}`)).toBe(false);
	});
});

describe("releaseRules", () => {
	it.each([
		[
			"2.6.8",
			"KERNELRELEASE=$(VERSION).$(PATCHLEVEL).$(SUBLEVEL)$(EXTRAVERSION)",
			null,
			[false, false, false],
		],
		["2.6.12", "localver := $(objtree)/localversion* $(srctree)/localversion*", null, [true, false, false]],
		["2.6.18", "localver-full = $(localver)$(localver-auto)", "#!/bin/sh\ncd", [true, false, false]],
		[
			"5.10",
			"include/config/kernel.release:",
			'if test -e .scmversion; then\nif test "${LOCALVERSION+set}" != "set"; then',
			[true, true, true],
		],
		["6.12", "kernel.release", 'elif [ "${LOCALVERSION+set}" != "set" ]; then', [true, true, false]],
	])("%s", (_era, makefile, script, [localversion, plus, scmversionFile]) => {
		expect(releaseRules(makefile, script)).toEqual({ localversion, plus, scmversionFile });
	});
});

describe("composeRelease", () => {
	it.each<[string, Partial<ReleaseParts>, string]>([
		["nothing added", {}, "6.1.192"],
		[
			"all in their order",
			{ extraversion: "-a", localversionFiles: "-b", configLocalversion: "-c", localversion: "-d" },
			"6.1.192-a-b-c-d",
		],
		["a lone plus", { scm: { full: "-g1234", short: "+" } }, "6.1.192+"],
		[
			"an empty LOCALVERSION keeps it away",
			{ localversion: "", scm: { full: "-g1234", short: "+" } },
			"6.1.192",
		],
		["AUTO", { auto: true, scm: { full: "-00003-g1234", short: "+" } }, "6.1.192-00003-g1234"],
		[
			"AUTO is not kept away by LOCALVERSION",
			{ auto: true, localversion: "", scm: { full: "-g1234", short: "+" } },
			"6.1.192-g1234",
		],
	])("%s", (_what, given, release) => {
		expect(composeRelease(parts(given), MODERN)).toBe(release);
	});

	it("2.6.8 knows no localversion", () => {
		const rules = { localversion: false, plus: false, scmversionFile: false };
		expect(
			composeRelease(parts({ base: "2.6.8", extraversion: "-1", configLocalversion: "-x" }), rules),
		).toBe("2.6.8-1");
	});
});

describe("planRelease", () => {
	it.each<[string, string, Partial<ReleaseParts>, string]>([
		[
			"CONFIG_LOCALVERSION adds the whole tail",
			"6.18.44-fc-v669",
			{ base: "6.18.44", configLocalversion: "-fc-v669" },
			"",
		],
		[
			"CONFIG_LOCALVERSION adds a part of it",
			"6.18.44-fc-v669",
			{ base: "6.18.44", configLocalversion: "-v669" },
			"-fc",
		],
		["Debian from 6.12 on", "6.12.117+deb12-cloud-amd64", { base: "6.12.117" }, "+deb12-cloud-amd64"],
		["Arch's localversion files", "6.10.2-arch1-1", { base: "6.10.2", localversionFiles: "-arch1-1" }, ""],
		["rt patches bring a file", "6.1.192-rt59", { localversionFiles: "-rt59" }, ""],
		["a bare base", "6.1.192", {}, ""],
		["stable of 2.6", "2.6.32.71", { base: "2.6.32" }, ".71"],
		["no SUBLEVEL", "6.1-rc3", { base: "6.1" }, "-rc3"],
		["a git tree", "6.1.192-me", { scm: { full: "-g1234", short: "+" } }, "-me"],
	])("%s: EXTRAVERSION", (_what, release, given, extraversion) => {
		expect(planRelease(release, parts(given), MODERN)).toMatchObject({
			strategy: "extraversion",
			extraversion,
		});
	});

	it.each<[string, string, Partial<ReleaseParts>]>([
		["Debian 6.1", "6.1.0-56-amd64", {}],
		["Ubuntu", "5.0.0-27-generic", { base: "5.0.21" }],
		["a base that goes on with a digit", "6.1.1920-x", {}],
		["a base without SUBLEVEL", "6.1.0-x", { base: "6.1" }],
		["the tree adds what the release lacks", "6.1.192", { localversionFiles: "-rt59" }],
		["AUTO in a git tree", "6.1.192-g1234", { auto: true, scm: { full: "-g1234", short: "+" } }],
		["AUTO on a clean tag, which the edit would make dirty", "6.1.192-me", { auto: true, scm: TAGGED }],
	])("%s: a pin", (_what, release, given) => {
		const plan = planRelease(release, parts(given), MODERN);
		expect(plan.strategy).toBe("pin");
		expect(plan.reason).not.toBe("");
	});

	const number = fc.integer({ min: 0, max: 300 }).map(String);
	const base = fc.oneof(
		fc.tuple(number, number, number).map((all) => all.join(".")),
		fc.tuple(number, number).map((all) => all.join(".")),
	);
	const tail = fc.stringMatching(/^(?:[-+~.][\w.+~-]{0,12})?$/);
	const scm = fc.constantFrom(NO_GIT, { full: "-gabc", short: "+" }, { full: "-dirty", short: "+" }, TAGGED);
	const bool = fc.boolean();

	it("gives exactly the release, whatever the tree adds by itself", () => {
		let edited = 0;
		fc.assert(
			fc.property(
				fc.record({ base, localversionFiles: tail, configLocalversion: tail, auto: bool, scm }),
				fc.record({ localversion: bool, plus: bool, scmversionFile: bool }),
				fc.oneof(fc.tuple(base, tail, bool), fc.tuple(fc.constant(null), tail, bool)),
				(tree, rules, [foreignBase, middle, ends]) => {
					const own = rules.localversion && ends ? tree.localversionFiles + tree.configLocalversion : "";
					const release = (foreignBase ?? tree.base) + middle + own;
					fc.pre(isRelease(release));
					const all = { ...tree, extraversion: "", localversion: null };
					const plan = planRelease(release, all, rules);
					if (plan.strategy === "pin") return;
					edited++;
					// What the plan writes: EXTRAVERSION, and an exported empty LOCALVERSION in git trees.
					const done = {
						...all,
						extraversion: plan.extraversion,
						localversion: tree.scm === null ? null : "",
					};
					expect(composeRelease(done, rules)).toBe(release);
				},
			),
			{ numRuns: 2000 },
		);
		expect(edited).toBeGreaterThan(200);
	});

	it("never pins a release that EXTRAVERSION can make", () => {
		fc.assert(
			fc.property(base, fc.stringMatching(/^(?:[-+~][\w.+~-]{0,12})?$/), tail, (own, middle, added) => {
				const release = own + middle + added;
				fc.pre(isRelease(release) && (middle !== "" || !/^\.\d/.test(added)));
				const plan = planRelease(release, parts({ base: own, configLocalversion: added }), MODERN);
				expect(plan).toMatchObject({ strategy: "extraversion", extraversion: middle });
			}),
			{ numRuns: 1000 },
		);
	});
});
