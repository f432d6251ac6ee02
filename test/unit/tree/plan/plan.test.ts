import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { predictKernelrelease } from "../../../../src/checks/release.ts";
import { parseGnumakefile } from "../../../../src/kernel/kbuild/settings.ts";
import type { Action, Plan, WriteAction } from "../../../../src/tree/plan/action.ts";
import { makePlan } from "../../../../src/tree/plan/plan.ts";
import { readTree } from "../../../../src/tree/read.ts";
import { configText, makefileText } from "../../target/fake-root.ts";
import { fakeTree, planContext } from "../fake-tree.ts";

const source = { kind: "headers", path: "/h/x" } as const;
const writes = (plan: Plan) =>
	plan.actions.filter((action): action is WriteAction => action.kind === "write");
const byId = (plan: Plan, id: string) => plan.actions.find((action) => action.id === id) as WriteAction;
const ids = (actions: Action[]) => actions.map(({ id }) => id);
const disk = {
	read: (path: string) => (existsSync(path) ? readFileSync(path) : null),
	exists: existsSync,
};

function applyTo(plan: Plan): void {
	for (const { path, content } of writes(plan)) {
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, content);
	}
}

describe("the release", () => {
	it.each([
		["6.18.44-fc-v669", "6.18.44", ['CONFIG_LOCALVERSION="-fc-v669"'], "extraversion", ""],
		["6.12.117+deb12-cloud-amd64", "6.12.117", [], "extraversion", "+deb12-cloud-amd64"],
		["5.0.0-27-generic", "5.0.21", [], "pin", null],
		["6.1.0-56-amd64", "6.1.192", [], "pin", null],
		["6.1.192-g0123", "6.1.192", ["CONFIG_LOCALVERSION_AUTO=y"], "extraversion", "-g0123"],
	])("%s in a %s tree", (release, version, lines, strategy, extraversion) => {
		const folder = fakeTree(version, {
			Makefile: makefileText(version).replace("EXTRAVERSION =", "EXTRAVERSION = -old"),
		});
		const facts = { config: { text: configText(version, lines), source } };
		const plan = makePlan(planContext(folder, release, { ...disk, facts }));
		expect(plan.strategy).toBe(strategy);
		if (extraversion === null) {
			expect(byId(plan, "extraversion")).toBeUndefined();
			expect(parseGnumakefile(String(byId(plan, "pin").content))?.release).toBe(release);
		} else {
			const text = String(byId(plan, "extraversion").content);
			expect(/^EXTRAVERSION =(.*)$/m.exec(text)?.[1]?.trim()).toBe(extraversion);
			expect(text).toContain(`SUBLEVEL = ${version.split(".")[2]}`);
		}
	});

	it("is what a bare make prints once the plan is written, for any base, localversion and release", () => {
		const tail = fc.stringMatching(/^(?:[-+][\w.+-]{0,8})?$/);
		const strategies = new Set<string>();
		fc.assert(
			fc.property(
				fc.constantFrom("6.1.192", "6.1.0", "5.0.21"),
				tail,
				tail,
				fc.boolean(),
				tail,
				(base, file, config, ends, middle) => {
					const folder = fakeTree(base, file === "" ? {} : { "localversion-x": `${file}\n` });
					const release = `${base.replace("21", "0")}${middle}${ends ? file + config : ""}`;
					const facts = { config: { text: configText(base, [`CONFIG_LOCALVERSION="${config}"`]), source } };
					const plan = makePlan(planContext(folder, release, { ...disk, facts }));
					strategies.add(plan.strategy);
					applyTo(plan);
					expect(predictKernelrelease(readTree(folder))).toBe(release);
				},
			),
			{ numRuns: 150 },
		);
		expect([...strategies].sort()).toEqual(["extraversion", "pin"]);
	});

	it("is pinned with -O, and the source tree's Makefile left alone", () => {
		const folder = fakeTree();
		const output = join(fakeTree(), "out");
		const plan = makePlan(planContext(folder, "6.1.192-me", { ...disk, output }));
		expect(plan.strategy).toBe("pin");
		expect(writes(plan).every(({ path }) => path.startsWith(`${output}/`))).toBe(true);
	});

	it.each([["6.1.0 56"], ["6.1.0-$(id)"], ["x".repeat(70)]])("%j is refused", (release) => {
		expect(() => makePlan(planContext(fakeTree(), release, { facts: { version: "6.1.192" } }))).toThrow(
			expect.objectContaining({ code: "bad-release", exitStatus: 3 }),
		);
	});
});

describe("series", () => {
	it.each([
		["6.6.1-x", "6.6.1", /6\.6 series/],
		["6.1.0-56-amd64", "6.10.4", /6\.10 series/],
		["5.1.0", null, /5\.1 series/],
	])("%s is refused for a 6.1.192 tree", (release, version, expected) => {
		expect(() => makePlan(planContext(fakeTree(), release, { facts: { version } }))).toThrow(
			expect.objectContaining({
				code: "wrong-series",
				kind: "missing",
				expected: expect.stringMatching(expected),
			}),
		);
	});

	it.each([
		["6.1.0-56-amd64", "6.1.190", /6\.1\.192.*6\.1\.190/],
		["6.1.0-56-amd64", null, /not known/],
	])("%s (%s) is warned about", (release, version, warning) => {
		const plan = makePlan(planContext(fakeTree(), release, { facts: { version } }));
		expect(plan.warnings).toEqual([expect.stringMatching(warning)]);
	});

	it("the same V.P.S. gives no warning, .0 or not", () => {
		expect(
			makePlan(planContext(fakeTree("6.1.0"), "6.1.0-x", { facts: { version: "6.1" } })).warnings,
		).toEqual([]);
	});
});

describe("the plan as data", () => {
	const symvers = { content: new TextEncoder().encode("0x1\ta\tvmlinux\tEXPORT_SYMBOL\t\n"), source };

	it("reads and writes nothing outside of tree and output", () => {
		const inside = ["", "/etc/passwd", "../../x", "certs/a.pem", "pkcs11:token"];
		fc.assert(
			fc.property(
				fc.constantFrom(...inside),
				fc.boolean(),
				fc.boolean(),
				fc.constantFrom("6.1.0-1", "6.1.192-x"),
				(key, make, separate, release) => {
					const folder = fakeTree();
					const output = separate ? `${folder}-out` : folder;
					const text = configText("6.1.192", [`CONFIG_SYSTEM_TRUSTED_KEYS="${key}"`]);
					const facts = {
						symvers,
						config: { text, source },
						makefile: { text: makefileText("6.1.192"), source },
					};
					const context = planContext(folder, release, { facts, options: { make }, output });
					const plan = makePlan(context);
					const within = (path: string) =>
						[folder, output].some((top) => path === top || path.startsWith(`${top}/`));
					for (const { path } of plan.actions) expect(path).toSatisfy(within);
					// A key file is looked for where the config says, but never read.
					for (const path of context.seen)
						expect(path).toSatisfy((one: string) => within(one) || one === key || one.endsWith("/x"));
				},
			),
			{ numRuns: 60 },
		);
	});

	it("planned again after it was written, changes nothing but what make has still to do", () => {
		const folder = fakeTree();
		const facts = { symvers, version: "6.1.192" };
		const first = makePlan(planContext(folder, "6.1.0-56-amd64", { ...disk, facts }));
		expect(writes(first).every(({ changed }) => changed)).toBe(true);
		applyTo(first);
		const second = makePlan(planContext(folder, "6.1.0-56-amd64", { ...disk, facts }));
		expect(writes(second).filter(({ changed }) => changed)).toEqual([]);
		expect(ids(second.actions)).toEqual(ids(first.actions));
	});

	it("makes nothing when the record says that it is made, and all when an input changed", () => {
		const folder = fakeTree("6.1.192", {
			".config": "left by make",
			"include/generated/autoconf.h": "",
			"include/generated/utsrelease.h": '#define UTS_RELEASE "6.1.192-me"\n',
		});
		const record = {
			release: "6.1.192-me",
			configGiven: configText("6.1.192"),
			configLeft: "left by make",
			variables: {},
			until: "modules_prepare",
			made: true,
		} as const;
		const changed = (given: object, options = {}) => {
			const context = planContext(folder, "6.1.192-me", {
				...disk,
				record: { ...record, ...given },
				options,
			});
			return makePlan(context).actions.filter(
				(action) => action.changed && !["extraversion", "make-settings"].includes(action.id),
			);
		};
		writeFileSync(
			join(folder, "Makefile"),
			readFileSync(join(folder, "Makefile"), "utf8").replace("EXTRAVERSION =", "EXTRAVERSION = -me"),
		);
		expect(ids(changed({}))).toEqual([]);
		expect(ids(changed({ made: false }))).toEqual(["make-config", "make-modules_prepare"]);
		expect(ids(changed({ until: "split" }))).toEqual(["make-config", "make-modules_prepare"]);
		expect(ids(changed({ until: "split" }, { until: "config" }))).toEqual([]);
		expect(ids(changed({ configLeft: "another" }))).toEqual([
			"config",
			"make-config",
			"make-modules_prepare",
		]);
		for (const given of [{ variables: { CC: "gcc-12" } }, { path: ["/k/bin"] }, { environment: { A: "b" } }])
			expect(ids(changed(given))).toEqual(["make-config", "make-modules_prepare"]);
	});

	it.each([
		["config", ["make-config"]],
		["split", ["make-config", "make-split"]],
		["prepare", ["make-config", "make-prepare"]],
		["modules_prepare", ["make-config", "make-modules_prepare"]],
	] as const)("--until %s runs %j", (until, expected) => {
		const plan = makePlan(planContext(fakeTree(), "6.1.192-me", { options: { until } }));
		expect(ids(plan.actions.filter(({ kind }) => kind === "make"))).toEqual(expected);
	});

	it("--no-make writes the headers instead, and the version stays true", () => {
		const plan = makePlan(planContext(fakeTree(), "6.1.0-56-amd64", { options: { make: false } }));
		expect(plan.actions.some(({ kind }) => kind === "make")).toBe(false);
		expect(String(byId(plan, "release-header").content)).toContain('"6.1.0-56-amd64"');
		expect(byId(plan, "kernel-release").content).toBe("6.1.0-56-amd64\n");
	});

	it("--no-make in a 2.6.12 tree writes the one header of that time", () => {
		const folder = fakeTree("2.6.12", { Makefile: `${makefileText("2.6.12")}# include/linux/version.h\n` });
		const plan = makePlan(planContext(folder, "2.6.12-x", { options: { make: false } }));
		const { path, content } = byId(plan, "release-header");
		expect(path).toBe(join(folder, "include/linux/version.h"));
		expect(content).toContain("#define LINUX_VERSION_CODE 132620\n");
	});
});

describe("the .config", () => {
	it.each([
		['CONFIG_SYSTEM_TRUSTED_KEYS="debian/certs.pem"', 'CONFIG_SYSTEM_TRUSTED_KEYS=""'],
		['CONFIG_SYSTEM_REVOCATION_KEYS="debian/revoked.pem"', 'CONFIG_SYSTEM_REVOCATION_KEYS=""'],
		['CONFIG_MODULE_SIG_KEY="/build/key.pem"', 'CONFIG_MODULE_SIG_KEY="certs/signing_key.pem"'],
		['CONFIG_MODULE_SIG_KEY="pkcs11:token"', 'CONFIG_MODULE_SIG_KEY="pkcs11:token"'],
		['CONFIG_SYSTEM_TRUSTED_KEYS="Kconfig"', 'CONFIG_SYSTEM_TRUSTED_KEYS="Kconfig"'],
	])("%s becomes %s", (line, expected) => {
		const facts = { config: { text: configText("6.1.192", [line]), source } };
		const plan = makePlan(planContext(fakeTree(), "6.1.192-x", { ...disk, facts }));
		expect(byId(plan, "config").content).toBe(configText("6.1.192", [expected]));
	});
});

describe("--makefile", () => {
	const own = makefileText("6.1.192").replace("NAME = Test", "NAME = The target's");
	const plan = (makefile: "auto" | "copy" | "edit", text: string | null) => {
		const facts = { makefile: text === null ? null : { text, source } };
		return makePlan(planContext(fakeTree(), "6.1.192-x", { ...disk, facts, options: { makefile } }));
	};

	it("auto copies the target's own of the same version", () => {
		const { content } = byId(plan("auto", own), "makefile");
		expect(content).toContain("NAME = The target's");
		expect(content).toContain("EXTRAVERSION = -x");
	});

	it.each([
		["a wrapper", "include /usr/src/linux-headers-6.1.0-56-common/Makefile\n", /wrapper/],
		["another version", makefileText("6.1.190"), /6\.1\.190/],
		[
			"one that needs more",
			`${own}include $(srctree)/scripts/Makefile.vendor\n`,
			/scripts\/Makefile\.vendor/,
		],
		["none", null, /no Makefile/],
	])("auto edits and copy refuses: %s", (_what, text, found) => {
		expect(ids(plan("auto", text).actions)).toContain("extraversion");
		expect(() => plan("copy", text)).toThrow(
			expect.objectContaining({
				code: "makefile-not-copyable",
				exitStatus: 3,
				found: expect.stringMatching(found),
			}),
		);
	});

	it("edit never copies", () => {
		expect(byId(plan("edit", own), "extraversion").content).toContain("NAME = Test");
	});
});

describe("the seed", () => {
	const seed = (name: string) => ({
		content: new TextEncoder().encode("5e".repeat(32)),
		source: { kind: "headers", path: `/h/${name}` } as const,
	});
	const config = (line: string) => ({ text: configText("6.1.192", [line]), source });
	const probe = { "scripts/gen-randstruct-seed.sh": "" };

	it.each([
		["CONFIG_RANDSTRUCT=y", "randstruct.seed", probe, "scripts/basic/randstruct.seed"],
		[
			"CONFIG_GCC_PLUGIN_RANDSTRUCT=y",
			"randomize_layout_seed.h",
			{ "scripts/gcc-plugins/gen-random-seed.sh": "" },
			"scripts/gcc-plugins/randomize_layout_seed.h",
		],
		["CONFIG_RANDSTRUCT=y", "box.kprep", probe, "scripts/basic/randstruct.seed"],
		["CONFIG_RANDSTRUCT=y", "randstruct.seed", {}, null],
		["# CONFIG_RANDSTRUCT is not set", "randstruct.seed", probe, null],
	])("%s with %s", (line, name, files, place) => {
		const folder = fakeTree("6.1.192", files);
		const plan = makePlan(
			planContext(folder, "6.1.192-x", { ...disk, facts: { seed: seed(name), config: config(line) } }),
		);
		const paths = plan.actions.flatMap((action) =>
			action.id === "randstruct" && "path" in action ? [action.path] : [],
		);
		if (place === null) expect(paths).toEqual([]);
		else expect(paths).toContain(join(folder, place));
	});
});

describe("GNUmakefile", () => {
	it("somebody else's is not overwritten", () => {
		const folder = fakeTree("6.1.192", { GNUmakefile: "include Makefile\n" });
		expect(() => makePlan(planContext(folder, "6.1.0-1", disk))).toThrow(
			expect.objectContaining({ code: "foreign-gnumakefile", exitStatus: 5 }),
		);
	});

	it("somebody else's is no trouble when none is needed", () => {
		const folder = fakeTree("6.1.192", { GNUmakefile: "include Makefile\n" });
		expect(makePlan(planContext(folder, "6.1.192-x", disk)).strategy).toBe("extraversion");
	});

	it("a compiler with arguments is kept as one word", () => {
		const options = { variables: { CC: "ccache gcc" } };
		const { actions } = makePlan(planContext(fakeTree(), "6.1.0-1", { ...disk, options }));
		expect(actions.find(({ id }) => id === "pin")).toMatchObject({
			content: expect.stringContaining("'CC=ccache gcc'"),
		});
	});

	it.each([{ variables: { CC: "gcc $(id)" } }, { variables: {}, path: ["/a b"] }])(
		"what make would take apart is refused: %j",
		(options) => {
			expect(() => makePlan(planContext(fakeTree(), "6.1.0-1", { ...disk, options }))).toThrow(
				expect.objectContaining({ code: "bad-value", exitStatus: 2 }),
			);
		},
	);
});
