import { type ByteSource, Fields, inMemory, part } from "../bytes.ts";
import { RecurringTexts } from "../compression/recurring.ts";
import { FormatError } from "../error.ts";

/** Values of the ELF specification that kprep tells apart. */
export const ELF = {
	REL: 1,
	EXEC: 2,
	DYN: 3,
	SHT_SYMTAB: 2,
	SHT_RELA: 4,
	SHT_NOTE: 7,
	SHT_NOBITS: 8,
	SHT_REL: 9,
	SHT_SYMTAB_SHNDX: 18,
	SHN_UNDEF: 0,
	SHN_ABS: 0xfff1,
	SHN_XINDEX: 0xffff,
	SHF_WRITE: 1,
	SHF_ALLOC: 2,
	STB_LOCAL: 0,
	STB_WEAK: 2,
	EM_MIPS: 8,
} as const;

/** ARCH of the kernel tree for e_machine; absent: a machine kprep does not name. */
export const ARCH_OF_MACHINE: Readonly<Record<number, string>> = {
	2: "sparc",
	3: "x86",
	4: "m68k",
	8: "mips",
	15: "parisc",
	20: "powerpc",
	21: "powerpc",
	22: "s390",
	40: "arm",
	42: "sh",
	43: "sparc",
	50: "ia64",
	62: "x86",
	94: "xtensa",
	164: "hexagon",
	183: "arm64",
	189: "microblaze",
	195: "arc",
	243: "riscv",
	252: "csky",
	258: "loongarch",
};

export interface ElfSection {
	index: number;
	name: string;
	type: number;
	flags: number;
	/** Virtual address; 0 in relocatable files. */
	address: bigint;
	offset: number;
	size: number;
	link: number;
	info: number;
	entrySize: number;
}

export interface Elf {
	source: ByteSource;
	bits: 32 | 64;
	little: boolean;
	/** ELF.REL for a module or object, ELF.EXEC or ELF.DYN for vmlinux. */
	type: number;
	machine: number;
	flags: number;
	sections: ElfSection[];
}

const MOST_SECTIONS = 1_000_000;
/** The same few hundred names in every module. A name that points nowhere is empty: it is never asked for. */
const NAMES = new RecurringTexts();

/**
 * Header and section table of an ELF file, either class and byte order. Section contents are not touched.
 * Throws FormatError ("not-elf", "truncated", "bad-elf"...).
 */
export function readElf(input: Uint8Array | ByteSource): Elf {
	const source = input instanceof Uint8Array ? inMemory(input) : input;
	const { ident, bits, little } = readIdent(source);
	const wide = bits === 64;
	const at = wide
		? { shoff: 40, flags: 48, shentsize: 58, shnum: 60, shstrndx: 62 }
		: { shoff: 32, flags: 36, shentsize: 46, shnum: 48, shstrndx: 50 };
	const elf: Elf = {
		source,
		bits,
		little,
		type: ident.u16(16),
		machine: ident.u16(18),
		flags: ident.u32(at.flags),
		sections: [],
	};
	const shoff = wide ? ident.size64(at.shoff) : ident.u32(at.shoff);
	if (shoff === 0) return elf;
	const entry = wide ? 64 : 40;
	if (ident.u16(at.shentsize) !== entry)
		throw new FormatError("bad-elf", "section header entries of another size", at.shentsize);
	const first = new Fields(part(source, shoff, entry), little, shoff);
	// More than 65279 sections: the true counts are in the first header (gABI, "e_shnum").
	const count = ident.u16(at.shnum) || (wide ? first.size64(32) : first.u32(20));
	const names =
		ident.u16(at.shstrndx) === ELF.SHN_XINDEX ? first.u32(wide ? 40 : 24) : ident.u16(at.shstrndx);
	if (count > MOST_SECTIONS || names >= count)
		throw new FormatError("bad-elf", "impossible section counts", at.shnum);
	const table = new Fields(part(source, shoff, count * entry), little, shoff);
	const nameOffsets: number[] = [];
	for (let index = 0; index < count; index++) {
		nameOffsets.push(table.u32(index * entry));
		elf.sections.push(readSection(table, index * entry, index, wide));
	}
	const strings = sectionBytes(elf, elf.sections[names] as ElfSection);
	for (const section of elf.sections)
		section.name = NAMES.cstring(strings, nameOffsets[section.index] as number) ?? "";
	return elf;
}

/** The first section of that name, or null. */
export function sectionNamed(elf: Elf, wanted: string): ElfSection | null {
	for (const section of elf.sections) if (section.name === wanted) return section;
	return null;
}

/** Content of a section; empty for one without bytes in the file (.bss). Throws FormatError "truncated". */
export function sectionBytes(elf: Elf, section: ElfSection): Uint8Array {
	if (section.type === ELF.SHT_NOBITS || section.size === 0) return new Uint8Array(0);
	return part(elf.source, section.offset, section.size);
}

/** The section's content with checked access in the file's byte order. */
export function sectionFields(elf: Elf, section: ElfSection): Fields {
	return new Fields(sectionBytes(elf, section), elf.little, section.offset);
}

function readIdent(source: ByteSource): { ident: Fields; bits: 32 | 64; little: boolean } {
	const magic = part(source, 0, Math.min(64, source.size));
	const isElf = magic[0] === 0x7f && magic[1] === 0x45 && magic[2] === 0x4c && magic[3] === 0x46;
	if (!isElf) throw new FormatError("not-elf", "not an ELF file");
	const [, , , , kind, order] = magic;
	if ((kind !== 1 && kind !== 2) || (order !== 1 && order !== 2))
		throw new FormatError("bad-elf", "neither 32 nor 64 bits, or no known byte order", 4);
	return { ident: new Fields(magic, order === 1), bits: kind === 1 ? 32 : 64, little: order === 1 };
}

function readSection(table: Fields, at: number, index: number, wide: boolean): ElfSection {
	const flags = at + (wide && !table.little ? 12 : 8);
	return wide
		? {
				index,
				name: "",
				type: table.u32(at + 4),
				flags: table.u32(flags),
				address: table.address(at + 16),
				offset: table.size64(at + 24),
				size: table.size64(at + 32),
				link: table.u32(at + 40),
				info: table.u32(at + 44),
				entrySize: table.size64(at + 56),
			}
		: {
				index,
				name: "",
				type: table.u32(at + 4),
				flags: table.u32(flags),
				address: BigInt(table.u32(at + 12)),
				offset: table.u32(at + 16),
				size: table.u32(at + 20),
				link: table.u32(at + 24),
				info: table.u32(at + 28),
				entrySize: table.u32(at + 36),
			};
}
