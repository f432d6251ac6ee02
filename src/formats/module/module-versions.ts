import { latin1 } from "../bytes.ts";
import { type Elf, sectionBytes, sectionFields, sectionNamed } from "../elf/elf.ts";
import { FormatError } from "../error.ts";

/** The CRC that a module expects an imported symbol to have. */
export interface SymbolVersion {
	symbol: string;
	/** More than 32 bits only in a damaged module: the loader compares the whole unsigned long (check_version()). */
	crc: number;
}

/** sizeof(struct modversion_info) in every era: unsigned long crc; char name[64 - sizeof(long)]. */
const ENTRY = 64;

/**
 * What a module imports and with which CRC: `__versions`, or the extended pair `__version_ext_crcs` and
 * `__version_ext_names` (6.14, kernel/module/version.c), which holds names of any length and wins when both are there.
 * null when the module has neither (built without CONFIG_MODVERSIONS). What `repeated` was shown before may be left
 * out. Throws FormatError.
 */
export function readVersions(elf: Elf, repeated?: RepeatedVersions): SymbolVersion[] | null {
	return extendedVersions(elf) ?? plainVersions(elf, repeated);
}

/** 2^14 entries: more than modules import of most kernels, and they stay in a processor's cache. */
const SLOT_BITS = 14;
const WORDS = ENTRY / 4;

/**
 * Knows entries of `__versions` again: the modules of one kernel import the same symbols over and over, and decoding
 * each name anew is most of the work of reading them. An entry keeps its slot until another with the same CRC bits
 * comes, so it may forget, but what it knows is equal in all 64 bytes.
 */
export class RepeatedVersions {
	readonly #entries = new Uint32Array(2 ** SLOT_BITS * WORDS);

	/** Whether the entry at `at` was given before; it is remembered. */
	knows(view: DataView, at: number): boolean {
		const crc = view.getUint32(at, true) ^ view.getUint32(at + 4, true);
		const slot = (Math.imul(crc, 0x9e3779b1) >>> (32 - SLOT_BITS)) * WORDS;
		let word = 0;
		while (word < WORDS && this.#entries[slot + word] === view.getUint32(at + word * 4, true)) word++;
		if (word === WORDS) return true;
		for (; word < WORDS; word++) this.#entries[slot + word] = view.getUint32(at + word * 4, true);
		return false;
	}
}

function plainVersions(elf: Elf, repeated?: RepeatedVersions): SymbolVersion[] | null {
	const section = sectionNamed(elf, "__versions");
	if (section === null) return null;
	const fields = sectionFields(elf, section);
	const word = elf.bits / 8;
	const versions: SymbolVersion[] = [];
	const view = new DataView(fields.bytes.buffer, fields.bytes.byteOffset, fields.length);
	for (let at = 0; at + ENTRY <= fields.length; at += ENTRY) {
		if (repeated?.knows(view, at)) continue;
		// A CRC has 32 bits; in a 64-bit big-endian long they come last.
		const upper = word === 8 ? fields.u32(at + (elf.little ? 4 : 0)) : 0;
		const crc = fields.u32(at + (elf.little ? 0 : word - 4)) + upper * 2 ** 32;
		const end = fields.bytes.indexOf(0, at + word);
		const symbol = latin1(fields.bytes, at + word, end < 0 ? at + ENTRY : Math.min(end, at + ENTRY));
		if (symbol !== "") versions.push({ symbol: symbol.replace(/^\./, ""), crc });
	}
	return versions;
}

function extendedVersions(elf: Elf): SymbolVersion[] | null {
	const crcs = sectionNamed(elf, "__version_ext_crcs");
	const names = sectionNamed(elf, "__version_ext_names");
	if (crcs === null || names === null) return null;
	const fields = sectionFields(elf, crcs);
	const symbols = latin1(sectionBytes(elf, names)).split("\0");
	return Array.from({ length: Math.floor(fields.length / 4) }, (_, index) => {
		const symbol = symbols[index];
		if (symbol === undefined || symbol === "")
			throw new FormatError("bad-versions", "fewer names than CRCs", names.offset);
		return { symbol, crc: fields.u32(index * 4) };
	});
}
