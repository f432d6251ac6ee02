import type { Decision } from "../../loading.ts";
import { refuse } from "../../verdict.ts";

/** No symbol may be exported twice, by the kernel and by this module. */
export const duplicateExports: Decision = {
	id: "duplicate-exports",
	follows: "kernel/module/main.c: verify_exported_symbols()",
	decide({ kernel, module, name }) {
		const twice = module?.exports.find(({ symbol }) => kernel.exports?.get(symbol)?.owner === "vmlinux");
		if (twice === undefined) return null;
		return refuse(
			"ENOEXEC",
			`${name}: exports duplicate symbol ${twice.symbol} (owned by kernel)`,
			"duplicate-exports",
			"symbols that the kernel does not export itself",
			twice.symbol,
		);
	},
};
