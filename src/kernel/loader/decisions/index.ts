import type { Decision } from "../loading.ts";
import { blacklist } from "./blacklist.ts";
import { btf } from "./btf.ts";
import { builtInName } from "./built-in-name.ts";
import { damage } from "./damage.ts";
import { elf } from "./elf.ts";
import { file } from "./file.ts";
import { moduleSupport } from "./module-support.ts";
import { modinfoSection, parts, symbolTable, thisModule } from "./parts.ts";
import { perCpu } from "./per-cpu.ts";
import { relocationTypes } from "./relocations.ts";
import { archSections, writableCode } from "./sections.ts";
import { signature } from "./signature.ts";
import { structModuleLayout } from "./struct-module/layout.ts";
import { structModuleSize } from "./struct-module/size.ts";
import { duplicateExports } from "./symbols/duplicates.ts";
import { symbols } from "./symbols/index.ts";
import { importedNamespaces } from "./symbols/namespaces.ts";
import { exportVersions, moduleLayout, versionSections } from "./symbols/versions.ts";
import { taints } from "./taints.ts";
import { vermagic } from "./vermagic.ts";

const FIRST = [moduleSupport, file, signature, elf, modinfoSection];
/** Kernels that look for struct module before the symbol table (6.12), and those that do it the other way round. */
const STRUCT_MODULE_FIRST = [thisModule, structModuleSize, symbolTable];
const SYMBOL_TABLE_FIRST = [symbolTable, thisModule, structModuleSize];
const THEN = [
	versionSections,
	parts,
	damage,
	blacklist,
	moduleLayout,
	vermagic,
	taints,
	archSections,
	writableCode,
	perCpu,
	exportVersions,
	importedNamespaces,
	symbols,
	relocationTypes,
	structModuleLayout,
	duplicateExports,
	btf,
	builtInName,
];

/** The loader's decisions in the loader's order. */
export function decisionsInOrder(splitElfChecks: boolean): readonly Decision[] {
	return [...FIRST, ...(splitElfChecks ? STRUCT_MODULE_FIRST : SYMBOL_TABLE_FIRST), ...THEN];
}
