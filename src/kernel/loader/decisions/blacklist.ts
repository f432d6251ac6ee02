import type { Decision } from "../loading.ts";
import { refuse } from "../verdict.ts";

/** module_blacklist= of the command line names what may not be loaded, as .modinfo spells it. */
export const blacklist: Decision = {
	id: "blacklist",
	follows: "kernel/module/main.c: blacklisted(), early_mod_check() (6.4), load_module() (6.1)",
	decide({ kernel, name }) {
		if (!kernel.blacklist.has(name)) return null;
		return refuse(
			"EPERM",
			`Module ${name} is blacklisted`,
			"blacklist",
			`a command line whose module_blacklist= does not name ${name}`,
			"it does",
		);
	},
};
