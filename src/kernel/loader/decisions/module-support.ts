import type { Decision } from "../loading.ts";
import { refuse } from "../verdict.ts";

/** A kernel without CONFIG_MODULES has no such system call. */
export const moduleSupport: Decision = {
	id: "module-support",
	follows: "kernel/sys_ni.c: COND_SYSCALL(finit_module)",
	decide({ kernel: { symbol } }) {
		if (symbol === null || symbol("MODULES") === "y") return null;
		return refuse("ENOSYS", null, "module-support", "CONFIG_MODULES=y", "CONFIG_MODULES is not set");
	},
};
