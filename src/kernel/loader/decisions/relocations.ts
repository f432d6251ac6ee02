import { ELF, type Elf, type ElfSection, sectionBytes } from "../../../formats/elf/elf.ts";
import { relocations, type SymbolTable, symbolTable } from "../../../formats/elf/elf-symbols.ts";
import { FormatError } from "../../../formats/error.ts";
import { has, nonzeroLine } from "../era.ts";
import { type Decision, type Loading, SHF_ALLOC, SHF_WRITE } from "../loading.ts";
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
	const symbols = symbolTable(elf);
	if (symbols === null) return null;
	let index = -1;
	for (const { type, offset, symbol, addend } of relocations(elf, table)) {
		index++;
		const size = X86_64[type];
		if (size === undefined)
			return refuse(
				"ENOEXEC",
				`module: ${name}: Unknown rela relocation: ${type}`,
				"relocations",
				"types of x86_64",
				`${type}`,
			);
		if (type === R_X86_64_32 && !isSmallNumber(symbols, symbol, addend))
			return undecided("relocations", "no 32-bit absolute address in memory", `one in ${target.name}`);
		if (offset + size > target.size) {
			if (behindIsZero(loading, target)) continue;
			return undecided("relocations", "relocations inside their section", `one outside ${target.name}`);
		}
		if (content.length === 0 || content.subarray(offset, offset + size).every((byte) => byte === 0)) continue;
		return refuse(
			"ENOEXEC",
			nonzeroLine(kernel, table.index, index, type),
			"relocations",
			"zero at the place of a relocation",
			`something else at ${offset} of ${target.name}`,
		);
	}
	return null;
}

/** CRCs are absolute symbols whose value fits into 32 bits (up to 5.18); addresses in the module area never do. */
function isSmallNumber(symbols: SymbolTable, symbol: number, addend: number | null): boolean {
	const { section, low, high } = symbols.place(symbol);
	const sum = high * 0x100000000 + low + (addend ?? 0);
	return section === ELF.SHN_ABS && sum >= 0 && sum < 2 ** 32;
}

/** What the kernel lays behind a writable section: the writable ones that follow it in the file, then zero pages. */
function behindIsZero({ elf }: Loading, { index, name }: ElfSection): boolean {
	const writable = SHF_ALLOC | SHF_WRITE;
	return (
		name === ".gnu.linkonce.this_module" &&
		!elf?.sections.some(
			(one) =>
				one.index > index &&
				(one.flags & writable) === writable &&
				one.type !== ELF.SHT_NOBITS &&
				one.size > 0,
		)
	);
}

function arm64(loading: Loading, elf: Elf, table: ElfSection): Outcome {
	for (const { type } of relocations(elf, table))
		if (!ARM64.has(type))
			return refuse(
				"ENOEXEC",
				`${armPrefix(loading)}module ${loading.name}: unsupported RELA relocation: ${type}`,
				"relocations",
				"types of arm64",
				`${type}`,
			);
	return null;
}

/** arch/arm64/kernel/module.c has a prefix for its lines since 6.12 or so. */
function armPrefix({ kernel }: Loading): string {
	return has(kernel, "armPrefix") === true ? "Modules: " : "";
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
