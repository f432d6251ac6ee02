import { ElfView, type HeaderView, type SectionView } from "../elf-view.ts";
import { has } from "../era.ts";
import type { TargetKnowledge } from "../knowledge.ts";
import type { Decision, Loading } from "../loading.ts";
import { type Outcome, type Refusal, refuse, undecided } from "../verdict.ts";

const ET_REL = 1;
const SHT_NULL = 0;
const SHT_SYMTAB = 2;
const SHT_STRTAB = 3;
const SHT_NOBITS = 8;

/** e_machine values that elf_check_arch() of an ARCH takes, for the word sizes it has. */
const MACHINES: Record<string, Partial<Record<32 | 64, number[]>>> = {
	x86: { 32: [3, 6], 64: [62] },
	arm64: { 64: [183] },
	arm: { 32: [40] },
	riscv: { 32: [243], 64: [243] },
	powerpc: { 32: [20], 64: [21] },
	s390: { 64: [22] },
	mips: { 32: [8], 64: [8] },
	loongarch: { 32: [258], 64: [258] },
	sparc: { 32: [2], 64: [43] },
	parisc: { 32: [15], 64: [15] },
	m68k: { 32: [4] },
};

/** Whether elf_check_arch() of an ARCH takes that e_machine in files of that word size. */
export function takesMachine(arch: string, bits: 32 | 64, machine: number): boolean {
	return MACHINES[arch]?.[bits]?.includes(machine) ?? false;
}

/** Header, section table and section names: everything up to where sections are looked for by name. */
export const elf: Decision = {
	id: "elf",
	follows:
		"kernel/module/main.c: elf_validity_check() (6.1), elf_validity_cache_copy() (6.4), " +
		"elf_validity_cache_sechdrs() and _secstrings() (6.12); kernel/module.c (5.10)",
	decide(loading) {
		const { kernel } = loading;
		const spoken = has(kernel, "elfMessages");
		const split = has(kernel, "splitElfChecks");
		if (kernel.bits === null || kernel.arch === null || spoken === null || split === null)
			return foreignMachine(loading) ?? undecided("elf", "the target's architecture and version");
		const view = new ElfView(loading.file, loading.length, kernel.bits, kernel.little);
		loading.view = view;
		const fault =
			headerFault(view, kernel) ??
			(split
				? (sectionTableFault(loading) ?? namesFault(loading, true))
				: (namesFault(loading, false) ?? sectionTableFault(loading)));
		return fault === null ? null : worded(fault, spoken);
	},
};

/** A machine that no kernel of that architecture takes, whatever its word size and version. */
function foreignMachine({ file, kernel }: Loading): Outcome {
	const words = kernel.bits === null ? ([64, 32] as const) : [kernel.bits];
	const machines = words.flatMap((bits) => MACHINES[kernel.arch ?? ""]?.[bits] ?? []);
	if (machines.length === 0 || file.length < 64) return null;
	const { magic, machine } = new ElfView(file, file.length, 64, kernel.little).header();
	if (magic !== "\x7fELF" || machines.includes(machine)) return null;
	return refuse(
		"ENOEXEC",
		null,
		"elf",
		`a module for ${kernel.arch} (machine ${machines.join(" or ")})`,
		`machine ${machine}`,
	);
}

/** Before 5.18 or so every fault has the same line; only broken sections have one of their own before it. */
function worded(fault: Refusal, spoken: boolean): Outcome {
	if (spoken) return fault;
	const own = fault.messages.filter((message) => / in module \(section \d+ type \d+\)$/.test(message));
	return { ...fault, messages: [...own, "Module has invalid ELF structures"] };
}

function broken(message: string, expected: string, actual: string): Refusal {
	return refuse("ENOEXEC", message, "elf", expected, actual);
}

function headerFault(view: ElfView, kernel: TargetKnowledge): Refusal | null {
	if (view.length < view.headerSize)
		return broken(`Invalid ELF header len ${view.length}`, "an ELF file", `${view.length} bytes`);
	const { magic, type, machine } = view.header();
	if (magic !== "\x7fELF")
		return broken("Invalid ELF header magic: != \x7fELF", "an ELF file", "another kind of file");
	if (type !== ET_REL)
		return broken(
			`Invalid ELF header type: ${type} != 1`,
			"a relocatable file in the target's byte order",
			`type ${type}`,
		);
	const machines = MACHINES[kernel.arch ?? ""]?.[kernel.bits ?? 64];
	if (machines !== undefined && !machines.includes(machine))
		return broken(
			`Invalid architecture in ELF header: ${machine}`,
			`a module for ${kernel.arch} (machine ${machines.join(" or ")})`,
			`machine ${machine}`,
		);
	return null;
}

function sectionTableFault(loading: Loading): Refusal | null {
	const table = readTable(loading);
	if (!Array.isArray(table)) return table;
	const [first] = table;
	if (first === undefined || first.type !== SHT_NULL || first.size !== 0 || first.address !== 0)
		return broken(
			`ELF Spec violation: section 0 type(${first?.type ?? 0})!=SH_NULL or non-zero len or addr`,
			"an empty section 0",
			"another one",
		);
	const split = has(loading.kernel, "splitElfChecks") === true;
	const names = table[loading.header?.namesIndex ?? 0];
	for (const section of table.slice(1)) {
		const { index, type, link, nameOffset } = section;
		if (type === SHT_NULL || type === SHT_NOBITS) continue;
		if (!split && type === SHT_SYMTAB && (link === 0 || link >= table.length))
			return badLink(link, table.length);
		if (!fits(section, loading))
			return broken(
				`Invalid ELF section in module (section ${index} type ${type})`,
				"a whole file",
				"a truncated one",
			);
		if (!split && (section.flags & 2) !== 0 && nameOffset >= (names?.size ?? 0))
			return broken(
				`Invalid ELF section name in module (section ${index} type ${type})`,
				"named sections",
				"a name outside",
			);
	}
	loading.sections = table;
	return null;
}

/** The table of section headers, or why there is none. */
function readTable(loading: Loading): SectionView[] | Refusal {
	const view = loading.view as ElfView;
	const header = view.header();
	loading.header = header;
	if (header.sectionEntry !== view.sectionSize)
		return broken(
			"Invalid ELF section header size",
			`${view.sectionSize} bytes an entry`,
			`${header.sectionEntry}`,
		);
	const end = header.sectionsAt + header.sectionCount * view.sectionSize;
	if (header.sectionsAt >= view.length || end > view.length)
		return broken(
			"Invalid ELF section header overflow",
			"a whole file",
			`a file that ends before byte ${end}`,
		);
	return Array.from({ length: header.sectionCount }, (_, index) => view.section(header, index));
}

function namesFault(loading: Loading, split: boolean): Refusal | null {
	const table = readTable(loading);
	if (!Array.isArray(table)) return table;
	const view = loading.view as ElfView;
	const { namesIndex, sectionCount } = loading.header as HeaderView;
	const names = table[namesIndex];
	if (namesIndex === 0 || names === undefined)
		return broken(
			`Invalid ELF section name index: ${namesIndex} || e_shstrndx (${namesIndex}) >= e_shnum (${sectionCount})`,
			"a section with the names",
			`section ${namesIndex}`,
		);
	if (split && names.type !== SHT_STRTAB)
		return broken(
			`Invalid ELF section name table type: ${names.type}`,
			"a string table",
			`type ${names.type}`,
		);
	if (!split && !fits(names, loading))
		return broken(`Invalid ELF section hdr(type ${names.type})`, "a whole file", "a truncated one");
	if (names.size === 0) return broken("empty section name table", "section names", "none");
	if (view.byte(names.offset + names.size - 1) !== 0)
		return broken(
			"ELF Spec violation: section name table isn't null terminated",
			"terminated names",
			"an open end",
		);
	const outside =
		split && table.find(({ type, nameOffset }) => type !== SHT_NULL && nameOffset >= names.size);
	if (outside)
		return broken(
			`Invalid ELF section name in module (section ${outside.index} type ${outside.type})`,
			"named sections",
			"a name outside",
		);
	loading.sectionName = ({ nameOffset }) => view.text(names.offset + nameOffset);
	return null;
}

/** validate_section_offset(). */
function fits({ offset, size }: SectionView, { length }: Loading): boolean {
	return offset + size <= length;
}

/** The line for a symbol table that leads to no string table. */
export function badLink(link: number, count: number): Refusal {
	return broken(
		`Invalid ELF sh_link!=SHN_UNDEF(${link}) or (sh_link(${link}) >= hdr->e_shnum(${count})`,
		"a string table behind the symbol table",
		`section ${link}`,
	);
}
