import type { Compression } from "../../compression/compression.ts";

/** U-Boot's numbers of architectures in a legacy header (include/image.h, IH_ARCH_*) → ARCH word. */
const ARCHS: Readonly<Record<number, string>> = {
	1: "alpha",
	2: "arm",
	3: "x86",
	4: "ia64",
	5: "mips",
	6: "mips",
	7: "powerpc",
	8: "s390",
	9: "sh",
	10: "sparc",
	11: "sparc",
	12: "m68k",
	14: "microblaze",
	15: "nios2",
	20: "nds32",
	21: "openrisc",
	22: "arm64",
	23: "arc",
	24: "x86",
	25: "xtensa",
	26: "riscv",
};

/** The same as words of a FIT (boot/image.c, uimage_arch), where they are not the ARCH word itself. */
const WORDS: Readonly<Record<string, string>> = {
	x86_64: "x86",
	mips64: "mips",
	ppc: "powerpc",
	sparc64: "sparc",
	or1k: "openrisc",
	riscv64: "riscv",
};

/** Of a legacy header; what is not here is none. */
const COMPRESSIONS: Readonly<Record<number, Compression>> = {
	1: "gzip",
	2: "bzip2",
	3: "lzma",
	4: "lzo",
	5: "lz4",
	6: "zstd",
};

/** ARCH word by the number or the word that U-Boot has for it; null for one that no kernel is built for. */
export function ubootArch(of: number | string): string | null {
	if (typeof of === "number") return ARCHS[of] ?? null;
	return /^[a-z][a-z0-9_]{1,15}$/.test(of) ? (WORDS[of] ?? of) : null;
}

/**
 * How the bytes are packed, by what the header says and what they begin with: lzma of other than the default settings
 * (OpenWrt's) has no magic that would tell it.
 */
export function ubootCompression(said: number | string, seen: Compression | null): Compression | null {
	if (seen !== null) return seen;
	const word = typeof said === "number" ? COMPRESSIONS[said] : said;
	return word === "lzma" ? "lzma" : null;
}
