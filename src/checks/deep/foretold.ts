import type { TargetKnowledge } from "../../kernel/loader/knowledge.ts";
import { predict } from "../../kernel/loader/predict.ts";
import type { CheckFinding } from "../check.ts";

/** Decisions of the loader that the check beside them is about; the others fall to what is wrong with the code itself. */
const ABOUT: readonly (readonly [RegExp, CheckFinding["id"]])[] = [
	[/^vermagic/, "vermagic"],
	[/^struct-module|^this-module|^relocation/, "struct-module"],
	[/^symbol-version|^module-layout/, "module-layout"],
];

/**
 * Puts the target's own answer to the probe (as `kprep check` foretells it) beside the check that it is about: a
 * mismatch that the loader refuses is "refused". What no check has seen, such as a symbol that the compiler's
 * instrumentation wants, is a finding of its own. Signatures are another check's.
 */
export function withForetold(
	findings: CheckFinding[],
	probe: Uint8Array,
	knowledge: TargetKnowledge,
): CheckFinding[] {
	const { verdict, errno, message, reasons } = predict(probe, { ...knowledge, enforces: null });
	const [reason] = reasons;
	if (verdict !== "refused" || reason === undefined || reason.id === "signing") return findings;
	const effect = { kind: "refused" as const, errno: errno ?? "", message: message ?? "" };
	const about = ABOUT.find(([ids]) => ids.test(reason.id))?.[1] ?? "instrumentation";
	const at = findings.findIndex(({ id, status }) => id === about && status === "mismatch");
	if (at >= 0) return findings.map((one, index) => (index === at ? { ...one, effect } : one));
	const finding: CheckFinding = {
		...{ id: "instrumentation", status: "mismatch", expected: reason.expected, actual: reason.actual },
		...{ evidence: [{ kind: "probe", path: "kprep_deep.ko" }], advice: null, effect },
	};
	return [...findings.filter(({ id }) => id !== "instrumentation"), finding];
}
