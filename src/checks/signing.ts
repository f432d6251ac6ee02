import { isOn } from "../kernel/config/config.ts";
import type { Advice, Check, CheckFinding } from "./check.ts";
import { sourcesOf, unknownOf } from "./compare.ts";

const SIGN = "kprep build DIR --sign --key MOK.priv --cert MOK.pem";

/** What module_sig_check() does to a module without a signature (kernel/module/signing.c). */
const UNSIGNED = {
	kind: "refused",
	errno: "EKEYREJECTED",
	message: "Loading of unsigned module is rejected",
} as const;
const LOCKED = {
	kind: "refused",
	errno: "EPERM",
	message: "Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7",
} as const;

/** Whether the target's configuration and what its boot enforces let an unsigned module in. */
export const signing: Check = {
	id: "signing",
	run({ target, targetConfig, enforce }): CheckFinding {
		const evidence = sourcesOf(target.config);
		const result = (
			status: CheckFinding["status"],
			expected: string | null,
			actual: string | null,
			advice: Advice | null,
			effect?: CheckFinding["effect"],
		): CheckFinding => ({
			...{ id: "signing", status, expected, actual, evidence, advice },
			...(effect === undefined ? {} : { effect }),
		});
		if (targetConfig === null && target.signatureCheck?.value === "not checked")
			return {
				...result("match", "no signatures", "no signatures", null),
				evidence: sourcesOf(target.signatureCheck),
			};
		if (targetConfig === null) return result("unknown", null, null, unknownOf("the target's .config"));
		const checked = isOn(targetConfig, "MODULE_SIG");
		const forced = isOn(targetConfig, "MODULE_SIG_FORCE");
		if (forced || (enforce === "signature" && checked)) {
			const by = forced ? "MODULE_SIG_FORCE" : "--enforce signature";
			return result(
				"mismatch",
				`modules signed with a key of the target (${by})`,
				"unsigned modules",
				{ about: "signature-required", commands: [SIGN] },
				UNSIGNED,
			);
		}
		const sealed = ["LOCK_DOWN_KERNEL_FORCE_INTEGRITY", "LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY"].some(
			(symbol) => isOn(targetConfig, symbol),
		);
		if (sealed || (enforce === "lockdown" && checked))
			return result(
				"mismatch",
				`signed modules (${sealed ? "lockdown is built in" : "--enforce lockdown"})`,
				"unsigned modules",
				{ about: "lockdown", commands: [SIGN] },
				LOCKED,
			);
		const unless = enforce === "none" ? "" : " (unless Secure Boot locks the kernel down)";
		const note = checked ? `unsigned modules load and taint${unless}` : "no signatures";
		return result("match", note, note, null);
	},
};
