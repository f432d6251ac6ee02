import { describe, expect, test } from "vitest";
import { FormatError } from "../../../src/formats/error.ts";
import { modinfoText } from "../../../src/formats/modinfo.ts";
import { readModule, readModuleSummary } from "../../../src/formats/module.ts";
import { RepeatedVersions, type SymbolVersion } from "../../../src/formats/module-versions.ts";
import { composeModule, type ModuleSpec } from "../../helpers/module.ts";

const exports = [
	{ symbol: "demo_open", crc: 0xa351f379 },
	{ symbol: "demo_close", crc: 1, gpl: true, namespace: "DEMO" },
	{ symbol: "demo_ioctl", crc: 0xffffffff, gpl: true },
];
const base: ModuleSpec = {
	bits: 64,
	little: true,
	modinfo: [
		["license", "GPL"],
		["parm", "a:first"],
		["parm", "b:second"],
		["vermagic", "6.1.0-1-amd64 SMP preempt mod_unload modversions "],
	],
	versions: [{ symbol: "module_layout", crc: 0x9056a30f }],
	exports,
	imports: [{ symbol: "printk" }, { symbol: "maybe", weak: true }],
	structModule: 896,
};

describe.each<[string, Partial<ModuleSpec>]>([
	["64-bit little-endian, relative entries with namespaces (5.10 on)", {}],
	["64-bit big-endian, absolute entries (s390)", { little: false, relative: false }],
	["32-bit little-endian, absolute entries (arm)", { bits: 32, relative: false, machine: 40 }],
	["32-bit big-endian (powerpc, mips)", { bits: 32, little: false, relative: false, machine: 20 }],
	["a byte of flags (7.0 on)", { flags: true }],
	["CRCs by relocation (up to 5.18)", { relocatedCrcs: true }],
])("%s", (_, change) => {
	const module = readModule(composeModule({ ...base, ...change }));

	test("exports", () => {
		expect(module.exports.toSorted((a, b) => a.symbol.localeCompare(b.symbol))).toEqual([
			{ symbol: "demo_close", crc: 1, kind: "EXPORT_SYMBOL_GPL", gplOnly: true, namespace: "DEMO" },
			{ symbol: "demo_ioctl", crc: 0xffffffff, kind: "EXPORT_SYMBOL_GPL", gplOnly: true, namespace: null },
			{ symbol: "demo_open", crc: 0xa351f379, kind: "EXPORT_SYMBOL", gplOnly: false, namespace: null },
		]);
	});

	test("modinfo, versions, imports, struct module", () => {
		expect([...module.modinfo]).toEqual([
			["license", ["GPL"]],
			["parm", ["a:first", "b:second"]],
			["vermagic", ["6.1.0-1-amd64 SMP preempt mod_unload modversions "]],
		]);
		expect(module.versions).toEqual(base.versions);
		expect(module.imports).toEqual([
			{ symbol: "printk", weak: false },
			{ symbol: "maybe", weak: true },
		]);
		expect(module.thisModuleSize).toBe(896);
		expect(module.thisModuleRelocations).toEqual([{ offset: 16, type: 1, symbol: "init_module" }]);
		expect(module.signature.present).toBe(false);
	});
});

test.each<[string, Partial<ModuleSpec>]>([
	["before namespaces (4.19 to 5.3)", { namespaces: false }],
	["before relative entries", { namespaces: false, relative: false }],
])("%s", (_, change) => {
	const module = readModuleSummary(composeModule({ ...base, ...change }));
	expect(module.exports.map(({ symbol, crc, namespace }) => [symbol, crc, namespace])).toEqual([
		["demo_open", 0xa351f379, null],
		["demo_close", 1, null],
		["demo_ioctl", 0xffffffff, null],
	]);
});

test("extended versions win: their names have any length", () => {
	const symbol = "a_rust_symbol_".repeat(10);
	const bytes = composeModule({ ...base, extendedVersions: [{ symbol, crc: 7 }] });
	expect(readModule(bytes).versions).toEqual([{ symbol, crc: 7 }]);
});

test.each([true, false])(
	"versions seen before are left out, others are not (little-endian: %s)",
	(little) => {
		const repeated = new RepeatedVersions();
		const versionsOf = (versions: SymbolVersion[]) =>
			readModuleSummary(composeModule({ bits: 64, little, versions }), repeated).versions;
		const first = [
			{ symbol: "kfree", crc: 7 },
			{ symbol: "kmalloc", crc: 8 },
		];
		expect(versionsOf(first)).toEqual(first);
		expect(versionsOf(first)).toEqual([]);
		// The same CRC under another name, and the same name with another CRC.
		const second = [
			{ symbol: "kfree", crc: 8 },
			{ symbol: "vfree", crc: 7 },
		];
		expect(versionsOf([...first, ...second])).toEqual(second);
		expect(versionsOf(first)).toEqual(first);
	},
);

test("vermagic is the first of its key; a value that holds the word is none", () => {
	const vermagicOf = (...modinfo: [string, string][]) =>
		readModuleSummary(composeModule({ bits: 64, little: true, modinfo })).vermagic;
	expect(vermagicOf(["description", "vermagic=no"], ["xvermagic", "no"], ["vermagic", "6.1 SMP "])).toBe(
		"6.1 SMP ",
	);
	expect(vermagicOf(["vermagic", "first"], ["vermagic", "second"])).toBe("first");
	expect(vermagicOf(["description", "vermagic=no"])).toBeNull();
	expect(modinfoText(new TextEncoder().encode("vermagic=cut"), "vermagic")).toBe("cut");
});

test("a module without CRCs exports with null", () => {
	const bytes = composeModule({ ...base, exports: [{ symbol: "bare", gpl: true }], flags: true });
	expect(readModule(bytes).exports).toMatchObject([{ symbol: "bare", crc: null, gplOnly: true }]);
});

test.each<[string, Uint8Array, string]>([
	["empty", new Uint8Array(), "not-elf"],
	["text", new TextEncoder().encode("\x7fTOY and more text that is no ELF"), "not-elf"],
	["cut in the section table", composeModule(base).slice(0, -100), "truncated"],
])("refused: %s", (_, bytes, code) => {
	expect(() => readModule(bytes)).toThrow(expect.objectContaining({ name: "FormatError", code }));
	expect(() => readModuleSummary(bytes)).toThrow(FormatError);
});
