import { entryOf } from "../kernel/failures/catalogue.ts";
import { vermagicKinds } from "../kernel/failures/vermagic.ts";
import type { CheckId, CheckResult } from "./check.ts";

/** The entry of the failure catalogue that a mismatch of this check would become at load or build time. */
const DIAGNOSES: Partial<Record<CheckId, string>> = {
	release: "vermagic-release",
	kernelrelease: "vermagic-localversion",
	config: "struct-module-layout",
	"host-tools": "host-tools-wrong-arch",
	randstruct: "vermagic-randstruct",
	"module-layout": "module-layout-version",
	"struct-module": "struct-module-size",
	btf: "btf-mismatch",
	signing: "signature-required",
};

/** The result with its diagnosis, when it is a mismatch that the catalogue knows: `kprep explain ID` tells all of it. */
export function withDiagnosis(check: CheckResult): CheckResult {
	const id = check.status === "mismatch" ? idOf(check) : null;
	const entry = id === null ? null : entryOf(id);
	return entry === null ? check : { ...check, diagnosis: { id: entry.id, title: entry.title } };
}

function idOf({ id, expected, actual }: CheckResult): string | null {
	if (id === "vermagic") return vermagicKinds(actual ?? "", expected ?? "")[0] ?? null;
	if (id === "symvers") return actual?.startsWith("no file") ? "symvers-missing" : "symbol-version-mismatch";
	return DIAGNOSES[id] ?? null;
}
