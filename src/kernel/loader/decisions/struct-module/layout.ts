import { relocations, relocationsOf, symbolTable } from "../../../../formats/elf/elf-symbols.ts";
import { nonzeroLine } from "../../era.ts";
import { type Decision, findSection, type Loading } from "../../loading.ts";
import { type Outcome, refuse, undecided } from "../../verdict.ts";
import { type Filled, filledMember } from "./filled-members.ts";

const THIS_MODULE = ".gnu.linkonce.this_module";
/** On 64-bit machines a slot is a pointer of 8 bytes. */
const SLOT = 8;

/**
 * The module puts the addresses of its init and exit functions where its own struct module has those members. When the
 * kernel's struct module keeps something else there, an x86 kernel that has already written to it refuses the relocation
 * (arch/x86/kernel/module.c); others do not notice, and what happens then nobody can say.
 */
export const structModuleLayout: Decision = {
	id: "struct-module",
	follows: "kernel/module/main.c: apply_relocations(); arch/x86/kernel/module.c: __write_relocate_add()",
	decide(loading) {
		const layout = loading.kernel.structModule;
		const slots = writtenSlots(loading);
		const size = findSection(loading, THIS_MODULE)?.size ?? 0;
		if (layout === null || layout.init === null)
			return undecided("struct-module", "the layout of the target's struct module", describe(slots, size));
		const wanted: Record<string, number | null> = { init_module: layout.init, cleanup_module: layout.exit };
		const strayed = slots.filter(({ symbol, offset }) => wanted[symbol] !== offset);
		if (strayed.length === 0) return sizeAgrees(loading, size);
		const expected = `init at ${layout.init}, exit at ${layout.exit ?? "none"}, ${layout.size ?? "?"} bytes`;
		const filled = slots.map((slot) => ({
			slot,
			filled: wanted[slot.symbol] === slot.offset ? "no" : atSlot(loading, slot.offset),
		}));
		const first = filled.find((entry) => entry.filled !== "no");
		if (loading.kernel.arch !== "x86" || first === undefined)
			return unnoticed(loading, expected, describe(slots, size));
		if (first.filled === "yes")
			return refuse(
				"ENOEXEC",
				nonzeroLine(loading.kernel, first.slot.section, first.slot.index, first.slot.type),
				"struct-module",
				expected,
				describe(slots, size),
			);
		// It is refused for what the kernel keeps there, or taken and corrupted.
		return unnoticed(loading, expected, describe(slots, size));
	},
};

interface Slot {
	section: number;
	index: number;
	offset: number;
	type: number;
	symbol: string;
}

/** The relocations of the module's struct module, in the order in which they are applied. */
function writtenSlots({ elf }: Loading): Slot[] {
	const target = elf?.sections.find(({ name }) => name === THIS_MODULE);
	const table = elf && target ? relocationsOf(elf, target) : null;
	const symbols = elf === null ? null : symbolTable(elf);
	if (elf === null || table === null || symbols === null) return [];
	return Array.from(relocations(elf, table), ({ offset, type, symbol }, index) => {
		return { section: table.index, index, offset, type, symbol: symbols.at(symbol).name };
	}).filter(({ symbol }) => symbol === "init_module" || symbol === "cleanup_module");
}

/**
 * Before 6.4 nobody compares sizes: a shorter struct module makes the kernel write behind the module's own, and any other
 * size is that of a kernel with other options.
 */
function sizeAgrees(loading: Loading, actual: number): Outcome {
	const size = loading.kernel.structModule?.size ?? null;
	return size === null || size === actual ? null : unnoticed(loading, `${size} bytes`, `${actual} bytes`);
}

function unnoticed(loading: Loading, expected: string, actual: string): null {
	loading.hazards.push({ id: "struct-module", expected, actual, remedy: "" });
	return null;
}

function atSlot(loading: Loading, offset: number): Filled {
	const overlapping = loading.kernel.structModule?.members?.filter(
		(member) => member.offset < offset + SLOT && offset < member.offset + member.size,
	);
	if (overlapping === undefined) return "maybe";
	const answers = overlapping.map((member) => filledMember(loading, member, offset, SLOT));
	if (answers.includes("yes")) return "yes";
	return answers.includes("maybe") ? "maybe" : "no";
}

function describe(slots: Slot[], size: number): string {
	const at = (name: string) => slots.find(({ symbol }) => symbol === name)?.offset ?? "none";
	return `init at ${at("init_module")}, exit at ${at("cleanup_module")}, ${size} bytes`;
}
