import { type Elf, type ElfSection, sectionBytes, sectionFields, sectionNamed } from "../elf/elf.ts";
import { FormatError } from "../error.ts";
import { EXPORT_TABLES, type ExportedSymbol } from "../module/module-exports.ts";
import { type ExportShape, type ExportSpace, isEntry, shapes, stride } from "./export-shape.ts";
import { crcWords, decodeTable } from "./export-table.ts";

/**
 * What a vmlinux with section headers exports: `__ksymtab*` (relative or absolute entries, with or without a
 * namespace slot), `__kcrctab*`, `__ksymtab_strings` and, from 7.0, `__kflagstab`. null when it has no such tables.
 * Throws FormatError.
 */
export function exportsFromSections(elf: Elf): ExportedSymbol[] | null {
	const strings = sectionNamed(elf, "__ksymtab_strings");
	const tables = EXPORT_TABLES.flatMap(([suffix, kind]) => {
		const section = sectionNamed(elf, `__ksymtab${suffix}`);
		return section === null || section.size === 0 ? [] : [{ suffix, kind, section }];
	});
	if (strings === null || tables.length === 0) return null;
	const names = sectionBytes(elf, strings);
	return tables.flatMap(({ suffix, kind, section }) => {
		const space = spaceOf(elf, section, strings, names);
		const shape = shapeOf(space, elf.bits === 64 ? 8 : 4, section);
		const count = section.size / stride(shape);
		const crcs = crcsOf(elf, sectionNamed(elf, `__kcrctab${suffix}`), count);
		const flags = suffix === "" ? flagsOf(elf, count) : null;
		return decodeTable({ space, shape, start: 0, count, crcs, flags, kind: () => kind });
	});
}

function spaceOf(elf: Elf, section: ElfSection, strings: ElfSection, names: Uint8Array): ExportSpace {
	const bytes = sectionBytes(elf, section);
	return {
		table: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
		little: elf.little,
		names,
		distance: Number(section.address - strings.address),
		base: Number(BigInt.asUintN(32, strings.address)),
	};
}

function shapeOf(space: ExportSpace, pointer: 4 | 8, section: ElfSection): ExportShape {
	const fits = (shape: ExportShape) => {
		if (section.size % stride(shape) !== 0) return false;
		for (let at = 0; at < section.size; at += stride(shape)) if (!isEntry(space, shape, at)) return false;
		return true;
	};
	const found = [...shapes(true), ...shapes(false, pointer)].find(fits);
	if (found === undefined)
		throw new FormatError("bad-ksymtab", "export entries of no known shape", section.offset);
	return found;
}

/** Plain words of 32 bits or (up to 4.10) of an unsigned long, or words relative to where the CRC lies. */
function crcsOf(elf: Elf, section: ElfSection | null, count: number): number[] | null {
	if (section === null || section.size === 0) return null;
	const fields = sectionFields(elf, section);
	const width = elf.bits === 64 && section.size >= count * 8 ? 8 : 4;
	if (section.size < count * width)
		throw new FormatError("bad-kcrctab", "fewer CRCs than exports", section.offset);
	const plain = crcWords(fields, 0, count, width);
	return width === 4 ? (relativeCrcs(elf, section, plain) ?? plain) : plain;
}

function flagsOf(elf: Elf, count: number): Uint8Array | null {
	const section = sectionNamed(elf, "__kflagstab");
	if (section === null) return null;
	if (section.size < count)
		throw new FormatError("bad-kflagstab", "fewer flags than exports", section.offset);
	return sectionBytes(elf, section);
}

/** CONFIG_MODULE_REL_CRCS (4.10 to 5.18): all words lead into one section; CRCs themselves never all would. */
function relativeCrcs(elf: Elf, section: ElfSection, words: number[]): number[] | null {
	const [word] = words;
	if (word === undefined) return null;
	const first = section.address + BigInt(word | 0);
	const home = elf.sections.find(
		({ address, size, type }) =>
			type === 1 && address > 0n && first >= address && first < address + BigInt(size),
	);
	if (home === undefined) return null;
	const distance = Number(section.address - home.address);
	const places = words.map((word, index) => distance + index * 4 + (word | 0));
	if (places.some((place) => place < 0 || place + 4 > home.size)) return null;
	const fields = sectionFields(elf, home);
	return places.map((place) => fields.u32(place));
}
