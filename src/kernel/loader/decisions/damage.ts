import { type Decision, findSection, type Loading, SHF_ALLOC } from "../loading.ts";
import { unforeseeable } from "../verdict.ts";

const [SHT_RELA, SHT_NOBITS, SHT_REL] = [4, 8, 9];
/** More than any architecture has room for modules. */
const HUGE = 2 ** 31;

/**
 * Headers that no linker writes and that the loader uses without a look: what comes of them depends on what lies in memory.
 * No decision of the kernel's own.
 */
export const damage: Decision = {
	id: "damaged",
	follows:
		"kernel/module/main.c: load_module(), where it takes section headers and struct module as they are",
	decide(loading) {
		const found = headerFault(loading) ?? structFault(loading);
		return found === null ? null : unforeseeable("damaged", "a module as a linker writes it", found);
	},
};

function headerFault({ sections, header }: Loading): string | null {
	const names = sections[header?.namesIndex ?? 0];
	for (const { index, type, flags, size, info, nameOffset } of sections.slice(1)) {
		if (names !== undefined && nameOffset >= names.size)
			return `section ${index} has its name outside of the names`;
		if ((type === SHT_RELA || type === SHT_REL) && info >= sections.length)
			return `section ${index} relocates section ${info} of ${sections.length}`;
		if ((flags & SHF_ALLOC) !== 0 && size >= HUGE) return `section ${index} has ${size} bytes`;
	}
	return null;
}

/** struct module itself: content, and a name that ends within its room. */
function structFault(loading: Loading): string | null {
	const section = findSection(loading, ".gnu.linkonce.this_module");
	if (section === null || loading.module === null) return null;
	if (section.type === SHT_NOBITS) return "struct module has no content";
	const { structName } = loading;
	if (structName === "") return "struct module has no name";
	// MODULE_NAME_LEN (include/linux/moduleparam.h): 64 bytes less an address.
	return structName.length >= (loading.kernel.bits === 64 ? 56 : 60)
		? "the name in struct module has no end"
		: null;
}
