import { describe, expect, test } from "vitest";
import { readElf, sectionNamed } from "../../../../src/formats/elf/elf.ts";
import { FormatError } from "../../../../src/formats/error.ts";
import { modinfoText } from "../../../../src/formats/module/modinfo.ts";
import { readModule, readModuleSummary } from "../../../../src/formats/module/module.ts";
import { RepeatedVersions, type SymbolVersion } from "../../../../src/formats/module/module-versions.ts";
import { ascii, composeElf, type SectionSpec } from "../../../helpers/elf.ts";
import { composeModule, type ModuleSpec } from "../../../helpers/module.ts";

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

/** A module with these sections alone; symbol s1 stands for the string "demo", s2 for a place in .text. */
function odd(sections: SectionSpec[]): Uint8Array {
	return composeElf({
		bits: 64,
		little: true,
		sections: [
			{ name: ".text", content: new Uint8Array(8) },
			...sections,
			{ name: "__ksymtab_strings", content: ascii("demo\0") },
		],
		symbols: [
			{ name: "s1", section: "__ksymtab_strings" },
			{ name: "s2", section: ".text" },
			{ name: "s3", section: 0xfff1, value: -1n },
			{ name: "s4", section: 0 },
		],
	});
}

const at = (offset: number, symbol: string, addend = 0) => ({ offset, type: 2, symbol, addend });
const ksymtab = (relocations: SectionSpec["relocations"], size = 12): SectionSpec => ({
	name: "__ksymtab",
	content: new Uint8Array(size),
	...(relocations === undefined ? {} : { relocations }),
});
const sound = ksymtab([at(0, "s2"), at(4, "s1"), at(8, "s1", 4)]);

test.each<[string, SectionSpec[], string]>([
	["exports without relocations", [ksymtab(undefined)], "bad-ksymtab"],
	["a value where the name should be", [ksymtab([at(0, "s1"), at(4, "s1")])], "bad-ksymtab"],
	["half an entry more", [ksymtab([at(0, "s2"), at(4, "s1")], 14)], "bad-ksymtab"],
	["a name beyond the strings", [ksymtab([at(0, "s2"), at(4, "s1", 99)])], "truncated"],
	["fewer CRCs than exports", [sound, { name: "__kcrctab", content: new Uint8Array(2) }], "bad-kcrctab"],
	["fewer flags than exports", [sound, { name: "__kflagstab", content: new Uint8Array(0) }], "bad-kflagstab"],
])("bad exports: %s", (_, sections, code) => {
	expect(() => readModuleSummary(odd(sections))).toThrow(expect.objectContaining({ code }));
});

test.each<[string, string, number | null]>([
	["an absolute symbol, of which the low 32 bits count", "s3", 0xffffffff],
	["a weak symbol that nobody defined: genksyms failed on it", "s4", null],
	["a word elsewhere in the file", "s1", 0x6f6d6564],
])("a CRC by relocation: %s", (_, symbol, crc) => {
	const table: SectionSpec = {
		name: "__kcrctab",
		content: new Uint8Array(4),
		relocations: [at(0, symbol), at(64, symbol)],
	};
	expect(readModuleSummary(odd([sound, table])).exports).toMatchObject([
		{ symbol: "demo", crc, namespace: null },
	]);
});

test("exports of a file without a symbol table, and a file that is no module", () => {
	const bytes = odd([sound]);
	const stripped = bytes.slice();
	const table = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(40, true));
	stripped[table + 64 * (sectionNamed(readElf(bytes), ".symtab")?.index ?? 0) + 4] = 1;
	expect(() => readModuleSummary(stripped)).toThrow(expect.objectContaining({ code: "no-symbols" }));
	const program = composeElf({ bits: 64, little: true, type: 2, sections: [] });
	expect(() => readModuleSummary(program)).toThrow(expect.objectContaining({ code: "not-a-module" }));
});

test.each<[string, Uint8Array, string]>([
	["empty", new Uint8Array(), "not-elf"],
	["text", new TextEncoder().encode("\x7fTOY and more text that is no ELF"), "not-elf"],
	["cut in the section table", composeModule(base).slice(0, -100), "truncated"],
])("refused: %s", (_, bytes, code) => {
	expect(() => readModule(bytes)).toThrow(expect.objectContaining({ name: "FormatError", code }));
	expect(() => readModuleSummary(bytes)).toThrow(FormatError);
});
