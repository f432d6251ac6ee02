import { readElf, sectionNamed } from "../../../src/formats/elf/elf.ts";

/** A copy of a 64-bit little-endian module to be damaged in one place. */
export class Edit {
	readonly bytes: Uint8Array;
	readonly #view: DataView;

	constructor(original: Uint8Array) {
		// Not slice(): a Buffer's shares its memory.
		this.bytes = new Uint8Array(original);
		this.#view = new DataView(this.bytes.buffer);
	}

	/** Changes a byte of the file. */
	byte(at: number, value: number): this {
		this.bytes[at] = value;
		return this;
	}

	u16(at: number, value: number): this {
		this.#view.setUint16(at, value, true);
		return this;
	}

	/** Adds to the size that a section claims to have. */
	grow(section: string, by: number): this {
		const at = this.#header(section) + SIZE;
		this.#view.setBigUint64(at, this.#view.getBigUint64(at, true) + BigInt(by), true);
		return this;
	}

	/** Sets the type word of a section header. */
	type(section: string, type: number): this {
		this.#view.setUint32(this.#header(section) + TYPE, type, true);
		return this;
	}

	/** Sets the file offset that a section header names. */
	offset(section: string, offset: bigint): this {
		this.#view.setBigUint64(this.#header(section) + OFFSET, offset, true);
		return this;
	}

	/** Gives a section another name of the same length, wherever its name is stored. */
	rename(section: string, name: string): this {
		const { index } = this.#section(section);
		const strings = this.#section(".shstrtab");
		this.#put(strings.offset + this.#view.getUint32(this.#headerAt(index), true), section, name);
		return this;
	}

	/** Replaces a text of a section by one that is not longer; the rest is filled with zeros. */
	text(section: string, from: string | RegExp, to: string): this {
		const { offset, size } = this.#section(section);
		const content = Buffer.from(this.bytes.subarray(offset, offset + size)).toString("latin1");
		const match = typeof from === "string" ? [from] : (from.exec(content) ?? [from.source]);
		const found = content.indexOf(match[0] as string);
		if (found < 0) throw new Error(`no ${from} in ${section}`);
		this.#put(offset + found, match[0] as string, to);
		return this;
	}

	/** Changes the CRC that the module expects of a symbol, or of the first one that is not module_layout. */
	crc(symbol: string | null): this {
		const { offset, size } = this.#section("__versions");
		for (let at = offset; at < offset + size; at += 64) {
			const name = Buffer.from(this.bytes.subarray(at + 8, at + 64))
				.toString("latin1")
				.split("\0")[0];
			if (name === undefined || (symbol === null ? name === "module_layout" : name !== symbol)) continue;
			this.#view.setUint32(at, this.#view.getUint32(at, true) ^ 0x10101, true);
			return this;
		}
		throw new Error(`no version of ${symbol}`);
	}

	/** Sets a bit in the upper half of the word that holds the CRC of a symbol. */
	crcUpper(symbol: string): this {
		const { offset, size } = this.#section("__versions");
		for (let at = offset; at < offset + size; at += 64) {
			const name = Buffer.from(this.bytes.subarray(at + 8, at + 64))
				.toString("latin1")
				.split("\0")[0];
			if (name === symbol) this.#view.setUint32(at + 4, 1, true);
		}
		return this;
	}

	/** Moves the first undefined symbol to another section index, such as SHN_COMMON. */
	undefinedTo(section: number): this {
		const { offset, size } = this.#section(".symtab");
		for (let at = offset + 24; at < offset + size; at += 24) {
			if (this.#view.getUint16(at + 6, true) !== 0 || this.bytes[at + 4] === 0) continue;
			this.#view.setUint16(at + 6, section, true);
			return this;
		}
		throw new Error("no undefined symbol");
	}

	/** Moves the place that the last relocation for a section writes to. */
	relocateAt(section: string, place: bigint): this {
		const { offset, size } = this.#section(`.rela${section}`);
		this.#view.setBigUint64(offset + size - 24, place, true);
		return this;
	}

	/** Takes an entry's name away from __versions, so that the symbol has no CRC in the module. */
	withoutVersion(symbol: string): this {
		const { offset, size } = this.#section("__versions");
		for (let at = offset; at < offset + size; at += 64) {
			const name = Buffer.from(this.bytes.subarray(at + 8, at + 64))
				.toString("latin1")
				.split("\0")[0];
			if (name === symbol) this.bytes[at + 8] = "~".charCodeAt(0);
		}
		return this;
	}

	/** Sets the type of the first relocation for a section. */
	relocation(section: string, type: number): this {
		this.#view.setUint32(this.#section(section).offset + 8, type, true);
		return this;
	}

	/** Takes the calls of the module's init and exit functions out of it: what is left is the loader's alone. */
	withoutInit(): this {
		const { offset, size } = this.#section(".rela.gnu.linkonce.this_module");
		for (let at = offset; at < offset + size; at += 24) this.#view.setUint32(at + 8, NO_RELOCATION, true);
		return this;
	}

	/** Writes 8 bytes that are not zero where the first relocation for a section will write. */
	fillTarget(section: string): this {
		const at = Number(this.#view.getBigUint64(this.#section(`.rela${section}`).offset, true));
		this.#view.setBigUint64(this.#section(section).offset + at, 0x1234n, true);
		return this;
	}

	has(section: string): boolean {
		return sectionNamed(readElf(this.bytes), section) !== null;
	}

	#section(name: string) {
		const section = sectionNamed(readElf(this.bytes), name);
		if (section === null) throw new Error(`no section ${name}`);
		return section;
	}

	#header(section: string): number {
		return this.#headerAt(this.#section(section).index);
	}

	#headerAt(index: number): number {
		return Number(this.#view.getBigUint64(40, true)) + index * 64;
	}

	#put(at: number, from: string, to: string): void {
		if (to.length > from.length) throw new Error(`${to} is longer than ${from}`);
		this.bytes.set(new TextEncoder().encode(to.padEnd(from.length, "\0")), at);
	}
}

/** R_X86_64_NONE. */
const NO_RELOCATION = 0;
const TYPE = 4;
const OFFSET = 24;
const SIZE = 32;
