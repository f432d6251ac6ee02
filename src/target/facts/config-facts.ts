import { KprepError } from "../../errors.ts";
import { archWord } from "../../kernel/arch.ts";
import { type Config, looksLikeConfig, parseConfig } from "../../kernel/config/config.ts";
import type { Evidence, FileFact, Source } from "../target.ts";

/** The target's .config: its text, its symbols, and what they say about the kernel. */
export interface TargetConfig {
	text: string;
	symbols: Config;
	/** What the config says about the kernel, as configEvidence. */
	evidence: Evidence;
}

/**
 * Reads the .config that was taken for the target. Throws `not-a-config` when the file is something else, and
 * `no-module-support` when the kernel cannot load modules at all.
 */
export async function readTargetConfig(file: FileFact): Promise<TargetConfig> {
	const text = new TextDecoder().decode(await file.read());
	if (!looksLikeConfig(text)) throw notAConfig(file.value, text);
	const symbols = parseConfig(text);
	if (symbols.get("MODULES") !== "y") throw noModuleSupport(file.value);
	return { text, symbols, evidence: configEvidence(text, file.source) };
}

/** The error for a kernel that was built without CONFIG_MODULES; `where` is what says so. */
export function noModuleSupport(where: string): KprepError {
	return new KprepError("missing", "no-module-support", "the target kernel cannot load modules at all", {
		expected: "CONFIG_MODULES=y",
		found: "CONFIG_MODULES is not set",
		where,
		suggestions: [
			"the same command with -t or --sysroot, when the modules are for another kernel than this one",
			"use a kernel that was built with CONFIG_MODULES=y, or build the driver into the kernel",
		],
	});
}

function notAConfig(path: string, text: string): KprepError {
	const first = text.split("\n", 1)[0]?.slice(0, 60) ?? "";
	return new KprepError("missing", "not-a-config", `${path} is not a kernel .config`, {
		expected: "lines such as CONFIG_MODULES=y and '# CONFIG_X is not set'",
		found: text === "" ? "an empty file" : JSON.stringify(first),
		where: path,
		suggestions: ["name the target's own config with --config FILE"],
	});
}

/** "# Linux/x86 6.1.192 Kernel Configuration": written by kconfig (scripts/kconfig/confdata.c) from 2.6.38 on. */
const TITLE = /^# Linux\/(\w+) (\d+\.\d+(?:\.\d+)?)\S* Kernel Configuration$/m;
/** From 5.8 on. */
const CC_VERSION = /^CONFIG_CC_VERSION_TEXT="(.*)"$/m;
/** "# Compiler: gcc (GCC) 8.2.1": 4.19 to 5.7, before CONFIG_CC_VERSION_TEXT was written into the file. */
const COMPILER = /^# Compiler: (.+)$/m;

/** Renamed in 6.9. */
const RETPOLINE = /^CONFIG_(?:MITIGATION_)?RETPOLINE=y$/m;

/** Version, arch, compiler, signing and retpolines as a .config's text names them; nothing of it is checked. */
export function configEvidence(text: string, source: Source): Evidence {
	const head = text.slice(0, 4096);
	const [, arch, version] = TITLE.exec(head) ?? [];
	const compiler = CC_VERSION.exec(text)?.[1]?.replace(/\\(["\\])/g, "$1") ?? COMPILER.exec(head)?.[1];
	const architecture = arch === undefined ? archOfSymbols(text) : archWord(arch);
	return {
		version: version === undefined ? null : { value: version, source },
		arch: architecture === null ? null : { value: architecture, source },
		compiler: compiler === undefined ? null : { value: compiler, source },
		signatureCheck: { value: text.includes("\nCONFIG_MODULE_SIG=y\n") ? "checked" : "not checked", source },
		retpoline: architecture === "x86" ? { value: RETPOLINE.test(text) ? "yes" : "no", source } : null,
	};
}

/** Symbols that are on in every kernel of an architecture, for a config that lost its title. */
const ARCH_SYMBOLS: readonly [symbol: string, arch: string][] = [
	["X86", "x86"],
	["ARM64", "arm64"],
	["ARM", "arm"],
	["RISCV", "riscv"],
	["PPC", "powerpc"],
	["S390", "s390"],
	["MIPS", "mips"],
	["LOONGARCH", "loongarch"],
];

function archOfSymbols(text: string): string | null {
	return ARCH_SYMBOLS.find(([symbol]) => text.includes(`\nCONFIG_${symbol}=y\n`))?.[1] ?? null;
}
