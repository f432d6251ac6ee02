import type { ByteSource } from "../../bytes.ts";
import { type ContainerReader, has, whole } from "./container.ts";
import { peArch } from "./pe.ts";
import { scanned } from "./scan.ts";

/** arm64 Documentation/arch/arm64/booting.rst. */
export const arm64Image: ContainerReader = (head, source) =>
	has(head, 0x38, "ARM\x64") ? whole("arm64-Image", "arm64", source) : null;

/** riscv Documentation/arch/riscv/boot-image-header.rst: "RISCV" up to 5.5, then "RSC\x05", PE or not. */
export const riscvImage: ContainerReader = (head, source) =>
	has(head, 0x30, "RISCV\0\0\0") || has(head, 0x38, "RSC\x05") ? whole("riscv-Image", "riscv", source) : null;

/** arch/loongarch/kernel/head.S: a PE header with LINUX_PE_MAGIC (include/linux/pe.h) and nothing else to know it by. */
export const loongarchImage: ContainerReader = (head, source) =>
	has(head, 0x38, "\xcd\x23\x82\x81") && peArch(head, source) === "loongarch"
		? whole("loongarch-Image", "loongarch", source)
		: null;

const S390_MARK = 0x10008;

/** arch/s390/boot/head.S: "S390EP" where a loader looks for parameters. Newer ones are compressed, older ones as they run. */
export const s390Image: ContainerReader = (head, source) => {
	if (!has(head, S390_MARK, "S390EP")) return null;
	const image = whole("s390-bzImage", "s390", source);
	return { ...image, payloads: [...scanned(source, 0), ...image.payloads] };
};

export const elf: ContainerReader = (head, source) =>
	has(head, 0, "\x7fELF") ? whole("vmlinux", null, source) : null;

/** For an ELF that is no vmlinux: powerpc's zImage and mips' vmlinuz hold it compressed somewhere (arch/powerpc/boot). */
export function insideElf(source: ByteSource) {
	return scanned(source, 64);
}
