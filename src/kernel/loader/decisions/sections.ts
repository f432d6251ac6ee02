import { has, on } from "../era.ts";
import { type Decision, SHF_EXEC, SHF_WRITE, sectionsNamed } from "../loading.ts";
import { refuse, undecided } from "../verdict.ts";

/** arm64 needs room for its PLTs. */
export const archSections: Decision = {
	id: "arch-sections",
	follows: "arch/arm64/kernel/module-plts.c: module_frob_arch_sections()",
	decide(loading) {
		if (loading.kernel.arch !== "arm64") return null;
		const there = (name: string) => sectionsNamed(loading, name).length > 0;
		if (there(".plt") && there(".init.plt")) return null;
		// Always so from 6.5; before, only with ARM64_MODULE_PLTS.
		const plts = on(loading.kernel, "ARM64_MODULE_PLTS");
		if (plts === false && (loading.kernel.version?.[0] ?? 0) < 6) return null;
		if (plts !== true) return undecided("arch-sections", "sections .plt and .init.plt", "none");
		return refuse(
			"ENOEXEC",
			`${loading.name}: module PLT section(s) missing`,
			"arch-sections",
			"sections .plt and .init.plt",
			"none",
		);
	},
};

/** No section may be writable and executable. */
export const writableCode: Decision = {
	id: "writable-code",
	follows: "kernel/module/strict_rwx.c: module_enforce_rwx_sections()",
	decide(loading) {
		const both = SHF_WRITE | SHF_EXEC;
		const section = loading.sections.find(({ flags }) => (flags & both) === both);
		if (section === undefined || has(loading.kernel, "strictRwx") === false) return null;
		const strict = on(loading.kernel, "STRICT_MODULE_RWX");
		if (strict === false) return null;
		if (strict === null) return undecided("writable-code", "whether the target has CONFIG_STRICT_MODULE_RWX");
		const name = loading.sectionName(section);
		return refuse(
			"ENOEXEC",
			`${loading.name}: section ${name} (index ${section.index}) has invalid WRITE|EXEC flags`,
			"writable-code",
			"no section both writable and executable",
			name,
		);
	},
};
