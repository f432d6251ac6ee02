import { ELF } from "../../../../formats/elf/elf.ts";
import { type ElfSymbol, symbolTable } from "../../../../formats/elf/elf-symbols.ts";
import { has, on } from "../../era.ts";
import type { TargetSymbol } from "../../knowledge.ts";
import type { Decision, Loading } from "../../loading.ts";
import { type Outcome, type Reason, type Refusal, refuse, undecided } from "../../verdict.ts";
import { namespaceAdmits } from "./namespaces.ts";
import { checkVersion } from "./versions.ts";

const SHN_COMMON = 0xfff2;
const SHN_LIVEPATCH = 0xff20;
const SHN_ABS = 0xfff1;
const EM_386 = 3;
const EM_X86_64 = 62;
const ERRNO: Record<string, number> = { ENOENT: -2, ENOEXEC: -8, EINVAL: -22 };

/** Every symbol that the module takes from elsewhere: there, licensed, of that version, its namespace imported. */
export const symbols: Decision = {
	id: "symbols",
	follows: "kernel/module/main.c: simplify_symbols(), resolve_symbol()",
	decide(loading) {
		const table = loading.elf === null ? null : symbolTable(loading.elf);
		const refusals: Refusal[] = [];
		const missing: Reason[] = [];
		for (const symbol of table ?? []) {
			const outcome = resolve(loading, symbol);
			if (outcome === null) continue;
			if ("missing" in outcome) missing.push(...outcome.missing);
			else refusals.push(outcome);
		}
		// The kernel walks on after a bad symbol, and returns the error of the last one.
		const last = refusals.at(-1);
		if (last !== undefined)
			return {
				errno: last.errno,
				messages: refusals.flatMap(({ messages }) => messages),
				reasons: refusals.flatMap(({ reasons }) => reasons),
			};
		return missing.length > 0 ? { missing } : null;
	},
};

function resolve(loading: Loading, symbol: ElfSymbol): Outcome {
	const { name } = loading;
	if (symbol.section === SHN_COMMON && !symbol.name.startsWith("__gnu_lto"))
		return refuse(
			"ENOEXEC",
			`${name}: please compile with -fno-common`,
			"common-symbol",
			"no common symbols",
			symbol.name,
		);
	if (symbol.section === ELF.SHN_UNDEF) return resolveUndefined(loading, symbol);
	const ordinary =
		symbol.section !== SHN_ABS && symbol.section !== SHN_LIVEPATCH && symbol.section !== SHN_COMMON;
	if (!ordinary || symbol.section < loading.sections.length) return null;
	if (has(loading.kernel, "symbolSectionIndex") !== true) {
		// It takes whatever lies behind its table of sections for one.
		const actual = `${symbol.name} in section ${symbol.section}`;
		loading.hazards.push({
			id: "symbol-section",
			expected: "symbols in sections that exist",
			actual,
			remedy: "",
		});
		return null;
	}
	return refuse(
		"ENOEXEC",
		`${name}: Symbol ${symbol.name} has an invalid section index ${symbol.section} (max ${loading.sections.length - 1})`,
		"elf",
		"symbols in sections that exist",
		`${symbol.name} in section ${symbol.section}`,
	);
}

function resolveUndefined(loading: Loading, symbol: ElfSymbol): Outcome {
	const { kernel, header } = loading;
	if (kernel.exports === null)
		return undecided("unknown-symbol", "the target's exports", `${symbol.name} is imported`);
	const exported = kernel.exports.get(symbol.name);
	const x86 = header?.machine === EM_386 || header?.machine === EM_X86_64;
	const ignored = symbol.bind === ELF.STB_WEAK || (x86 && symbol.name === "_GLOBAL_OFFSET_TABLE_");
	if (exported === undefined)
		return ignored
			? null
			: unknown(loading, symbol.name, "ENOENT", "unknown-symbol", "an export of that name", "none");
	if (exported.gpl && loading.proprietary)
		return ignored
			? null
			: unknown(
					loading,
					symbol.name,
					"ENOENT",
					"gpl-only-symbol",
					"a GPL-compatible licence",
					"another licence",
				);
	if (exported.owner !== "vmlinux") {
		const owner = ownedByModule(loading, symbol.name, exported);
		if (owner !== null) return owner;
	}
	return versionFault(loading, symbol.name, exported) ?? namespaceFault(loading, symbol.name, exported);
}

/** The exporting module must be there, to be loaded first. */
function ownedByModule(loading: Loading, symbol: string, { owner, gpl }: TargetSymbol): Outcome {
	const { installed, proprietary } = loading.kernel;
	loading.needs.add(owner);
	const refused = loading.kernel.siblings?.get(owner);
	if (typeof refused === "string")
		return unknown(
			loading,
			symbol,
			"ENOENT",
			"dependency",
			`module ${owner}, which exports it`,
			`it is refused itself: ${refused}`,
		);
	if (refused === null) return null;
	if (installed === null)
		return undecided(
			"dependency",
			`module ${owner}, which exports ${symbol}`,
			"the target's modules are not known",
		);
	if (!installed.has(owner))
		return unknown(
			loading,
			symbol,
			"ENOENT",
			"dependency",
			`module ${owner}, which exports it`,
			"it is not installed",
		);
	if (proprietary.has(owner) && gpl)
		return undecided(
			"gpl-only-symbol",
			"no GPL-only symbols beside those of a proprietary module",
			`${symbol} of ${owner}`,
		);
	return null;
}

function versionFault(loading: Loading, symbol: string, exported: TargetSymbol): Outcome {
	const versions = on(loading.kernel, "MODVERSIONS");
	if (versions === false) return null;
	if (versions === null) return undecided("symbol-version", "whether the target has CONFIG_MODVERSIONS");
	const fault = checkVersion(loading, symbol, exported, "EINVAL");
	if (fault === null || "missing" in fault) return fault;
	return { ...fault, messages: [...fault.messages, unknownLine(loading, symbol, "EINVAL")] };
}

function namespaceFault(loading: Loading, symbol: string, { namespace }: TargetSymbol): Outcome {
	const { kernel, module, name } = loading;
	if (namespace === null || namespace === "") return null;
	if (has(kernel, "moduleNamespaces") === true && namespaceAdmits(namespace, name)) return null;
	if (module?.modinfo.get("import_ns")?.includes(namespace)) return null;
	const line = `${name}: module uses symbol (${symbol}) from namespace ${namespace}, but does not import it.`;
	const allowed = on(kernel, "MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS");
	if (allowed === null)
		return undecided("namespace", "whether the target insists on namespaces", `${symbol} of ${namespace}`);
	if (allowed) {
		loading.warnings.push(line);
		return null;
	}
	const refusal = refuse(
		"EINVAL",
		line,
		"namespace",
		`an import of namespace ${namespace}, for ${symbol}`,
		"none",
	);
	return { ...refusal, messages: [line, unknownLine(loading, symbol, "EINVAL")] };
}

function unknown(
	loading: Loading,
	symbol: string,
	errno: string,
	id: string,
	expected: string,
	actual: string,
): Refusal {
	return refuse(errno, unknownLine(loading, symbol, errno), id, `${symbol}: ${expected}`, actual);
}

function unknownLine({ name }: Loading, symbol: string, errno: string): string {
	return `${name}: Unknown symbol ${symbol} (err ${ERRNO[errno]})`;
}
