import type { Banner } from "../banner.ts";
import type { ByteSource } from "../bytes.ts";
import { ARCH_OF_MACHINE, type Elf, sectionNamed } from "../elf/elf.ts";
import type { ExportedSymbol } from "../module/module-exports.ts";
import { findBanner, findVermagic, findVersionCode } from "./banner.ts";
import { exportsByStructure } from "./export-search.ts";
import { exportsFromSections } from "./export-sections.ts";
import { type BuiltinParameter, parametersFromSections } from "./parameters.ts";
import { type Bounds, findBtf, findIkconfig } from "./parts.ts";
import { dataRegions, vmlinuxElf } from "./regions.ts";

/** What an uncompressed kernel says about itself. */
export interface KernelImage {
	/** null: no linux_banner, so most likely no kernel. */
	banner: Banner | null;
	/** LINUX_VERSION_CODE of its vDSO. */
	versionCode: number | null;
	/** Whole, trailing space included; null when the kernel takes no modules. */
	vermagic: string | null;
	/** ARCH word by e_machine, or "um"; null for raw images, whose container tells it. */
	arch: string | null;
	/** Bounds of the gzip data of CONFIG_IKCONFIG. */
	ikconfig: Bounds | null;
	btf: Bounds | null;
	/** What vmlinux exports, in table order; null when there are no export tables. */
	exports: ExportedSymbol[] | null;
	/** What is built in takes these parameters; null where the image does not tell (not x86, no section headers). */
	parameters: BuiltinParameter[] | null;
}

/**
 * Reads an uncompressed kernel: a vmlinux (ELF) or a raw image (arm64, riscv, arm). Only data sections of a vmlinux
 * are read. `little` is the byte order of a raw image. Throws FormatError.
 */
export function readKernel(source: ByteSource, little = true): KernelImage {
	const elf = vmlinuxElf(source);
	const found: Omit<KernelImage, "arch" | "exports" | "parameters"> = {
		banner: null,
		versionCode: null,
		vermagic: null,
		ikconfig: null,
		btf: null,
	};
	let exports = elf === null ? null : exportsFromSections(elf);
	const btf = elf === null ? null : sectionNamed(elf, ".BTF");
	found.btf = btf === null ? null : { offset: btf.offset, size: btf.size };
	for (const region of dataRegions(source, elf)) {
		found.banner ??= findBanner(region);
		found.versionCode ??= findVersionCode(region, elf?.little ?? little);
		found.ikconfig ??= findIkconfig(region);
		if (elf !== null || found.banner === null) continue;
		found.btf ??= findBtf(region);
		exports ??= exportsByStructure(region.bytes, little);
	}
	if (found.banner !== null) {
		for (const region of dataRegions(source, elf))
			found.vermagic ??= findVermagic(region, found.banner.release);
	}
	return {
		...found,
		arch: elf === null ? null : archOf(elf),
		exports,
		parameters: elf === null ? null : parametersFromSections(elf),
	};
}

/** User-mode Linux is a program of the host's machine; its linker script (arch/um/include/asm/common.lds.S) names sections for it. */
function archOf(elf: Elf): string | null {
	if (elf.sections.some(({ name }) => name.startsWith(".uml."))) return "um";
	return ARCH_OF_MACHINE[elf.machine] ?? null;
}
