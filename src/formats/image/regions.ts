import { type ByteSource, find, part } from "../bytes.ts";
import { ELF, type Elf, readElf, sectionBytes } from "../elf/elf.ts";

/** A piece of the uncompressed kernel that is looked through: a data section, or the whole of a raw image. */
export interface Region {
	name: string;
	/** Where it lies in the uncompressed kernel file, in bytes. */
	offset: number;
	bytes: Uint8Array;
}

const SHF_EXECINSTR = 4;

/** The ELF tables of a vmlinux; null for a raw image and for an ELF file without section headers. */
export function vmlinuxElf(source: ByteSource): Elf | null {
	if (source.size < 64 || part(source, 0, 4).join() !== "127,69,76,70") return null;
	const elf = readElf(source);
	return elf.sections.length > 1 ? elf : null;
}

/** Loaded data without code, read-only data first: where a vmlinux keeps its strings. One region for a raw image. */
export function* dataRegions(source: ByteSource, elf: Elf | null): Generator<Region> {
	if (elf === null) {
		yield { name: "", offset: 0, bytes: part(source, 0, source.size) };
		return;
	}
	const loaded = elf.sections.filter(
		({ type, flags }) => type === 1 && (flags & ELF.SHF_ALLOC) !== 0 && (flags & SHF_EXECINSTR) === 0,
	);
	for (const section of loaded.sort((a, b) => rank(a.name) - rank(b.name)))
		yield { name: section.name, offset: section.offset, bytes: sectionBytes(elf, section) };
}

/** Every place of a text (Latin-1) in the region, in order. */
export function* occurrences(region: Region, text: string): Generator<number> {
	for (let at = find(region.bytes, text); at >= 0; at = find(region.bytes, text, at + 1)) yield at;
}

const FIRST = [".rodata", ".init.rodata", ".init.data", ".data", ".data..ro_after_init"];

function rank(name: string): number {
	const at = FIRST.indexOf(name);
	return at < 0 ? FIRST.length : at;
}
