import { isOn } from "../kernel/config.ts";
import type { Check, CheckResult } from "./check.ts";
import { sourcesOf } from "./compare.ts";

/** Whether the target's configuration lets an unsigned module in. */
export const signing: Check = {
	id: "signing",
	run({ target, targetConfig }): CheckResult {
		const evidence = sourcesOf(target.config);
		const result = (
			status: CheckResult["status"],
			expected: string | null,
			actual: string | null,
			remedy: string | null,
		) => ({ id: "signing", status, expected, actual, evidence, remedy }) as const;
		if (targetConfig === null)
			return result("unknown", null, null, "--config FILE names the target's .config");
		if (isOn(targetConfig, "MODULE_SIG_FORCE")) {
			const remedy = "kprep build DIR --sign KEY,CERT with a key that the target trusts";
			return result(
				"mismatch",
				"modules signed with a key of the target (MODULE_SIG_FORCE)",
				"unsigned modules",
				remedy,
			);
		}
		const sealed = ["LOCK_DOWN_KERNEL_FORCE_INTEGRITY", "LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY"].some(
			(symbol) => isOn(targetConfig, symbol),
		);
		if (sealed)
			return result(
				"mismatch",
				"signed modules (lockdown is built in)",
				"unsigned modules",
				"kprep build DIR --sign KEY,CERT",
			);
		const note = isOn(targetConfig, "MODULE_SIG")
			? "unsigned modules load and taint (unless Secure Boot locks the kernel down)"
			: "no signatures";
		return result("match", note, note, null);
	},
};
