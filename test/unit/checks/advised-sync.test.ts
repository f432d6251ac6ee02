/** Which sync is advised: --toolchain fetch only where a tool is what lacks. */
import { expect, it } from "vitest";
import { structuresAdvice } from "../../../src/checks/advised-sync.ts";
import type { CheckFinding } from "../../../src/checks/check.ts";
import { config } from "../../../src/checks/config.ts";
import { withRemedy } from "../../../src/checks/diagnosis.ts";
import { rust } from "../../../src/checks/rust.ts";
import { contextOf, fact, fakeTarget, fileFact, treeFolder } from "./fake-context.ts";

const PLAIN = "kprep sync TREE";
const FETCH = "kprep sync TREE --toolchain fetch";
const GCC = "gcc-12 (D) 12.2.0";
const KCONFIG =
	'success = $(shell,$(1))\nconfig CC_HAS_X\n\tdef_bool $(success,x)\nconfig MEMCG\n\tbool "Groups"\n';
const PROOF: CheckFinding[] = [
	{
		...{ id: "btf", status: "mismatch", expected: "it", actual: "it", evidence: [], advice: null },
		effect: {
			...{ kind: "unsafe", symbols: [] },
			structs: [{ name: "page", size: [64, 56], members: ["memcg_data"], symbols: ["MEMCG"] }],
		},
	},
];

async function contextFor(theirs: string, ours: string, compiler = GCC) {
	const text = (name: string, options: string) => `CONFIG_CC_VERSION_TEXT="${name}"\nCONFIG_A=y\n${options}`;
	const target = await fakeTarget({ config: fileFact(text(GCC, theirs)), compiler: fact(GCC) });
	const files = {
		Kconfig: KCONFIG,
		"include/linux/mm.h": "#ifdef CONFIG_MEMCG\n#ifdef CONFIG_GCC_PLUGINS\n",
	};
	const folder = treeFolder("6.1.192", { ...files, ".config": text(compiler, ours) });
	return { ...(await contextOf(folder, target)), proof: PROOF };
}

it.each([
	["switched off by hand", "CONFIG_MEMCG=y\n", "", GCC, PLAIN],
	["a fact about the compiler is lost too", "CONFIG_MEMCG=y\nCONFIG_CC_HAS_X=y\n", "", GCC, FETCH],
	["another compiler", "CONFIG_MEMCG=y\n", "", "gcc-14 (D) 14.1.0", FETCH],
	["the plugins' headers lack", "CONFIG_MEMCG=y\nCONFIG_GCC_PLUGINS=y\n", "", GCC, FETCH],
	[
		"no pahole",
		"CONFIG_MEMCG=y\nCONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_VERSION=125\n",
		"CONFIG_BPF_SYSCALL=y\nCONFIG_PAHOLE_VERSION=0\n",
		...[GCC, FETCH],
	],
	[
		"BTF switched off by hand",
		"CONFIG_MEMCG=y\nCONFIG_DEBUG_INFO_BTF=y\nCONFIG_PAHOLE_VERSION=125\n",
		"CONFIG_BPF_SYSCALL=y\nCONFIG_PAHOLE_VERSION=125\n",
		...[GCC, PLAIN],
	],
] as [string, string, string, string, string][])("%s", async (_, theirs, ours, compiler, command) => {
	const context = await contextFor(theirs, ours, compiler);
	const finding = withRemedy(await config.run(context));
	expect(finding).toMatchObject({ status: "mismatch", diagnosis: { id: "config-differs" } });
	expect(finding.commands).toEqual([command]);
	expect(finding.remedy).toMatch(/^Run kprep sync: it puts the target's \.config back/);
	expect(finding.remedy?.includes("--toolchain fetch")).toBe(command === FETCH);
	expect(structuresAdvice(context)).toMatchObject({ about: "config-differs", commands: [command] });
});

it("after a sync the plain one is no remedy", async () => {
	const context = { ...(await contextFor("CONFIG_MEMCG=y\n", "")), afterSync: true };
	expect((await config.run(context)).advice?.commands).toEqual([FETCH]);
});

it("where no option differs, it is the source", async () => {
	const context = await contextFor("", "");
	expect(structuresAdvice(context)).toEqual({ about: "structures-differ", commands: ["kprep source list"] });
	const other = await contextFor("", "", "gcc-14 (D) 14.1.0");
	expect(structuresAdvice(other)).toEqual({ about: "structures-differ", commands: [FETCH] });
});

it("crates that are only to be made need no other rustc", async () => {
	const line = 'CONFIG_RUST=y\nCONFIG_RUSTC_VERSION_TEXT="rustc 1.63.0"\n';
	const finding = await rust.run(await contextFor(line, line));
	expect(finding).toMatchObject({ actual: "no crates", advice: { commands: [PLAIN] } });
});
