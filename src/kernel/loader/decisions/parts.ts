import { latin1 } from "../../../formats/bytes.ts";
import { readElf } from "../../../formats/elf/elf.ts";
import { FormatError } from "../../../formats/error.ts";
import { readModule } from "../../../formats/module/module.ts";
import { has } from "../era.ts";
import { type Decision, findSection, type Loading, sectionsNamed } from "../loading.ts";
import { type Outcome, refuse, unforeseeable } from "../verdict.ts";
import { badLink } from "./elf.ts";

const SHT_SYMTAB = 2;
const SHT_STRTAB = 3;
const THIS_MODULE = ".gnu.linkonce.this_module";
const NAMELESS = "(missing .modinfo section or name field)";

/** .modinfo, and the module's name in it, for the messages that follow. */
export const modinfoSection: Decision = {
	id: "modinfo",
	follows: "kernel/module/main.c: elf_validity_cache_index_info() (6.12), setup_load_info() (6.1)",
	decide(loading) {
		const unique = has(loading.kernel, "uniqueSections");
		const found = sectionsNamed(loading, ".modinfo");
		if (unique === true && found.length > 1)
			return refuse(
				"ENOEXEC",
				"Only one .modinfo section must exist.",
				"elf",
				"one .modinfo",
				`${found.length}`,
			);
		const section = unique === true ? found[0] : findSection(loading, ".modinfo");
		if (section === null || section === undefined) return null;
		const { offset, size } = section;
		const pairs = latin1(loading.file, offset, Math.min(offset + size, loading.length)).split("\0");
		loading.name = pairs.find((pair) => pair.startsWith("name="))?.slice("name=".length) ?? "";
		return null;
	},
};

/** There is a symbol table, and it has its strings. */
export const symbolTable: Decision = {
	id: "symbol-table",
	follows:
		"kernel/module/main.c: elf_validity_cache_index_sym(), _str() and _strtab() (6.14), setup_load_info() (6.1)",
	decide(loading) {
		const tables = loading.sections.filter(({ type }) => type === SHT_SYMTAB);
		const [table] = tables;
		const several = tables.length > 1 && has(loading.kernel, "uniqueSections") === true;
		if (table === undefined || several)
			return refuse(
				"ENOEXEC",
				`${loading.name || NAMELESS}: module has no symbols (stripped?)`,
				"elf",
				"one symbol table",
				`${tables.length}`,
			);
		if (has(loading.kernel, "splitElfChecks") !== true) return null;
		const strings = loading.sections[table.link];
		if (table.link === 0 || strings === undefined) return badLink(table.link, loading.sections.length);
		if (strings.type !== SHT_STRTAB)
			return refuse(
				"ENOEXEC",
				`Invalid ELF symbol string table type: ${strings.type}`,
				"elf",
				"a string table",
				`type ${strings.type}`,
			);
		return has(loading.kernel, "symbolTableChecks") === true
			? stringsFault(loading, strings.offset, strings.size)
			: null;
	},
};

function stringsFault({ view }: Loading, offset: number, size: number): Outcome {
	const fault = (message: string) => refuse("ENOEXEC", message, "elf", "a string table", "a damaged one");
	if (size === 0) return fault("empty symbol string table");
	if (view?.byte(offset) !== 0) return fault("symbol string table missing leading NUL");
	if (view.byte(offset + size - 1) !== 0) return fault("symbol string table isn't NUL terminated");
	return null;
}

/** The section that becomes struct module is there (its size is another decision). */
export const thisModule: Decision = {
	id: "this-module",
	follows: "kernel/module/main.c: elf_validity_cache_index_mod() (6.12), setup_load_info() (6.1)",
	decide(loading) {
		const name = loading.name || NAMELESS;
		if (has(loading.kernel, "uniqueSections") !== true) {
			if (findSection(loading, THIS_MODULE) !== null) return null;
			return refuse(
				"ENOEXEC",
				`${name}: No module found in object`,
				"elf",
				"a kernel module",
				"an object without one",
			);
		}
		const [section, ...more] = sectionsNamed(loading, THIS_MODULE);
		if (section === undefined || more.length > 0)
			return refuse(
				"ENOEXEC",
				`module ${name}: Exactly one ${THIS_MODULE} section must exist.`,
				"elf",
				"a kernel module",
				section === undefined ? "an object without one" : `${more.length + 1} in one file`,
			);
		if (section.type === 8)
			return refuse(
				"ENOEXEC",
				`module ${name}: ${THIS_MODULE} section must have a size set`,
				"elf",
				"content",
				"none",
			);
		if ((section.flags & 2) === 0)
			return refuse(
				"ENOEXEC",
				`module ${name}: ${THIS_MODULE} must occupy memory during process execution`,
				"elf",
				"an allocated section",
				"another one",
			);
		return null;
	},
};

/** The parts that later decisions read; no decision of the kernel's own. */
export const parts: Decision = {
	id: "parts",
	follows: "kernel/module/main.c: the end of elf_validity_cache_copy(): info->name, info->index",
	decide(loading) {
		try {
			const content = asTheKernelReads(loading);
			loading.elf = readElf(content);
			loading.module = readModule(content);
		} catch (error) {
			if (!(error instanceof FormatError)) throw error;
			return unforeseeable("elf", "a module that can be read", error.message);
		}
		loading.hasVersions = findSection(loading, "__versions") !== null;
		loading.structName = structName(loading);
		loading.name ||= loading.structName;
		return null;
	},
};

/** The kernel reads with its own word size and byte order, and never looks at what e_ident says of them. */
function asTheKernelReads({ file, length, kernel }: Loading): Uint8Array {
	const [kind, order] = [kernel.bits === 64 ? 2 : 1, kernel.little ? 1 : 2];
	if (file[4] === kind && file[5] === order) return file.subarray(0, length);
	const content = file.slice(0, length);
	content.set([kind, order], 4);
	return content;
}

/** mod->name: after the state and list members, in every era. */
function structName(loading: Loading): string {
	const section = findSection(loading, THIS_MODULE);
	const wide = loading.kernel.bits === 64;
	return section === null ? "" : (loading.view?.text(section.offset + (wide ? 24 : 12), 56) ?? "");
}
