import { latin1 } from "../../formats/bytes.ts";

/** Elf32_Shdr or Elf64_Shdr as the kernel reads it: by its own word size and byte order, whatever the file says. */
export interface SectionView {
	index: number;
	nameOffset: number;
	type: number;
	flags: number;
	address: number;
	offset: number;
	size: number;
	link: number;
	info: number;
}

export interface HeaderView {
	magic: string;
	type: number;
	machine: number;
	sectionsAt: number;
	sectionEntry: number;
	sectionCount: number;
	namesIndex: number;
}

/** A module file in the eyes of a kernel of given word size and byte order. Reads stay inside `length` or answer null. */
export class ElfView {
	readonly bytes: Uint8Array;
	/** info->len: the length without an appended signature. */
	readonly length: number;
	readonly wide: boolean;
	readonly little: boolean;
	readonly #view: DataView;

	constructor(bytes: Uint8Array, length: number, bits: 32 | 64, little: boolean) {
		this.bytes = bytes;
		this.length = length;
		this.wide = bits === 64;
		this.little = little;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	/** sizeof(Elf_Ehdr). */
	get headerSize(): number {
		return this.wide ? 64 : 52;
	}

	/** sizeof(Elf_Shdr). */
	get sectionSize(): number {
		return this.wide ? 64 : 40;
	}

	/** The ELF header; only for files of at least `headerSize` bytes. */
	header(): HeaderView {
		const rest = this.wide ? 48 : 36;
		return {
			magic: latin1(this.bytes, 0, 4),
			type: this.#u16(16),
			machine: this.#u16(18),
			sectionsAt: this.wide ? this.#word(40) : this.#u32(32),
			sectionEntry: this.#u16(rest + 10),
			sectionCount: this.#u16(rest + 12),
			namesIndex: this.#u16(rest + 14),
		};
	}

	/** One section header; only after the table was found to lie in the file. */
	section(header: HeaderView, index: number): SectionView {
		const at = header.sectionsAt + index * this.sectionSize;
		const [flags, address, offset, size, link] = this.wide ? [8, 16, 24, 32, 40] : [8, 12, 16, 20, 24];
		return {
			index,
			nameOffset: this.#u32(at),
			type: this.#u32(at + 4),
			flags: this.#word(at + (flags as number)),
			address: this.#word(at + (address as number)),
			offset: this.#word(at + (offset as number)),
			size: this.#word(at + (size as number)),
			link: this.#u32(at + (link as number)),
			info: this.#u32(at + (link as number) + 4),
		};
	}

	/** The string at `offset`, up to a NUL or `most` bytes or the end of the file. */
	text(offset: number, most = 4096): string {
		if (offset < 0 || offset >= this.length) return "";
		const end = this.bytes.subarray(offset, Math.min(offset + most, this.length)).indexOf(0);
		return latin1(this.bytes, offset, end < 0 ? Math.min(offset + most, this.length) : offset + end);
	}

	/** The byte at `offset`, null beyond the end. */
	byte(offset: number): number | null {
		return offset >= 0 && offset < this.length ? (this.bytes[offset] as number) : null;
	}

	#u16(at: number): number {
		return this.#view.getUint16(at, this.little);
	}

	#u32(at: number): number {
		return this.#view.getUint32(at, this.little);
	}

	/** unsigned long of the kernel; beyond 2^53 it loses low bits, which still is beyond any file. */
	#word(at: number): number {
		return this.wide ? Number(this.#view.getBigUint64(at, this.little)) : this.#u32(at);
	}
}
