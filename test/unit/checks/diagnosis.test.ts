import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../../src/checks/check.ts";
import { withDiagnosis } from "../../../src/checks/diagnosis.ts";
import { verdictOf } from "../../../src/workflows/verify.ts";

function check(given: Partial<CheckResult>): CheckResult {
	return {
		id: "release",
		status: "match",
		expected: null,
		actual: null,
		evidence: [],
		remedy: null,
		...given,
	};
}

describe("withDiagnosis", () => {
	it.each([
		["vermagic", "6.1.192 SMP mod_unload ", "6.1.0-56-amd64 SMP mod_unload ", "vermagic-release"],
		["vermagic", "6.1.0 mod_unload ", "6.1.0 SMP mod_unload ", "vermagic-flags"],
		["symvers", "no file: modules would carry no CRCs", "14415 symbols", "symvers-missing"],
		["symvers", "printk 0x1", "printk 0x2", "symbol-version-mismatch"],
		["struct-module", "896", "960", "struct-module-size"],
	] as const)("%s: found '%s', expected '%s' is %s", (id, actual, expected, diagnosis) => {
		expect(withDiagnosis(check({ id, status: "mismatch", actual, expected })).diagnosis?.id).toBe(diagnosis);
	});

	it("says nothing where nothing differs, or where no refusal follows", () => {
		expect(withDiagnosis(check({ id: "vermagic" })).diagnosis).toBeUndefined();
		expect(withDiagnosis(check({ id: "toolchain", status: "mismatch" })).diagnosis).toBeUndefined();
	});
});

describe("verdictOf", () => {
	const needed = (["release", "config", "vermagic"] as const).map((id) => check({ id }));
	it.each([
		["all three equal", needed, "match"],
		["one of the three not compared", [...needed.slice(1), check({ status: "unknown" })], "unproven"],
		["another check unknown", [...needed, check({ id: "symvers", status: "unknown" })], "match"],
		["any mismatch", [...needed, check({ id: "symvers", status: "mismatch" })], "mismatch"],
		["nothing", [], "unproven"],
	] as const)("%s", (_, checks, verdict) => {
		expect(verdictOf([...checks])).toBe(verdict);
	});
});
