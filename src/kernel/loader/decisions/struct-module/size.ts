import { has } from "../../era.ts";
import { type Decision, sectionsNamed } from "../../loading.ts";
import { refuse, undecided } from "../../verdict.ts";

const THIS_MODULE = ".gnu.linkonce.this_module";

/** The module's idea of sizeof(struct module) against the kernel's; fires before vermagic is looked at. */
export const structModuleSize: Decision = {
	id: "struct-module",
	follows: "kernel/module/main.c: elf_validity_cache_index_mod() (6.4)",
	decide(loading) {
		const checked = has(loading.kernel, "structModuleSize");
		if (checked === false) return null;
		const size = loading.kernel.structModule?.size ?? null;
		const actual = sectionsNamed(loading, THIS_MODULE)[0]?.size ?? 0;
		if (size === actual) return null;
		if (checked === null || size === null)
			return undecided(
				"struct-module",
				"sizeof(struct module) of the target",
				`${actual} bytes in the module`,
			);
		return refuse(
			"ENOEXEC",
			`module ${loading.name || "(missing .modinfo section or name field)"}: ${THIS_MODULE} section size must match the kernel's built struct module size at run time`,
			"struct-module",
			`${size} bytes`,
			`${actual} bytes`,
		);
	},
};
