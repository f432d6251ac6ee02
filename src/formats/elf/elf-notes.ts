import { Fields, latin1 } from "../bytes.ts";
import { ELF, type Elf, sectionBytes } from "./elf.ts";

export interface ElfNote {
	/** Owner, such as "GNU", "Linux" or "Xen". */
	name: string;
	type: number;
	content: Uint8Array;
}

/** The notes of one PT_NOTE segment or SHT_NOTE section; a damaged tail is left out. Never throws. */
export function readNotes(bytes: Uint8Array, little = true): ElfNote[] {
	const fields = new Fields(bytes, little);
	const notes: ElfNote[] = [];
	let at = 0;
	while (at + 12 <= bytes.length) {
		const nameSize = fields.u32(at);
		const size = fields.u32(at + 4);
		const start = at + 12 + padded(nameSize);
		if (start + size > bytes.length) break;
		const name = latin1(bytes, at + 12, at + 12 + Math.max(0, nameSize - 1));
		notes.push({ name, type: fields.u32(at + 8), content: bytes.subarray(start, start + size) });
		at = start + padded(size);
	}
	return notes;
}

/** All notes of the file's SHT_NOTE sections. Throws FormatError "truncated". */
export function elfNotes(elf: Elf): ElfNote[] {
	return elf.sections
		.filter(({ type }) => type === ELF.SHT_NOTE)
		.flatMap((section) => readNotes(sectionBytes(elf, section), elf.little));
}

function padded(size: number): number {
	return Math.ceil(size / 4) * 4;
}
