import { identifier } from "../../module-name.ts";
import type { Decision } from "../loading.ts";
import { refuse, unforeseeable } from "../verdict.ts";

/** A name that a part of the image has in /sys/module is taken. */
export const builtInName: Decision = {
	id: "built-in-name",
	follows:
		"kernel/module/sysfs.c: mod_sysfs_init() (kernel/module.c before 5.19); kernel/params.c: param_sysfs_builtin()",
	decide({ kernel, structName: name }) {
		const taken = kernel.builtin?.get(identifier(name));
		if (taken === undefined) return null;
		const expected = "a name that no built-in part of the kernel has in /sys/module";
		if (taken === "possible")
			return unforeseeable("built-in-name", expected, `${name} is built in, and may have no folder there`);
		return refuse("EINVAL", `${name}: module is already loaded`, "built-in-name", expected, name);
	},
};
