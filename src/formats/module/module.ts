import type { ByteSource } from "../bytes.ts";
import { ELF, type Elf, type ElfSection, readElf, sectionBytes, sectionNamed } from "../elf/elf.ts";
import { relocations, relocationsOf, type SymbolTable, symbolTable } from "../elf/elf-symbols.ts";
import { FormatError } from "../error.ts";
import { type Modinfo, modinfoText, parseModinfo } from "./modinfo.ts";
import { type ExportedSymbol, readModuleExports } from "./module-exports.ts";
import { type RepeatedVersions, readVersions, type SymbolVersion } from "./module-versions.ts";
import { hasSignature, type ModuleSignature, readSignature } from "./signature.ts";

/** What a whole folder of modules is read for: cheap, since it decodes no more symbols than it exports. */
export interface ModuleSummary {
	bits: 32 | 64;
	little: boolean;
	/** e_machine; ARCH_OF_MACHINE of elf.ts names it. */
	machine: number;
	/** ELF.REL (1) for anything the kernel would load. */
	type: number;
	/** Whole, trailing space included; null when it has none. */
	vermagic: string | null;
	/** null: no `__versions` (built without CONFIG_MODVERSIONS). */
	versions: SymbolVersion[] | null;
	exports: ExportedSymbol[];
	/** sizeof(struct module) the module was built with: the size of .gnu.linkonce.this_module; null when it is no module. */
	thisModuleSize: number | null;
	/** Whether a signature is appended. */
	signed: boolean;
}

export interface ModuleFile extends ModuleSummary {
	modinfo: Modinfo;
	signature: ModuleSignature;
	/** Where the build put addresses into its struct module: init_module, cleanup_module. Offsets in bytes. */
	thisModuleRelocations: { offset: number; type: number; symbol: string }[];
	/** Undefined symbols: what it needs from the kernel and other modules. */
	imports: { symbol: string; weak: boolean }[];
	/** For each relocated section, how often each relocation type (number as in the ABI of `machine`) occurs. */
	relocations: { section: string; types: Record<number, number> }[];
	/** Bounds of .BTF and .BTF.base (6.11+) in the file, in bytes. */
	btf: { offset: number; size: number } | null;
	btfBase: { offset: number; size: number } | null;
	/** Names of all sections, in order. */
	sections: string[];
	/** Length of the file without its appended signature. */
	contentLength: number;
}

/** Reads a kernel module whole. The bytes are the uncompressed .ko. Throws FormatError ("not-elf", "truncated"...). */
export function readModule(input: Uint8Array | ByteSource): ModuleFile {
	const elf = readElf(input);
	const symbols = symbolTable(elf);
	const summary = summarize(elf);
	const modinfo = sectionNamed(elf, ".modinfo");
	const signature = readSignature(elf.source);
	return {
		...summary,
		modinfo: modinfo === null ? new Map() : parseModinfo(sectionBytes(elf, modinfo)),
		signature,
		thisModuleRelocations: thisModuleRelocations(elf, symbols),
		imports: imports(symbols),
		relocations: elf.sections
			.filter(({ type }) => type === ELF.SHT_RELA || type === ELF.SHT_REL)
			.map((section) => countTypes(elf, section)),
		btf: bounds(sectionNamed(elf, ".BTF")),
		btfBase: bounds(sectionNamed(elf, ".BTF.base")),
		sections: elf.sections.map(({ name }) => name),
		contentLength: elf.source.size - signature.length,
	};
}

/**
 * As readModule, without decoding all symbols and relocations: an order of magnitude faster. `versions` lacks what
 * `repeated` has seen in the modules before. Throws FormatError.
 */
export function readModuleSummary(
	input: Uint8Array | ByteSource,
	repeated?: RepeatedVersions,
): ModuleSummary {
	return summarize(readElf(input), repeated);
}

/** The .modinfo of a module alone; empty when it has none. Throws FormatError. */
export function readModinfo(input: Uint8Array | ByteSource): Modinfo {
	return modinfoOf(readElf(input));
}

/** The file's bytes without its appended signature; the same bytes when it has none. Throws FormatError. */
export function withoutSignature(bytes: Uint8Array): Uint8Array {
	return bytes.subarray(0, bytes.length - readSignature(bytes).length);
}

function summarize(elf: Elf, repeated?: RepeatedVersions): ModuleSummary {
	if (elf.type !== ELF.REL)
		throw new FormatError("not-a-module", "an ELF file, but not a relocatable one", 16);
	const { bits, little, machine, type } = elf;
	const modinfo = sectionNamed(elf, ".modinfo");
	return {
		bits,
		little,
		machine,
		type,
		vermagic: modinfo === null ? null : modinfoText(sectionBytes(elf, modinfo), "vermagic"),
		versions: readVersions(elf, repeated),
		exports: readModuleExports(elf),
		thisModuleSize: sectionNamed(elf, ".gnu.linkonce.this_module")?.size ?? null,
		signed: hasSignature(elf.source),
	};
}

function modinfoOf(elf: Elf): Modinfo {
	const section = sectionNamed(elf, ".modinfo");
	return section === null ? new Map() : parseModinfo(sectionBytes(elf, section));
}

function thisModuleRelocations(elf: Elf, symbols: SymbolTable | null): ModuleFile["thisModuleRelocations"] {
	const section = sectionNamed(elf, ".gnu.linkonce.this_module");
	const table = section === null ? null : relocationsOf(elf, section);
	if (table === null || symbols === null) return [];
	return Array.from(relocations(elf, table), ({ offset, type, symbol }) => ({
		offset,
		type,
		symbol: symbols.at(symbol).name,
	}));
}

function imports(symbols: SymbolTable | null): ModuleFile["imports"] {
	return Array.from(symbols ?? [])
		.filter(({ section, name, bind }) => section === ELF.SHN_UNDEF && name !== "" && bind !== ELF.STB_LOCAL)
		.map(({ name, bind }) => ({ symbol: name, weak: bind === ELF.STB_WEAK }));
}

function countTypes(elf: Elf, section: ElfSection): { section: string; types: Record<number, number> } {
	const types: Record<number, number> = {};
	for (const { type } of relocations(elf, section)) types[type] = (types[type] ?? 0) + 1;
	return { section: elf.sections[section.info]?.name ?? "", types };
}

function bounds(section: ElfSection | null): { offset: number; size: number } | null {
	return section === null ? null : { offset: section.offset, size: section.size };
}
