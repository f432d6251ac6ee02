import type { Fields } from "../bytes.ts";
import { ELF, type Elf, type ElfSection, sectionFields, sectionNamed } from "../elf/elf.ts";
import {
	type ElfRelocation,
	relocations,
	relocationsOf,
	type SymbolTable,
	symbolTable,
} from "../elf/elf-symbols.ts";
import { FormatError } from "../error.ts";

/** How a symbol is exported, in the words of Module.symvers. */
export type ExportKind =
	| "EXPORT_SYMBOL"
	| "EXPORT_SYMBOL_GPL"
	| "EXPORT_SYMBOL_GPL_FUTURE"
	| "EXPORT_UNUSED_SYMBOL"
	| "EXPORT_UNUSED_SYMBOL_GPL";

export interface ExportedSymbol {
	symbol: string;
	/** null when the file carries no CRC for it (CONFIG_MODVERSIONS off, or a symbol genksyms failed on). */
	crc: number | null;
	kind: ExportKind;
	gplOnly: boolean;
	namespace: string | null;
}

/** Suffix of the table's name and the kind it stands for; the last three are gone since 5.12. */
export const EXPORT_TABLES: readonly (readonly [suffix: string, kind: ExportKind])[] = [
	["", "EXPORT_SYMBOL"],
	["_gpl", "EXPORT_SYMBOL_GPL"],
	["_gpl_future", "EXPORT_SYMBOL_GPL_FUTURE"],
	["_unused", "EXPORT_UNUSED_SYMBOL"],
	["_unused_gpl", "EXPORT_UNUSED_SYMBOL_GPL"],
];

/** KSYM_FLAG_GPL_ONLY of include/linux/module_symbol.h, 7.0. */
export const KSYM_FLAG_GPL_ONLY = 1;

/**
 * Exports of a relocatable module: `__ksymtab*` with the names its relocations lead to, `__kcrctab*`, and from 7.0
 * `__kflagstab`. Works on relative and absolute entries, with or without a namespace slot, since it reads the
 * relocations instead of the unrelocated words. Throws FormatError.
 */
export function readModuleExports(elf: Elf): ExportedSymbol[] {
	const tables = EXPORT_TABLES.flatMap(([suffix, kind]) => {
		const section = sectionNamed(elf, `__ksymtab${suffix}`);
		return section === null || section.size === 0 ? [] : [{ suffix, kind, section }];
	});
	if (tables.length === 0) return [];
	const symbols = symbolTable(elf);
	return tables.flatMap(({ suffix, kind, section }) => {
		if (symbols === null)
			throw new FormatError("no-symbols", "exports without a symbol table", section.offset);
		const names = entryNames(elf, section, symbols);
		const crcs = readCrcs(elf, `__kcrctab${suffix}`, names.length, symbols);
		const flags = suffix === "" ? readFlags(elf, names.length) : null;
		return names.map(({ symbol, namespace }, index) => {
			const flagged = ((flags?.u8(index) ?? 0) & KSYM_FLAG_GPL_ONLY) !== 0;
			const exact = flagged ? "EXPORT_SYMBOL_GPL" : kind;
			return {
				symbol,
				crc: crcs?.[index] ?? null,
				kind: exact,
				gplOnly: exact.includes("_GPL"),
				namespace: namespace === "" ? null : namespace,
			};
		});
	});
}

/** Slots of an entry: value, name and, from 5.4, namespace; each 4 bytes (relative) or a pointer. */
function entryNames(
	elf: Elf,
	section: ElfSection,
	symbols: SymbolTable,
): { symbol: string; namespace: string }[] {
	const strings = slotStrings(elf, section, symbols);
	const width = slotWidth(strings, section);
	const has = (offset: number) => strings.get(offset) !== undefined;
	const fits = (slots: number) => {
		if (section.size % (slots * width) !== 0) return false;
		for (let at = 0; at < section.size; at += slots * width) {
			if (has(at) || !has(at + width)) return false;
		}
		return true;
	};
	const slots = fits(3) ? 3 : 2;
	if (slots === 2 && !fits(2))
		throw new FormatError("bad-ksymtab", "export entries of no known shape", section.offset);
	return Array.from({ length: section.size / (slots * width) }, (_, index) => {
		const at = index * slots * width;
		return {
			symbol: strings.get(at + width) as string,
			namespace: slots === 3 ? (strings.get(at + 2 * width) ?? "") : "",
		};
	});
}

/** The string that each relocated slot points to; undefined for slots that point to something else. */
function slotStrings(elf: Elf, section: ElfSection, symbols: SymbolTable): Map<number, string | undefined> {
	const found = new Map<number, string | undefined>();
	const table = relocationsOf(elf, section);
	if (table === null) return found;
	const content = sectionFields(elf, section);
	const opened = new Map<number, Fields>();
	for (const relocation of relocations(elf, table)) {
		// The second relocation at one place subtracts (RISC-V ADD32, SUB32): the first names the target.
		if (found.has(relocation.offset)) continue;
		const { section: index, low, high } = symbols.place(relocation.symbol);
		const home = elf.sections[index];
		const isString = home?.name === "__ksymtab_strings";
		if (!isString) {
			found.set(relocation.offset, undefined);
			continue;
		}
		const fields = opened.get(index) ?? sectionFields(elf, home);
		opened.set(index, fields);
		found.set(relocation.offset, fields.cstring(high * 0x100000000 + low + addend(relocation, content)));
	}
	return found;
}

function addend(relocation: ElfRelocation, content: Fields): number {
	return relocation.addend ?? content.i32(relocation.offset);
}

function slotWidth(strings: Map<number, string | undefined>, section: ElfSection): number {
	const width = [4, 8].find((candidate) => strings.get(candidate) !== undefined);
	if (width === undefined) throw new FormatError("bad-ksymtab", "exports without names", section.offset);
	return width;
}

/** CRCs in table order: plain words, words that a relocation fills from an absolute `__crc_` symbol (up to 5.18), or relative ones. */
function readCrcs(elf: Elf, table: string, count: number, symbols: SymbolTable): (number | null)[] | null {
	const section = sectionNamed(elf, table);
	if (section === null) return null;
	const fields = sectionFields(elf, section);
	// unsigned long up to 4.10, 32 bits since.
	const width = fields.length >= count * 8 && elf.bits === 64 ? 8 : 4;
	if (fields.length < count * width)
		throw new FormatError("bad-kcrctab", "fewer CRCs than exports", section.offset);
	const low = width === 8 && !elf.little ? 4 : 0;
	const crcs: (number | null)[] = Array.from({ length: count }, (_, index) =>
		fields.u32(index * width + low),
	);
	const relocated = relocationsOf(elf, section);
	if (relocated === null) return crcs;
	for (const relocation of relocations(elf, relocated)) {
		const index = Math.floor(relocation.offset / width);
		if (index >= count) continue;
		const { section: home, low, high } = symbols.place(relocation.symbol);
		const plus = addend(relocation, fields);
		const target = high * 0x100000000 + low + plus;
		const holder = elf.sections[home];
		if (home === ELF.SHN_ABS) crcs[index] = (low + plus) >>> 0;
		// CONFIG_MODULE_REL_CRCS: the CRC lies where the relative word points. An undefined weak __crc_ has none.
		else crcs[index] = home === ELF.SHN_UNDEF || !holder ? null : sectionFields(elf, holder).u32(target);
	}
	return crcs;
}

function readFlags(elf: Elf, count: number): Fields | null {
	const section = sectionNamed(elf, "__kflagstab");
	if (section === null) return null;
	if (section.size < count)
		throw new FormatError("bad-kflagstab", "fewer flags than exports", section.offset);
	return sectionFields(elf, section);
}
