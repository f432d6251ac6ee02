import { ELF, type Elf, type ElfSection, sectionBytes } from "../../../formats/elf.ts";
import { relocations } from "../../../formats/elf-symbols.ts";
import { FormatError } from "../../../formats/error.ts";
import { has } from "../era.ts";
import { type Decision, type Loading, SHF_ALLOC } from "../loading.ts";
import { type Outcome, refuse, undecided } from "../verdict.ts";

/** Bytes that a relocation type writes on x86_64 (arch/x86/kernel/module.c); R_X86_64_NONE writes none. */
const X86_64: Record<number, number> = { 0: 0, 1: 8, 2: 4, 4: 4, 10: 4, 11: 4, 24: 8 };
const R_X86_64_32 = 10;
/** Types that arch/arm64/kernel/module.c applies, 5.10 to 7.2: NONE, data, MOVW, immediates, branches. */
const ARM64 = new Set([0, ...range(256, 280), ...range(282, 293), 299]);

/** Relocation types that the target's loader can apply, onto places that hold zero where it insists on that. */
export const relocationTypes: Decision = {
	id: "relocations",
	follows: "kernel/module/main.c: apply_relocations(); arch/*/kernel/module.c: apply_relocate_add()",
	decide(loading) {
		const { elf, kernel } = loading;
		if (elf === null) return null;
		const tables = elf.sections.filter(({ type, info }) => {
			const target = elf.sections[info];
			const relocates = type === ELF.SHT_RELA || type === ELF.SHT_REL;
			return relocates && target !== undefined && (target.flags & SHF_ALLOC) !== 0;
		});
		if (kernel.arch === "x86" && kernel.bits === 64)
			return first(tables, (table) => x86(loading, elf, table));
		if (kernel.arch === "arm64") return first(tables, (table) => arm64(loading, elf, table));
		return undecided(
			"relocations",
			`relocations that a ${kernel.arch} kernel applies`,
			"kprep does not know them",
		);
	},
};

function x86(loading: Loading, elf: Elf, table: ElfSection): Outcome {
	const { name, kernel } = loading;
	if (table.type === ELF.SHT_REL)
		return undecided("relocations", "SHT_RELA relocations", `SHT_REL in section ${table.index}`);
	const target = elf.sections[table.info] as ElfSection;
	const content = sectionBytes(elf, target);
	let index = -1;
	for (const { type, offset } of relocations(elf, table)) {
		index++;
		const size = X86_64[type];
		if (size === undefined)
			return refuse(
				"ENOEXEC",
				`${name}: Unknown rela relocation: ${type}`,
				"relocations",
				"types of x86_64",
				`${type}`,
			);
		if (type === R_X86_64_32)
			return undecided("relocations", "no 32-bit absolute address in memory", `one in ${target.name}`);
		const outside = offset + size > target.size;
		if (outside)
			return undecided("relocations", "relocations inside their section", `one outside ${target.name}`);
		if (content.length === 0 || content.subarray(offset, offset + size).every((byte) => byte === 0)) continue;
		const newer = has(kernel, "relocationNamesSection") === true;
		const where = newer ? `sec ${table.index}, idx ${index}, type ${type}` : `type ${type}`;
		return refuse(
			"ENOEXEC",
			`x86/modules: ${newer ? "Invalid" : "Skipping invalid"} relocation target, existing value is nonzero for ${where}, loc ..., val ...`,
			"relocations",
			"zero at the place of a relocation",
			`something else at ${offset} of ${target.name}`,
		);
	}
	return null;
}

function arm64(loading: Loading, elf: Elf, table: ElfSection): Outcome {
	for (const { type } of relocations(elf, table))
		if (!ARM64.has(type))
			return refuse(
				"ENOEXEC",
				`module ${loading.name}: unsupported RELA relocation: ${type}`,
				"relocations",
				"types of arm64",
				`${type}`,
			);
	return null;
}

function first(tables: ElfSection[], decide: (table: ElfSection) => Outcome): Outcome {
	for (const table of tables) {
		try {
			const outcome = decide(table);
			if (outcome !== null) return outcome;
		} catch (error) {
			if (!(error instanceof FormatError)) throw error;
			return undecided("relocations", "relocations that can be read", error.message);
		}
	}
	return null;
}

function range(from: number, to: number): number[] {
	return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
