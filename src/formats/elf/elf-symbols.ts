import type { Fields } from "../bytes.ts";
import { FormatError } from "../error.ts";
import { ELF, type Elf, type ElfSection, sectionFields } from "./elf.ts";

export interface ElfSymbol {
	index: number;
	name: string;
	value: bigint;
	size: number;
	/** STB_LOCAL 0, STB_GLOBAL 1, STB_WEAK 2. */
	bind: number;
	/** STT_*: 0 no type, 1 object, 2 function, 3 section. */
	type: number;
	/** Section index with extended indices resolved; ELF.SHN_UNDEF, ELF.SHN_ABS. */
	section: number;
}

/**
 * A symbol table with access by index: relocations name few of the thousands of symbols of a large module. Names are
 * read from the file when the first is asked for.
 */
export class SymbolTable {
	readonly count: number;
	readonly #fields: Fields;
	readonly #elf: Elf;
	readonly #stringSection: ElfSection;
	readonly #extended: Fields | null;
	readonly #wide: boolean;
	readonly #entry: number;

	#strings: Fields | null = null;

	/** Throws FormatError when the table does not lie in the file. */
	constructor(elf: Elf, section: ElfSection) {
		this.#wide = elf.bits === 64;
		this.#entry = this.#wide ? 24 : 16;
		this.#fields = sectionFields(elf, section);
		this.count = Math.floor(this.#fields.length / this.#entry);
		const strings = elf.sections[section.link];
		if (strings === undefined)
			throw new FormatError("bad-elf", "a symbol table without strings", section.offset);
		this.#elf = elf;
		this.#stringSection = strings;
		const extended = elf.sections.find(
			({ type, link }) => type === ELF.SHT_SYMTAB_SHNDX && link === section.index,
		);
		this.#extended = extended === undefined ? null : sectionFields(elf, extended);
	}

	/** Throws FormatError "bad-symbol" for an index beyond the table. */
	at(index: number): ElfSymbol {
		const { section, low, high } = this.place(index);
		const at = index * this.#entry;
		const info = this.#fields.u8(at + (this.#wide ? 4 : 12));
		this.#strings ??= sectionFields(this.#elf, this.#stringSection);
		return {
			index,
			name: this.#strings.cstring(this.#fields.u32(at)),
			value: high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low),
			size: this.#wide ? this.#fields.size64(at + 16) : this.#fields.u32(at + 8),
			bind: info >> 4,
			type: info & 15,
			section,
		};
	}

	/** As `at`, but only what a relocation leads to: no name is decoded. `low`, `high`: the value's halves of 32 bits. */
	place(index: number): { section: number; low: number; high: number } {
		if (index >= this.count) throw new FormatError("bad-symbol", `symbol ${index} of ${this.count}`);
		const at = index * this.#entry;
		const shndx = this.#fields.u16(at + (this.#wide ? 6 : 14));
		return {
			section: shndx === ELF.SHN_XINDEX && this.#extended ? this.#extended.u32(index * 4) : shndx,
			low: this.#fields.u32(this.#wide ? at + (this.#fields.little ? 8 : 12) : at + 4),
			high: this.#wide ? this.#fields.u32(at + (this.#fields.little ? 12 : 8)) : 0,
		};
	}

	*[Symbol.iterator](): Generator<ElfSymbol> {
		for (let index = 1; index < this.count; index++) yield this.at(index);
	}
}

/** The file's .symtab; null when it was stripped. */
export function symbolTable(elf: Elf): SymbolTable | null {
	const section = elf.sections.find(({ type }) => type === ELF.SHT_SYMTAB);
	return section === undefined ? null : new SymbolTable(elf, section);
}

export interface ElfRelocation {
	/** Offset in the section that is relocated. */
	offset: number;
	type: number;
	symbol: number;
	/** null in REL sections, where the addend is the relocated place's content. */
	addend: number | null;
}

/** Entries of one SHT_REL or SHT_RELA section, in file order. Throws FormatError. */
export function* relocations(elf: Elf, section: ElfSection): Generator<ElfRelocation> {
	const fields = sectionFields(elf, section);
	const rela = section.type === ELF.SHT_RELA;
	const wide = elf.bits === 64;
	const entry = (wide ? 16 : 8) + (rela ? (wide ? 8 : 4) : 0);
	for (let at = 0; at + entry <= fields.length; at += entry) {
		const info = wide ? wideInfo(fields, at + 8, elf) : narrowInfo(fields.u32(at + 4));
		yield {
			offset: wide ? fields.size64(at) : fields.u32(at),
			...info,
			addend: rela ? (wide ? fields.signed64(at + 16) : fields.i32(at + 8)) : null,
		};
	}
}

/** The relocation section that applies to `target`; null when there is none. */
export function relocationsOf(elf: Elf, target: ElfSection): ElfSection | null {
	return (
		elf.sections.find(
			({ type, info }) => (type === ELF.SHT_RELA || type === ELF.SHT_REL) && info === target.index,
		) ?? null
	);
}

function narrowInfo(info: number): { symbol: number; type: number } {
	return { symbol: info >>> 8, type: info & 255 };
}

/** mips64 keeps r_info as a 32-bit symbol and four bytes of types, whatever the byte order (MIPS64 ELF, 2.9.2). */
function wideInfo(fields: Fields, at: number, elf: Elf): { symbol: number; type: number } {
	if (elf.machine === ELF.EM_MIPS) return { symbol: fields.u32(at), type: fields.u8(at + 7) };
	return {
		symbol: fields.u32(at + (fields.little ? 4 : 0)),
		type: fields.u32(at + (fields.little ? 0 : 4)),
	};
}
