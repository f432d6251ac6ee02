import type { TargetKnowledge } from "./knowledge.ts";

/** What loaders do or do not do, each with a text of the loader that only such a kernel holds, and the first version. */
const FEATURES = {
	/** A message for each broken part of an ELF file, not one for all. */
	elfMessages: { text: "Invalid ELF header magic: != %s", since: [5, 18] },
	uniqueSections: { text: "Only one .modinfo section must exist.", since: [6, 4] },
	/** elf_validity_cache_copy is split up and looks for struct module before the symbol table. */
	splitElfChecks: { text: "Invalid ELF section name table type: %u", since: [6, 12] },
	structModuleSize: {
		text: ".gnu.linkonce.this_module section size must match the kernel's built struct module size",
		since: [6, 4],
	},
	symbolTableChecks: { text: "symbol string table missing leading NUL", since: [6, 14] },
	extendedVersions: { text: "no extended symbol version for %s", since: [6, 14] },
	moduleNamespaces: { text: "module tries to import module namespace: %s", since: [6, 16] },
	symbolSectionIndex: { text: "Symbol %s has an invalid section index", since: [6, 19] },
	exportFlags: { text: "no flags for exported symbols", since: [7, 0] },
	btf: { text: "failed to validate module [%s] BTF: %ld", since: [5, 11] },
	/** A module's BTF may come with a base of its own, and is relocated onto the image's. */
	btfBase: { text: "is not mapped to base BTF id", since: [6, 11] },
	/** The text of an x86 relocation onto something that is not zero: reworded, then with section and index. */
	relocationReworded: {
		text: "x86/modules: Invalid relocation target, existing value is nonzero for type",
		since: [6, 3],
	},
	relocationNamesSection: {
		text: "x86/modules: Invalid relocation target, existing value is nonzero for sec",
		since: [6, 15],
	},
	armPrefix: { text: "Modules: module %s: unsupported RELA relocation", since: [6, 6] },
	/** Signatures by elliptic curves are read; the name of a curve is a text of the parser of certificates. */
	ecdsa: { text: "ecdsa-nist-p256", since: [5, 13] },
	strictRwx: { text: "has invalid WRITE|EXEC flags", since: [5, 9] },
} as const satisfies Record<string, { text: string; since: [number, number] }>;

export type Feature = keyof typeof FEATURES;

/** The texts to look for in an image, so that the host can search it once. */
export const FEATURE_TEXTS: readonly string[] = Object.values(FEATURES).map(({ text }) => text);

/** Whether the target's loader has a feature: by its own texts where an image was read, else by version; null: not known. */
export function has(kernel: TargetKnowledge, feature: Feature): boolean | null {
	const { text, since } = FEATURES[feature];
	const said = kernel.says?.(text) ?? null;
	if (said !== null) return said;
	if (kernel.version === null) return null;
	const [major, minor] = kernel.version;
	return major > since[0] || (major === since[0] && minor >= since[1]);
}

/** Whether a bool symbol is on; null when neither a config nor anything else tells. */
export function on(kernel: TargetKnowledge, symbol: string): boolean | null {
	return kernel.symbol === null ? (kernel.proven.get(symbol) ?? null) : kernel.symbol(symbol) === "y";
}

/** What arch/x86/kernel/module.c logs when it will not write onto something that is not zero. */
export function nonzeroLine(kernel: TargetKnowledge, section: number, index: number, type: number): string {
	const named = has(kernel, "relocationNamesSection") === true;
	const invalid = named || has(kernel, "relocationReworded") === true ? "Invalid" : "Skipping invalid";
	const where = named ? `sec ${section}, idx ${index}, type ${type}` : `type ${type}`;
	return `module: x86/modules: ${invalid} relocation target, existing value is nonzero for ${where}, loc ..., val ...`;
}
