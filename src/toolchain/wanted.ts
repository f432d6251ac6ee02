import { archWord, tripletOf } from "../kernel/arch.ts";
import { parseCompiler } from "../kernel/compiler.ts";
import { type Config, isOn, stringOf } from "../kernel/config/config.ts";

/** What a build takes from one place at a time: a compiler with its binutils, pahole, or Rust with bindgen and libclang. */
export const PARTS = ["gcc", "clang", "pahole", "rust"] as const;
export type Part = (typeof PARTS)[number];

/** One part of what the target was built with. */
export interface Wanted {
	part: Part;
	/** ARCH word that it compiles for. */
	arch: string;
	/** The usual GNU triplet of that; null where there is none. */
	triplet: string | null;
	/** How the target calls its program: "x86_64-linux-gnu-gcc-16", "clang-19", "pahole", "rustc". */
	name: string;
	/** "16.2.0"; null: the target does not tell. */
	version: string | null;
	/** What must be the same: "16"; for pahole the least version, for Rust the whole one. */
	major: string | null;
	/** The distribution's package version as the compiler's text has it: "16.2.0-4". */
	packageVersion: string | null;
	/** gcc: its plugin headers and its C++ compiler too (CONFIG_GCC_PLUGINS). */
	plugins: boolean;
	/** clang: LLD and LLVM's binutils of its own version too (CONFIG_LD_IS_LLD). */
	lld: boolean;
	/** It stands for CROSS_COMPILE_COMPAT. */
	compat: boolean;
	neededFor: string;
}

export interface WantedFacts {
	config: Config;
	/** CONFIG_CC_VERSION_TEXT or the banner's compiler; null: unknown. */
	compiler: string | null;
	/** ARCH word of the target. */
	arch: string;
}

/** The parts that a target's build needs, the compiler first, from its configuration and its compiler's own words. */
export function wantedParts({ config, compiler, arch }: WantedFacts): Wanted[] {
	const cc = compilerPart(config, compiler, arch);
	const common = {
		...{ arch: cc.arch, triplet: cc.triplet, packageVersion: null },
		...{ plugins: false, lld: false, compat: false },
	};
	const parts = [cc];
	// The compat vDSO of arm64 is compiled for 32-bit arm (arch/arm64/Kconfig: COMPAT_VDSO; clang needs no other one).
	if (cc.part === "gcc" && cc.arch === "arm64" && isOn(config, "COMPAT_VDSO"))
		parts.push({
			...{ ...cc, arch: "arm", triplet: tripletOf("arm"), name: "gcc", plugins: false, compat: true },
			neededFor: "CONFIG_COMPAT_VDSO",
		});
	if (isOn(config, "DEBUG_INFO_BTF")) {
		const version = paholeVersion(config.get("PAHOLE_VERSION"));
		parts.push({
			...{ ...common, part: "pahole", name: "pahole", version, major: version },
			neededFor: "CONFIG_DEBUG_INFO_BTF",
		});
	}
	if (isOn(config, "RUST")) {
		const version = rustVersion(config);
		parts.push({
			...{ ...common, part: "rust", name: "rustc", version, major: version },
			neededFor: "CONFIG_RUST: modules in Rust",
		});
	}
	return parts;
}

function compilerPart(config: Config, text: string | null, given: string): Wanted {
	const arch = archWord(given) ?? given;
	const parsed = text === null ? null : parseCompiler(text);
	const part = isOn(config, "CC_IS_CLANG") || parsed?.family === "clang" ? "clang" : "gcc";
	return {
		...{
			part,
			arch,
			triplet: tripletOf(arch),
			version: parsed?.version ?? null,
			major: parsed?.major ?? null,
		},
		...{ name: programName(text, part, parsed?.major ?? null), packageVersion: packageVersion(text) },
		...{ plugins: part === "gcc" && isOn(config, "GCC_PLUGINS"), compat: false },
		lld: part === "clang" && isOn(config, "LD_IS_LLD"),
		neededFor: "compiling as the target was compiled",
	};
}

/** The first word of "gcc-12 (Debian 12.2.0-14) 12.2.0" when it is a compiler's name; a name of a foreign kernel is never a command. */
function programName(text: string | null, part: "gcc" | "clang", major: string | null): string {
	const named = text?.trim().split(" ")[0]?.replace(/^.*\//, "") ?? "";
	if (/^[\w.+-]*(?:gcc|clang)[\w.+-]*$/.test(named)) return named;
	return major === null || part === "gcc" ? part : `${part}-${major}`;
}

/** "(Debian 12.2.0-14+deb12u1)", "(Ubuntu 13.3.0-6ubuntu2~24.04)" → the version in it; "Debian clang version 19.1.7 (3)" has a part only. */
function packageVersion(text: string | null): string | null {
	return /\((?:Debian|Ubuntu) (\d[\w.+~:-]*)\)/.exec(text ?? "")?.[1] ?? null;
}

/** CONFIG_PAHOLE_VERSION=132 → "1.32" (scripts/pahole-version.sh; 5.16 and later). */
function paholeVersion(symbol: string | undefined): string | null {
	const number = Number(symbol);
	return Number.isInteger(number) && number >= 100 ? `${Math.floor(number / 100)}.${number % 100}` : null;
}

/** CONFIG_RUSTC_VERSION_TEXT="rustc 1.97.1 (...)"; else CONFIG_RUSTC_VERSION=109701 (init/Kconfig). */
function rustVersion(config: Config): string | null {
	const text = /^rustc (\d+\.\d+\.\d+)/.exec(stringOf(config, "RUSTC_VERSION_TEXT") ?? "")?.[1];
	const number = Number(config.get("RUSTC_VERSION") ?? 0);
	if (text !== undefined) return text;
	return number < 10_000
		? null
		: `${Math.floor(number / 100_000)}.${Math.floor(number / 100) % 1000}.${number % 100}`;
}
