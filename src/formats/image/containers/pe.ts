import { type ByteSource, Fields, latin1, part } from "../../bytes.ts";
import { type ContainerReader, has, type ImageContainer, padded, payloadOf } from "./container.ts";
import { scanned } from "./scan.ts";
import { sizedPayload } from "./x86.ts";

/** ARCH word for the machine of a COFF header (include/linux/pe.h). */
const ARCH_OF_PE: Readonly<Record<number, string>> = {
	332: "x86",
	448: "arm",
	450: "arm",
	452: "arm",
	20530: "riscv",
	20580: "riscv",
	25138: "loongarch",
	25188: "loongarch",
	34404: "x86",
	43620: "arm64",
};

interface Pe {
	arch: string | null;
	sections: { name: string; offset: number; size: number }[];
}

const MOST_SECTIONS = 96;

/** Machine and sections of a PE file; null when it is none, or one whose headers are not where the file says. */
function readPe(head: Fields, source: ByteSource): Pe | null {
	if (!has(head, 0, "MZ") || head.length < 0x40) return null;
	const at = head.u32(0x3c);
	if (at < 0x40 || at + 24 > source.size || latin1(part(source, at, 4)) !== "PE\0\0") return null;
	const coff = new Fields(part(source, at + 4, 20));
	const count = Math.min(coff.u16(2), MOST_SECTIONS);
	const table = at + 24 + coff.u16(16);
	if (table + count * 40 > source.size) return null;
	const entries = new Fields(part(source, table, count * 40));
	const sections = Array.from({ length: count }, (_, index) => ({
		name: padded(entries, index * 40, 8),
		offset: entries.u32(index * 40 + 20),
		// What is in the file may be padded to more than the section has.
		size: Math.min(entries.u32(index * 40 + 8) || entries.u32(index * 40 + 16), entries.u32(index * 40 + 16)),
	}));
	return { arch: ARCH_OF_PE[coff.u16(0)] ?? null, sections };
}

/** ARCH word by the PE header; null without one. */
export function peArch(head: Fields, source: ByteSource): string | null {
	return readPe(head, source)?.arch ?? null;
}

/** EFI zboot (drivers/firmware/efi/libstub/zboot-header.S) of any architecture. */
export const zboot: ContainerReader = (head, source) => {
	if (!has(head, 0, "MZ") || !has(head, 4, "zimg")) return null;
	const offset = head.u32(8);
	const size = Math.min(head.u32(12), source.size - offset);
	const payloads = sizedPayload(source, offset, size) ?? scanned(source, 0);
	return { kind: "zboot", arch: peArch(head, source), release: null, payloads };
};

/** Unified kernel image (UAPI group's specification 5): a PE whose section .linux is the kernel's own file. */
export const uki: ContainerReader = (head, source) => {
	const pe = readPe(head, source);
	const linux = pe?.sections.find(({ name }) => name === ".linux");
	if (!pe || linux === undefined || linux.offset + linux.size > source.size) return null;
	const commandLine = sectionText(pe, source, ".cmdline");
	const found: ImageContainer = {
		kind: "UKI",
		arch: pe.arch,
		release: sectionText(pe, source, ".uname") ?? null,
		payloads: [payloadOf(source, linux.offset, linux.size)],
	};
	return commandLine === undefined ? found : { ...found, commandLine };
};

const LONGEST = 4096;

function sectionText(pe: Pe, source: ByteSource, wanted: string): string | undefined {
	const section = pe.sections.find(({ name }) => name === wanted);
	if (section === undefined || section.size === 0 || section.offset + section.size > source.size)
		return undefined;
	const length = Math.min(section.size, LONGEST);
	return padded(new Fields(part(source, section.offset, length)), 0, length) || undefined;
}
