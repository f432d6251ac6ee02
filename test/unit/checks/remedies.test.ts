import { describe, expect, it } from "vitest";
import type { CheckId, CheckResult } from "../../../src/checks/check.ts";
import { CHECKS } from "../../../src/checks/index.ts";
import { silent } from "../../../src/host/progress.ts";
import { catalogue } from "../../../src/kernel/failures/catalogue.ts";
import type { Target } from "../../../src/target/target.ts";
import { verify } from "../../../src/workflows/verify/index.ts";
import { configText, type Files } from "../target/fake-root.ts";
import { fact, fakeTarget, fileFact, prepare, RELEASE, strangeTarget, treeFolder } from "./fake-context.ts";

/** Every text that an entry's remedy can become, whatever facts fill it. */
const wordings = catalogue.map(({ id, remedy }) => {
	const parts = remedy.split(/(\[\[|\]\]|\{\w+(?:\|[^}]*)?\})/).map((part) => {
		if (part === "[[") return "(?:";
		if (part === "]]") return ")?";
		return part.startsWith("{") ? ".*" : part.replace(/[.*+?^$()[\]\\|{}]/g, "\\$&");
	});
	return { id, says: new RegExp(`^${parts.join("")}$`, "i") };
});

/** Ids of the entries whose words these are. */
const entriesOf = (remedy: string) => wordings.filter(({ says }) => says.test(remedy)).map(({ id }) => id);

async function checksOf(folder: string, target: Target): Promise<CheckResult[]> {
	return (await verify({ tree: folder, target, progress: silent })).checks;
}

function byCatalogue(checks: CheckResult[]): Partial<Record<CheckId, string>> {
	const found: Partial<Record<CheckId, string>> = {};
	for (const { id, status, remedy, diagnosis } of checks) {
		if (remedy === null) continue;
		const ids = entriesOf(remedy);
		expect(ids, `${id} words its own remedy: ${remedy}`).not.toEqual([]);
		if (status === "mismatch") expect(ids, `${id}: ${remedy}`).toContain(diagnosis?.id);
		found[id] = diagnosis?.id ?? ids[0] ?? "";
	}
	return found;
}

const broken: Files = { "scripts/basic/fixdep": "\x7fELF", "scripts/mod/modpost": "\x7fELF" };
const sealed = configText("6.1.192", [
	"CONFIG_MODULE_SIG_FORCE=y",
	"CONFIG_GCC_PLUGIN_RANDSTRUCT=y",
	"CONFIG_X=y",
]);

describe("remedies of verify", () => {
	it("are the catalogue's in a tree that was prepared for something else", async () => {
		const folder = treeFolder("6.1.191");
		prepare(folder, "6.1.191-other", "6.1.191", {
			".config": configText("6.1.191", ["CONFIG_Y=y"]).replace("12.2.0-14) 12.2.0", "11) 11.4.0"),
			"Module.symvers": "0x00000001\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n",
			"scripts/basic/randstruct.seed": "f".repeat(64),
			"include/linux/vermagic.h": "#define VERMAGIC_STRING UTS_RELEASE MODULE_ARCH_VERMAGIC\n",
			"arch/x86/include/asm/vermagic.h": '#define MODULE_ARCH_VERMAGIC ""\n',
			...broken,
		});
		const target = await fakeTarget({
			config: fileFact(sealed),
			randstructSeed: fileFact("e".repeat(64)),
			vermagic: fact(`${RELEASE} SMP mod_unload modversions `),
		});
		const found = byCatalogue(await checksOf(folder, target));
		expect(found).toMatchObject({
			release: "vermagic-release",
			"version-code": "vermagic-release",
			makefile: "vermagic-release",
			kernelrelease: "vermagic-release",
			toolchain: "compiler-flag-unsupported",
			"host-tools": "host-tools-wrong-arch",
			symvers: "symvers-differs",
			randstruct: "vermagic-randstruct",
			signing: "signature-required",
		});
		const all = CHECKS.map(({ id }) => id).filter((id) => !["vermagic", "rust", "config"].includes(id));
		expect(Object.keys(found)).toEqual(expect.arrayContaining(all));
	});

	it("are the catalogue's in a tree that was never prepared", async () => {
		const found = byCatalogue(await checksOf(treeFolder(), await fakeTarget()));
		expect(found).toMatchObject({
			release: "tree-not-prepared",
			"version-code": "tree-not-prepared",
			kernelrelease: "tree-not-prepared",
			config: "tree-not-prepared",
			toolchain: "tree-not-prepared",
			"host-tools": "host-tools-missing",
			symvers: "symvers-missing",
		});
	});

	it("are the catalogue's where hardly anything is known of the target", async () => {
		const folder = treeFolder();
		prepare(folder, RELEASE);
		const found = byCatalogue(await checksOf(folder, strangeTarget(await fakeTarget())));
		for (const id of ["version-code", "makefile", "config", "toolchain", "symvers", "vermagic", "signing"])
			expect(found[id as CheckId]).toBe("target-unknown");
	});

	it("are none where all is as it should be", async () => {
		const folder = treeFolder();
		prepare(folder, RELEASE);
		const checks = await checksOf(folder, await fakeTarget());
		expect(checks.filter(({ status, remedy }) => status === "match" && remedy !== null)).toEqual([]);
		expect(checks.find(({ id }) => id === "release")).toMatchObject({ status: "match", commands: [] });
	});
});
