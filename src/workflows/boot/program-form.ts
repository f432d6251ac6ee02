import type { ProgramForm } from "../../host/boot/machines.ts";
import type { BootModule } from "./initramfs.ts";

/** How wide the kernel's programs are and their byte order, by the first module that is an ELF file; null: none is. */
export function programForm(modules: readonly BootModule[]): ProgramForm | null {
	for (const { bytes } of modules) {
		const [magic, letter, bits, order] = [bytes[0], bytes[1], bytes[4], bytes[5]];
		if (magic !== 0x7f || letter !== 0x45 || (bits !== 1 && bits !== 2)) continue;
		return { bits: bits === 1 ? 32 : 64, little: order !== 2 };
	}
	return null;
}
