import { has, on } from "../../era.ts";
import type { TargetSymbol } from "../../knowledge.ts";
import { type Decision, findSection, forceLoad, type Loading } from "../../loading.ts";
import { type Outcome, type Refusal, refuse, undecided } from "../../verdict.ts";

/** Both or neither of the extended version sections, with as many names as CRCs. */
export const versionSections: Decision = {
	id: "version-sections",
	follows: "kernel/module/main.c: elf_validity_cache_index_versions() (6.14)",
	decide(loading) {
		if (has(loading.kernel, "extendedVersions") !== true) return null;
		const crcs = findSection(loading, "__version_ext_crcs");
		const names = findSection(loading, "__version_ext_names");
		if ((crcs === null) === (names === null)) return null;
		return refuse(
			"ENOEXEC",
			"extended version crc+name presence does not match",
			"module-layout",
			"CRCs with their names",
			"one without the other",
		);
	},
};

/** The CRC of module_layout stands for the layout of struct module and its kin. */
export const moduleLayout: Decision = {
	id: "module-layout",
	follows: "kernel/module/version.c: check_modstruct_version() (kernel/module.c before 5.19)",
	decide(loading) {
		const { kernel } = loading;
		const versions = on(kernel, "MODVERSIONS");
		if (versions === false) return null;
		const exported = kernel.exports?.get("module_layout");
		if (versions === null || exported === undefined)
			return undecided(
				"module-layout",
				"the target's CRC of module_layout",
				moduleCrc(loading, "module_layout"),
			);
		return checkVersion(loading, "module_layout", exported, "ENOEXEC");
	},
};

/** check_version(): the refusal of one symbol, with the lines that it logs itself. */
export function checkVersion(
	loading: Loading,
	symbol: string,
	exported: TargetSymbol,
	errno: string,
): Outcome {
	if (exported.crc === null) return null;
	const module = loading.module;
	const extended =
		findSection(loading, "__version_ext_crcs") !== null && has(loading.kernel, "extendedVersions") === true;
	if (!extended && !loading.hasVersions) return withoutVersions(loading, symbol, errno);
	const found = module?.versions?.find((version) => version.symbol === symbol);
	const id = symbol === "module_layout" ? "module-layout" : "symbol-version";
	if (found !== undefined) {
		if (found.crc === exported.crc) return null;
		return refuse(
			errno,
			`${loading.name}: disagrees about version of symbol ${symbol}`,
			id,
			`${hex(exported.crc)} for ${symbol}`,
			hex(found.crc),
		);
	}
	if (extended) return null;
	return missingVersion(loading, symbol, errno, id);
}

/** Debian's kernels refuse a symbol that has no version; others say so once and go on (4.9 and later). */
function missingVersion(loading: Loading, symbol: string, errno: string, id: string): Outcome {
	const message = `${loading.name}: no symbol version for ${symbol}`;
	const expected = `a CRC for ${symbol} in the module`;
	if (loading.kernel.refusesMissingVersion === null)
		return undecided(id, `${expected}, or to know that the target's kernel loads modules without`, "none");
	if (loading.kernel.refusesMissingVersion) return refuse(errno, message, id, expected, "none");
	loading.warnings.push(message);
	return null;
}

function withoutVersions(loading: Loading, symbol: string, errno: string): Outcome {
	const forced = forceLoad(loading, symbol);
	if (forced === "passes") return null;
	const [expected, actual] = ["a module with symbol versions (CONFIG_MODVERSIONS=y)", "a module without"];
	if (forced === "unknown") return undecided("symbol-version", expected, actual);
	return refuse(errno, null, "symbol-version", expected, actual);
}

/** A module that exports symbols must have CRCs (and, later, flags) for them. */
export const exportVersions: Decision = {
	id: "export-versions",
	follows:
		"kernel/module/main.c: check_export_symbol_sections() (7.0), check_module_license_and_versions() (6.1)",
	decide(loading) {
		const exported = (name: string) => (findSection(loading, name)?.size ?? 0) > 0;
		const missing = (suffix: string) =>
			exported(`__ksymtab${suffix}`) && findSection(loading, `__kcrctab${suffix}`) === null;
		const flags = has(loading.kernel, "exportFlags") === true;
		if (flags && exported("__ksymtab") && findSection(loading, "__kflagstab") === null)
			return flagless(loading);
		if (on(loading.kernel, "MODVERSIONS") !== true || !(missing("") || (!flags && missing("_gpl"))))
			return null;
		const forced = forceLoad(loading, "no versions for exported symbols");
		if (forced === "passes") return null;
		const [expected, actual] = ["CRCs of the symbols that the module exports", "none"];
		if (forced === "unknown") return undecided("symbol-version", expected, actual);
		return refuse("ENOEXEC", null, "symbol-version", expected, actual);
	},
};

function flagless({ name }: Loading): Refusal {
	const message = `${name}: no flags for exported symbols`;
	return refuse("ENOEXEC", message, "export-flags", "a __kflagstab beside __ksymtab", "none");
}

function moduleCrc({ module }: Loading, symbol: string): string {
	const found = module?.versions?.find((version) => version.symbol === symbol);
	return found === undefined ? "no CRC in the module" : hex(found.crc);
}

function hex(crc: number): string {
	return `0x${crc.toString(16).padStart(8, "0")}`;
}
