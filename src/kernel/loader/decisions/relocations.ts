import { ELF, type Elf, type ElfSection, sectionBytes } from "../../../formats/elf/elf.ts";
import { relocations, type SymbolTable, symbolTable } from "../../../formats/elf/elf-symbols.ts";
import { FormatError } from "../../../formats/error.ts";
import { has, nonzeroLine } from "../era.ts";
import { type Decision, type Loading, SHF_ALLOC } from "../loading.ts";
import { type Outcome, refuse, unforeseeable } from "../verdict.ts";

/** Bytes that a relocation type writes on x86_64 (arch/x86/kernel/module.c); R_X86_64_NONE writes none. */
const X86_64: Record<number, number> = { 0: 0, 1: 8, 2: 4, 4: 4, 10: 4, 11: 4, 24: 8 };
const R_X86_64_32 = 10;

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
		const foreign = otherForm(loading, tables);
		if (foreign !== null) return foreign;
		if (kernel.arch === "x86" && kernel.bits === 64)
			return first(tables, (table) => x86(loading, elf, table));
		const rules = ARCHES[`${kernel.arch}${kernel.arch === "x86" ? kernel.bits : ""}`];
		if (rules !== undefined) return first(tables, (table) => byRules(loading, elf, table, rules));
		const stray = first(tables, (table) => outsideFault(loading, elf, table));
		return (
			stray ??
			unforeseeable(
				"relocations",
				`relocations that a ${kernel.arch} kernel applies`,
				"kprep does not know them",
			)
		);
	},
};

/** Each machine takes one form of relocation, with or without an addend (include/linux/moduleloader.h). */
function otherForm({ name, kernel }: Loading, tables: ElfSection[]): Outcome {
	const rel = kernel.arch === "arm" || (kernel.arch === "x86" && kernel.bits === 32);
	if (!rel && ARCHES[kernel.arch ?? ""] === undefined && kernel.arch !== "x86") return null;
	const table = tables.find(({ type }) => (type === ELF.SHT_REL) !== rel);
	if (table === undefined) return null;
	const [wanted, other] = rel ? ["REL", "RELA"] : ["RELA", "REL"];
	return refuse(
		"ENOEXEC",
		`module ${name}: ${other} relocation unsupported`,
		"relocations",
		`SHT_${wanted} relocations`,
		`SHT_${other} in section ${table.index}`,
	);
}

function x86(loading: Loading, elf: Elf, table: ElfSection): Outcome {
	const { name, kernel } = loading;
	const target = elf.sections[table.info] as ElfSection;
	const content = sectionBytes(elf, target);
	const symbols = symbolTable(elf);
	if (symbols === null) return null;
	const faultOf = faultFinder(elf, symbols);
	let [index, fault]: [number, string | null] = [-1, null];
	for (const { type, offset, symbol, addend } of relocations(elf, table)) {
		index++;
		fault ??= faultOf(symbol, addend);
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
			return unforeseeable("relocations", "no 32-bit absolute address in memory", `one in ${target.name}`);
		if (offset + size > target.size) {
			outside(loading, target, offset);
			continue;
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
	return fault === null ? null : damaged(fault, target);
}

/**
 * What no compiler makes of a relocation's symbol, and the loader uses without a look at it (simplify_symbols(),
 * apply_relocate_add()); null when it is sound. Each symbol is looked at once.
 */
function faultFinder(
	elf: Elf,
	symbols: SymbolTable,
): (symbol: number, addend: number | null) => string | null {
	const sound = new Uint8Array(symbols.count);
	return (symbol, addend) => {
		if (addend !== null && Math.abs(addend) >= 2 ** 31) return `an addend of ${addend}`;
		if (sound[symbol] === 1) return null;
		if (symbol >= symbols.count) return `symbol ${symbol} of ${symbols.count}`;
		const { section, low, high } = symbols.place(symbol);
		const value = high * 0x100000000 + low;
		const home = section < ELF.SHN_ABS ? elf.sections[section] : undefined;
		if (section !== ELF.SHN_UNDEF && home !== undefined && value > home.size)
			return `a symbol at ${value} of the ${home.size} bytes of ${home.name}`;
		if (section === ELF.SHN_ABS && value === 0) {
			const { name } = symbols.at(symbol);
			if (!name.startsWith("__crc_")) return `${name || "a symbol"} at the absolute address 0`;
		}
		sound[symbol] = 1;
		return null;
	};
}

function damaged(fault: string, { name }: ElfSection): Outcome {
	return unforeseeable("damaged", `symbols of relocations of ${name} as a compiler makes them`, fault);
}

/** CRCs are absolute symbols whose value fits into 32 bits (up to 5.18); addresses in the module area never do. */
function isSmallNumber(symbols: SymbolTable, symbol: number, addend: number | null): boolean {
	const { section, low, high } = symbols.place(symbol);
	const sum = high * 0x100000000 + low + (addend ?? 0);
	return section === ELF.SHN_ABS && sum >= 0 && sum < 2 ** 32;
}

/**
 * No kernel but arm's asks whether a relocation lies in its section: it writes behind it, over whatever is there. On x86 it
 * may find something there that is not zero, and refuse.
 */
function outside(loading: Loading, target: ElfSection, offset: number): void {
	if (loading.hazards.some(({ id }) => id === "relocation-outside")) return;
	loading.hazards.push({
		id: "relocation-outside",
		expected: `relocations within the ${target.size} bytes of ${target.name}`,
		actual: `one at ${offset}`,
		remedy: "",
	});
}

/** How one architecture treats relocations. */
interface Rules {
	/** Types that it applies; a range is written as two numbers. */
	types: readonly (number | readonly [number, number])[];
	errno: string;
	/** The line for a type that it does not know. */
	line: (loading: Loading, type: number) => string;
	/** The line for a place outside of the section; absent where nobody looks. */
	outside?: (loading: Loading, table: ElfSection, index: number) => string;
}

const ARCHES: Readonly<Record<string, Rules>> = {
	// arch/arm64/kernel/module.c, 5.10 to 7.2: NONE, data, MOVW, immediates, branches.
	arm64: {
		types: [0, [256, 280], [282, 293], 299],
		errno: "ENOEXEC",
		line: (loading, type) =>
			`${armPrefix(loading)}module ${loading.name}: unsupported RELA relocation: ${type}`,
	},
	// arch/x86/kernel/module.c with CONFIG_X86_32: R_386_32, PC32, PLT32.
	x8632: {
		types: [1, 2, 4],
		errno: "ENOEXEC",
		line: ({ name }, type) => `module: ${name}: Unknown relocation: ${type}`,
	},
	// arch/arm/kernel/module.c: NONE, PC24, ABS32, REL32, THM_CALL, CALL, JUMP24, THM_JUMP24, TARGET1, V4BX, PREL31,
	// MOVW and MOVT of both kinds, ALU and LDR groups.
	arm: {
		types: [0, 1, 2, 3, 10, 28, 29, 30, 38, 40, 42, [43, 50], 57, 59, 63],
		errno: "ENOEXEC",
		line: ({ name }, type) => `${name}: unknown relocation: ${type}`,
		outside: ({ name }, table, index) =>
			`${name}: section ${table.index} reloc ${index} sym '...': out of bounds relocation, offset ... size ...`,
	},
	// arch/riscv/kernel/module.c: data, branches, calls, GOT and PC-relative pairs, ADD, SUB and SET, ALIGN, RVC, RELAX.
	riscv: {
		types: [0, 1, 2, [16, 20], [23, 28], [33, 40], [43, 45], [51, 61]],
		errno: "EINVAL",
		line: ({ name }, type) => `${name}: Unknown relocation type ${type}`,
	},
};

function byRules(loading: Loading, elf: Elf, table: ElfSection, rules: Rules): Outcome {
	const target = elf.sections[table.info] as ElfSection;
	const symbols = symbolTable(elf);
	const faultOf = symbols === null ? () => null : faultFinder(elf, symbols);
	let [index, fault]: [number, string | null] = [-1, null];
	for (const { type, offset, symbol, addend } of relocations(elf, table)) {
		index++;
		fault ??= faultOf(symbol, addend);
		if (offset >= target.size && type !== 0) {
			if (rules.outside !== undefined)
				return refuse(
					"ENOEXEC",
					rules.outside(loading, table, index),
					"relocations",
					`relocations within ${target.name}`,
					`one at ${offset} of ${target.size}`,
				);
			outside(loading, target, offset);
			continue;
		}
		if (applies(rules, type)) continue;
		const [expected, actual] = [`types of ${loading.kernel.arch}`, `${type}`];
		return refuse(rules.errno, rules.line(loading, type), "relocations", expected, actual);
	}
	return fault === null ? null : damaged(fault, target);
}

function outsideFault(loading: Loading, elf: Elf, table: ElfSection): null {
	const target = elf.sections[table.info] as ElfSection;
	for (const { offset } of relocations(elf, table))
		if (offset >= target.size) outside(loading, target, offset);
	return null;
}

function applies({ types }: Rules, type: number): boolean {
	return types.some((one) => (typeof one === "number" ? one === type : one[0] <= type && type <= one[1]));
}

/** arch/arm64/kernel/module.c has a prefix for its lines since 6.12 or so. */
function armPrefix({ kernel }: Loading): string {
	return has(kernel, "armPrefix") === true ? "Modules: " : "";
}

function first(tables: ElfSection[], decide: (table: ElfSection) => Outcome): Outcome {
	let open: Outcome = null;
	for (const table of tables) {
		try {
			const outcome = decide(table);
			if (outcome === null) continue;
			if (!("missing" in outcome)) return outcome;
			open ??= outcome;
		} catch (error) {
			if (!(error instanceof FormatError)) throw error;
			return unforeseeable("relocations", "relocations that can be read", error.message);
		}
	}
	return open;
}
