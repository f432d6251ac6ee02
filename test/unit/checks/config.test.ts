import { describe, expect, it } from "vitest";
import type { CheckFinding } from "../../../src/checks/check.ts";
import { config } from "../../../src/checks/config.ts";
import { toolchain } from "../../../src/checks/toolchain.ts";
import { contextOf, fact, fakeTarget, fileFact, treeFolder } from "./fake-context.ts";

const FILES = {
	Kconfig:
		'success = $(shell,$(1))\nconfig CC_HAS_X\n\tdef_bool $(success,x)\nconfig MEMCG\n\tbool "Groups"\nconfig SLUB\n\tbool "Slub"\n',
	"include/linux/mm.h": "#ifdef CONFIG_MEMCG\n",
};
const found = (id: CheckFinding["id"], status: CheckFinding["status"], more: Partial<CheckFinding> = {}) => ({
	...{ id, status, expected: "it", actual: "it", evidence: [], advice: null },
	...more,
});
const EQUAL = [
	found("module-layout", "match", { actual: "0x1, and 9 of 9" }),
	found("struct-module", "match"),
];
const UNSAFE = {
	kind: "unsafe" as const,
	structs: [
		{ name: "page", size: [64, 56] as [number, number], members: ["memcg_data"], symbols: ["MEMCG"] },
	],
	symbols: [],
};
const OTHER = [...EQUAL, found("btf", "mismatch", { effect: UNSAFE })];
const NOTHING = [found("module-layout", "skipped"), found("struct-module", "match"), found("btf", "unknown")];

async function run(theirs: string, ours: string, proof: CheckFinding[] | null, compilers?: [string, string]) {
	const text = (options: string, compiler = "gcc-12 (D) 12.2.0") =>
		`CONFIG_CC_VERSION_TEXT="${compiler}"\nCONFIG_A=y\n${options}`;
	const target = await fakeTarget({
		config: fileFact(text(theirs)),
		...(compilers === undefined ? {} : { compiler: fact(compilers[0]) }),
	});
	const folder = treeFolder("6.1.192", { ...FILES, ".config": text(ours, compilers?.[1]) });
	return { ...(await contextOf(folder, target)), proof };
}

describe("config", () => {
	it.each([
		["nothing differs", "", "", null, "match", /2 symbols/],
		["a fact about the host", "CONFIG_CC_HAS_X=y\n", "", null, "note", /CC_HAS_X/],
		["asked for by nothing", "CONFIG_SLUB=y\n", "", null, "note", /SLUB/],
		["felt, no proof", "CONFIG_MEMCG=y\n", "", null, "unknown", /MEMCG/],
		["felt, proved equal", "CONFIG_MEMCG=y\n", "", EQUAL, "note", /MEMCG/],
		["felt, another layout", "CONFIG_MEMCG=y\n", "", OTHER, "mismatch", /^CONFIG_MEMCG/],
		["felt, nothing could be compared", "CONFIG_MEMCG=y\n", "", NOTHING, "unknown", /MEMCG/],
		["how code is called, though layouts are equal", "CONFIG_CFI_CLANG=y\n", "", EQUAL, "mismatch", /CFI/],
		["what a module only does without", "CONFIG_UBSAN=y\n", "", EQUAL, "note", /UBSAN/],
		["Rust", "CONFIG_RUST=y\n", "", null, "note", /RUST/],
	] as const)("%s", async (_, theirs, ours, proof, status, text) => {
		const finding = await config.run(await run(theirs, ours, proof === null ? null : [...proof]));
		expect(finding.status).toBe(status);
		expect(finding.expected).toMatch(text);
		expect(finding.asks ?? false).toBe(status === "unknown" && proof === null);
		if (status === "note") expect(finding.why).not.toBe("");
		if (status === "mismatch") expect(finding.effect?.kind).toBe("unsafe");
	});

	it("names structures and, first, the options behind them", async () => {
		const context = await run("CONFIG_CC_HAS_X=y\nCONFIG_MEMCG=y\n", "", OTHER);
		const { effect, expected } = await config.run(context);
		expect(effect).toMatchObject({ structs: [{ name: "page", symbols: ["MEMCG"] }] });
		expect(expected).toBe("CONFIG_MEMCG=y CONFIG_CC_HAS_X=y");
	});
});

describe("toolchain", () => {
	const GCC12 = "gcc-12 (Debian 12.2.0-14) 12.2.0";
	it.each([
		["the same, packaged anew", GCC12, "gcc (Debian 12.2.0-14+deb12u1) 12.2.0", null, "match", false],
		["another major, no proof", GCC12, "gcc-14 (D) 14.1.0", null, "unknown", true],
		["another major, proofs agree", GCC12, "gcc-14 (D) 14.1.0", EQUAL, "note", false],
		["another major, structures differ", GCC12, "gcc-14 (D) 14.1.0", OTHER, "unknown", false],
		["another family, proofs agree", GCC12, "Debian clang version 14.0.6", EQUAL, "note", false],
	] as const)("%s", async (_, theirs, ours, proof, status, asks) => {
		const context = await run("", "", proof === null ? null : [...proof], [theirs, ours]);
		const finding = await toolchain.run(context);
		expect([finding.status, finding.asks ?? false]).toEqual([status, asks]);
	});

	it("another family where the configuration demands its own", async () => {
		const context = await run("CONFIG_CFI_CLANG=y\n", "", [...EQUAL], ["Debian clang version 14.0.6", GCC12]);
		const finding = await toolchain.run(context);
		expect(finding).toMatchObject({ status: "mismatch", effect: { symbols: ["CFI_CLANG"] } });
	});
});
