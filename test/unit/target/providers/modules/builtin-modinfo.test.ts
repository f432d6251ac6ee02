import { expect, test } from "vitest";
import { signing } from "../../../../../src/checks/signing.ts";
import { loaderKnowledge } from "../../../../../src/target/facts/loader-knowledge.ts";
import { contextOf, treeFolder } from "../../../checks/fake-context.ts";
import { configText, type Files, fakeRoot, resolveIn } from "../../fake-root.ts";

const RELEASE = "6.1.0-1-test";
const FOLDER = `lib/modules/${RELEASE}`;
const PLAIN = ["libcrc.license=GPL", "workqueue.parmtype=power_efficient:bool"];

/** A root of which only the modules folder is known, with these entries in its modules.builtin.modinfo. */
function rootWith(entries: string[] | null, more: Files = {}, end = "\0"): string {
	const file = entries === null ? {} : { [`${FOLDER}/modules.builtin.modinfo`]: entries.join("\0") + end };
	return fakeRoot({ [`${FOLDER}/modules.order`]: "", ...file, ...more });
}

test.each<[string, string[] | null, string | null]>([
	["5.19 on, CONFIG_MODULE_SIG", [...PLAIN, "signing.parmtype=sig_enforce:bool_enable_only"], "checked"],
	["no sig_enforce at all", PLAIN, "not checked"],
	[
		"module.o has it up to 5.18, with and without",
		[...PLAIN, "module.parmtype=sig_enforce:bool_enable_only"],
		null,
	],
	["another parameter of a driver of that name", [...PLAIN, "signing.parmtype=sig:int"], "not checked"],
	["an empty file", [], null],
	["no such file", null, null],
])("signatures: %s", async (_, entries, expected) => {
	const target = await resolveIn({ sysroot: rootWith(entries) });
	expect(target.signatureCheck?.value ?? null).toBe(expected);
	if (expected !== null)
		expect(target.signatureCheck?.source).toMatchObject({
			kind: "modules-dir",
			path: expect.stringMatching(/modules\.builtin\.modinfo$/),
		});
});

test("a file that is cut short tells of no absence", async () => {
	const target = await resolveIn({ sysroot: rootWith(PLAIN, {}, "") });
	expect(target.signatureCheck).toBeNull();
});

test("an edited config that says something else is a conflict with both sources", async () => {
	const root = rootWith(PLAIN, {
		[`boot/config-${RELEASE}`]: configText("6.1.192", ["CONFIG_MODULE_SIG=y"]),
	});
	const target = await resolveIn({ sysroot: root });
	expect(target.signatureCheck?.value).toBe("not checked");
	const conflict = target.conflicts.find(({ fact }) => fact === "signatureCheck");
	expect(conflict?.values.map(({ value, source }) => [value, source.kind])).toEqual([
		["not checked", "modules-dir"],
		["checked", "boot"],
	]);
});

test("without a config the loader model and the check of signing know it all the same", async () => {
	const target = await resolveIn({ sysroot: rootWith(PLAIN) });
	expect(target.config).toBeNull();
	const { proven, symbol } = await loaderKnowledge(target);
	expect([symbol, ...proven]).toEqual([null, ["MODULE_SIG", false]]);
	expect(signing.run(await contextOf(treeFolder(), target))).toMatchObject({
		status: "match",
		expected: "no signatures",
		evidence: [{ kind: "modules-dir" }],
	});
	const checked = await resolveIn({ sysroot: rootWith(["signing.parmtype=sig_enforce:bool_enable_only"]) });
	expect(signing.run(await contextOf(treeFolder(), checked))).toMatchObject({ status: "unknown" });
});
