import { latin1 } from "../bytes.ts";
import { type Elf, sectionBytes, sectionNamed } from "../elf/elf.ts";

/** A parameter of a part that is built in. */
export interface BuiltinParameter {
	/** "printk.time"; without a dot for those of the kernel itself. */
	name: string;
	/** Mode of its file in /sys/module; 0: it has none. */
	mode: number;
}

/** struct kernel_param (include/linux/moduleparam.h, 3.17 and later): name, mod and ops, then a mode of 16 bits. */
const ENTRY = 40;
const MODE_AT = 24;
const LONGEST = 256;
const MOST = 65536;

/**
 * The parameters in the `__param` section of a 64-bit vmlinux whose addresses are filled in (x86); null when it has no
 * such section, or its entries do not lead to names.
 */
export function parametersFromSections(elf: Elf): BuiltinParameter[] | null {
	const section = sectionNamed(elf, "__param");
	if (elf.bits !== 64 || section === null || section.size === 0 || section.size % ENTRY !== 0) return null;
	if (section.size / ENTRY > MOST) return null;
	const bytes = sectionBytes(elf, section);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const texts = new Map<number, Uint8Array>();
	const found: BuiltinParameter[] = [];
	for (let at = 0; at < bytes.length; at += ENTRY) {
		const address = view.getBigUint64(at, elf.little);
		const home = elf.sections.find(
			(one) => one.type === 1 && one.address <= address && address < one.address + BigInt(one.size),
		);
		if (home === undefined) return null;
		let content = texts.get(home.index);
		if (content === undefined) {
			content = sectionBytes(elf, home);
			texts.set(home.index, content);
		}
		const start = Number(address - home.address);
		const end = content.subarray(start, start + LONGEST).indexOf(0);
		const name = end < 0 ? "" : latin1(content, start, start + end);
		if (!/^[\w.-]+$/.test(name)) return null;
		found.push({ name, mode: view.getUint16(at + MODE_AT, elf.little) });
	}
	return found;
}
