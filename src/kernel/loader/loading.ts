import type { Elf } from "../../formats/elf/elf.ts";
import type { ModuleFile } from "../../formats/module/module.ts";
import type { ElfView, HeaderView, SectionView } from "./elf-view.ts";
import type { TargetKnowledge } from "./knowledge.ts";
import type { Caveat, Outcome, Reason, Taint } from "./verdict.ts";

/** What the loader has found out about one module so far: each decision reads it, and adds to it. */
export interface Loading {
	/** The uncompressed file, appended signature included. */
	file: Uint8Array;
	kernel: TargetKnowledge;
	/** info->len: cut by the signature decision. */
	length: number;
	/** Set by the `elf` decision. */
	view: ElfView | null;
	header: HeaderView | null;
	sections: SectionView[];
	sectionName: (section: SectionView) => string;
	/** info->name, the name that most messages carry. */
	name: string;
	/** mod->name, under which the kernel lists it: of struct module, whatever .modinfo says. */
	structName: string;
	/** Set when the ELF checks are passed. */
	module: ModuleFile | null;
	elf: Elf | null;
	/** info->index.vers != 0: an allocated `__versions` section. */
	hasVersions: boolean;
	/** null: MODULE_SIG is off, or not known. */
	signatureOk: boolean | null;
	proprietary: boolean;
	taints: Taint[];
	warnings: string[];
	/** What the kernel does not notice and is corrupted by. */
	hazards: Reason[];
	caveats: Caveat[];
	needs: Set<string>;
}

/** One decision of the kernel's loader. `decide` changes nothing but `loading`. */
export interface Decision {
	readonly id: string;
	/** The place in the kernel's source that it follows. */
	readonly follows: string;
	decide(loading: Loading): Outcome;
}

/** A module that nothing is known of yet. */
export function beginLoading(file: Uint8Array, kernel: TargetKnowledge): Loading {
	return {
		file,
		kernel,
		length: file.length,
		view: null,
		header: null,
		sections: [],
		sectionName: () => "",
		name: "",
		structName: "",
		module: null,
		elf: null,
		hasVersions: false,
		signatureOk: null,
		proprietary: false,
		taints: [],
		warnings: [],
		hazards: [],
		caveats: [],
		needs: new Set(),
	};
}

export const SHF_WRITE = 1;
export const SHF_ALLOC = 2;
export const SHF_EXEC = 4;

/** find_sec(): the first allocated section of that name, or null (kernel/module/main.c). */
export function findSection(loading: Loading, name: string): SectionView | null {
	const isIt = (section: SectionView) =>
		(section.flags & SHF_ALLOC) !== 0 && loading.sectionName(section) === name;
	return loading.sections.slice(1).find(isIt) ?? null;
}

/** The sections of that name, allocated or not. */
export function sectionsNamed(loading: Loading, name: string): SectionView[] {
	return loading.sections.slice(1).filter((section) => loading.sectionName(section) === name);
}

/** try_to_force_load(): passes with a taint when MODULE_FORCE_LOAD is on, else ENOEXEC without a word. */
export function forceLoad(loading: Loading, what: string): "passes" | "refuses" | "unknown" {
	const { kernel } = loading;
	if (kernel.symbol === null) return "unknown";
	if (kernel.symbol("MODULE_FORCE_LOAD") !== "y") return "refuses";
	// test_taint(): said once.
	if (!loading.taints.some(({ flag }) => flag === "F"))
		loading.taints.push({ flag: "F", message: `${loading.name}: ${what}: kernel tainted.` });
	return "passes";
}
