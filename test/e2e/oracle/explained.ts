import type { ModuleVerdict } from "../../../src/workflows/boot/verdicts.ts";
import { explained } from "../makes/scene.ts";

/** What explain must make of the kernel's words to a variant, by the start of its name; the longest that fits counts. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
	"release-wrong": ["vermagic-release"],
	"release-wrong-flag-off": ["vermagic-flags"],
	"flag-off": ["vermagic-flags"],
	vermagic: ["vermagic-flags", "vermagic-release", "vermagic-localversion"],
	"vermagic-absent": ["vermagic-missing"],
	"vermagic-empty": ["vermagic-missing"],
	"versions-absent": ["symbol-version-missing"],
	"crc-of-a-function": ["symbol-version-mismatch"],
	"crc-of-module_layout": ["module-layout-version"],
	"crc-absent": ["symbol-version-missing"],
	// Where a module uses exports for GPL modules alone, these are hidden from another.
	licence: ["unknown-symbol", "gpl-only-symbol"],
	"modinfo-absent": ["elf-header-invalid", "vermagic-missing", "unknown-symbol"],
	"gpl-only-proprietary": ["unknown-symbol", "gpl-only-symbol"],
	"namespace-missing": ["symbol-namespace"],
	dependency: ["unknown-symbol"],
	symbol: ["unknown-symbol"],
	cut: ["elf-header-invalid"],
	empty: ["elf-header-invalid"],
	"not-elf": ["elf-header-invalid"],
	machine: ["elf-header-invalid"],
	class: ["elf-header-invalid"],
	"byte-order": ["elf-header-invalid"],
	type: ["elf-header-invalid"],
	section: ["elf-header-invalid"],
	symtab: ["elf-header-invalid"],
	modinfo: ["elf-header-invalid", "vermagic-missing"],
	"this_module-absent": ["elf-header-invalid"],
	this_module: ["struct-module-size"],
	"this_module-filled": ["struct-module-layout"],
	"relocation-outside": ["unknown-relocation", "module-crashed", "loader-crashed", "struct-module-layout"],
	common: ["common-symbols"],
	"built-in": ["module-already-loaded"],
	"crc-upper-half": ["module-layout-version"],
	"crc-upper-half-of-a-function": ["symbol-version-mismatch"],
	relocation: ["unknown-relocation"],
	livepatch: ["no-module-support"],
	signature: ["signature-format", "signature-rejected", "signature-required"],
	distribution: ["signature-rejected", "signature-required", "signature-format"],
	btf: ["btf-mismatch"],
	symvers: ["symbol-version-missing"],
	off: [
		"struct-module-size",
		"struct-module-layout",
		"module-layout-version",
		"symbol-version-mismatch",
		"vermagic-flags",
		"unknown-symbol",
	],
};

/**
 * What is wrong with explain's answer to what this kernel logged; null when it fits, or when there is nothing to explain:
 * the module loaded, or the kernel said no word of it.
 */
export function misexplained(id: string, { loaded, log, errno }: ModuleVerdict): string | null {
	if (loaded || log.length === 0) return null;
	const [kind] = Object.keys(FITTING)
		.filter((start) => id.startsWith(start))
		.sort((a, b) => b.length - a.length);
	const fitting = kind === undefined ? [] : (FITTING[kind] ?? []);
	const tool = errno === null ? "" : `insmod: ERROR: could not insert module ${id}.ko: ${errno.name}`;
	const { ids } = explained([...log, tool].join("\n"));
	if (ids[0] !== undefined && fitting.includes(ids[0])) return null;
	return `explain: ${ids.join(", ") || "nothing"} for ${JSON.stringify(log)}, not ${fitting.join(" or ") || "known here"}`;
}
