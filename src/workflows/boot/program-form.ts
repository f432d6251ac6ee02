import { archWord, type ProgramForm } from "../../host/boot/machines.ts";
import { readHead } from "../../host/files/files.ts";
import { takesMachine } from "../../kernel/loader/decisions/elf.ts";
import type { BootModule } from "./initramfs.ts";

const HEAD = 0x240;
/** xloadflags of the x86 boot protocol 2.12, bit 0: the kernel has a 64-bit entry (Documentation/arch/x86/boot.rst; 3.8). */
const [XLOADFLAGS, KERNEL_64, WITH_FLAGS] = [0x236, 1, 0x20c];

/**
 * How wide the programs of the kernel in file `image` are, and their byte order: by the image's own head, else by the first
 * of the modules that is for that architecture (`arch`: any name of it); null: neither tells.
 */
export function programForm(arch: string, image: string, modules: readonly BootModule[]): ProgramForm | null {
	const told = ofImage(headOf(image));
	if (told !== null) return told;
	for (const { bytes } of modules) {
		const form = ofElf(bytes);
		if (form === null || bytes.length < 20) continue;
		const [low = 0, high = 0] = form.little ? [bytes[18], bytes[19]] : [bytes[19], bytes[18]];
		if (takesMachine(archWord(arch), form.bits, low + 256 * high)) return form;
	}
	return null;
}

/** The first bytes; none of a file that cannot be read, of which the boot itself speaks. */
function headOf(image: string): Buffer {
	try {
		return Buffer.from(readHead(image, HEAD));
	} catch {
		return Buffer.alloc(0);
	}
}

function ofImage(head: Buffer): ProgramForm | null {
	if (
		head.length === HEAD &&
		head.toString("latin1", 0x202, 0x206) === "HdrS" &&
		head.readUInt16LE(0x206) >= WITH_FLAGS
	)
		return { bits: (head.readUInt16LE(XLOADFLAGS) & KERNEL_64) === 0 ? 32 : 64, little: true };
	return ofElf(head);
}

function ofElf(bytes: Uint8Array): ProgramForm | null {
	const [magic, letter, bits, order] = [bytes[0], bytes[1], bytes[4], bytes[5]];
	if (magic !== 0x7f || letter !== 0x45 || (bits !== 1 && bits !== 2)) return null;
	return { bits: bits === 1 ? 32 : 64, little: order !== 2 };
}
