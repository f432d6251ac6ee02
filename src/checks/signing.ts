import { isOn } from "../kernel/config/config.ts";
import type { Advice, Check, CheckFinding } from "./check.ts";
import { sourcesOf, unknownOf } from "./compare.ts";

const SIGN = "kprep build DIR --sign KEY,CERT";

/** Whether the target's configuration lets an unsigned module in. */
export const signing: Check = {
	id: "signing",
	run({ target, targetConfig }): CheckFinding {
		const evidence = sourcesOf(target.config);
		const result = (
			status: CheckFinding["status"],
			expected: string | null,
			actual: string | null,
			advice: Advice | null,
		) => ({ id: "signing", status, expected, actual, evidence, advice }) as const;
		if (targetConfig === null && target.signatureCheck?.value === "not checked")
			return {
				...result("match", "no signatures", "no signatures", null),
				evidence: sourcesOf(target.signatureCheck),
			};
		if (targetConfig === null) return result("unknown", null, null, unknownOf("the target's .config"));
		if (isOn(targetConfig, "MODULE_SIG_FORCE")) {
			return result(
				"mismatch",
				"modules signed with a key of the target (MODULE_SIG_FORCE)",
				"unsigned modules",
				{ about: "signature-required", commands: [SIGN] },
			);
		}
		const sealed = ["LOCK_DOWN_KERNEL_FORCE_INTEGRITY", "LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY"].some(
			(symbol) => isOn(targetConfig, symbol),
		);
		if (sealed)
			return result("mismatch", "signed modules (lockdown is built in)", "unsigned modules", {
				about: "lockdown",
				commands: [SIGN],
			});
		const note = isOn(targetConfig, "MODULE_SIG")
			? "unsigned modules load and taint (unless Secure Boot locks the kernel down)"
			: "no signatures";
		return result("match", note, note, null);
	},
};
