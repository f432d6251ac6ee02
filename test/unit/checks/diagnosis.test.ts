import { describe, expect, it } from "vitest";
import type { Advice, CheckFinding } from "../../../src/checks/check.ts";
import { withRemedy } from "../../../src/checks/diagnosis.ts";
import { remedyFor } from "../../../src/kernel/failures/catalogue.ts";
import { verdictOf } from "../../../src/workflows/verify/index.ts";

function finding(given: Partial<CheckFinding>): CheckFinding {
	return {
		id: "release",
		status: "match",
		expected: null,
		actual: null,
		evidence: [],
		advice: null,
		...given,
	};
}

const mismatch = (advice: Advice) => withRemedy(finding({ status: "mismatch", advice }));

describe("withRemedy", () => {
	it.each([
		["6.1.192 SMP mod_unload ", "6.1.0-56-amd64 SMP mod_unload ", "vermagic-release"],
		["6.1.0 mod_unload ", "6.1.0 SMP mod_unload ", "vermagic-flags"],
		["6.1.192+", "6.1.192", "vermagic-localversion"],
	])("of '%s' instead of '%s' is %s", (ours, theirs, id) => {
		const result = mismatch({ about: { ours, theirs }, commands: ["kprep sync"] });
		expect(result.diagnosis?.id).toBe(id);
		const facts = { release_module: ours.split(" ")[0] ?? "", release_kernel: theirs.split(" ")[0] ?? "" };
		expect(result.remedy).toBe(remedyFor(id, facts));
		expect(result.commands).toEqual(["kprep sync"]);
	});

	it("takes the words of the entry that the check names, with its facts", () => {
		const result = mismatch({ about: "symvers-missing", facts: { file: "/t/Module.symvers" }, commands: [] });
		expect(result.remedy).toBe(remedyFor("symvers-missing", { file: "/t/Module.symvers" }));
		expect(result.diagnosis?.title).toContain("Module.symvers");
	});

	it("says nothing where nothing differs, and commands alone where there are no words", () => {
		expect(withRemedy(finding({}))).toMatchObject({ remedy: null, commands: [] });
		const advice = { about: null, commands: ["kprep verify --deep"] };
		expect(withRemedy(finding({ status: "skipped", advice }))).toMatchObject({
			remedy: null,
			commands: ["kprep verify --deep"],
		});
		const unknown = withRemedy(
			finding({ status: "unknown", advice: { ...advice, about: "target-unknown" } }),
		);
		expect(unknown.diagnosis).toBeUndefined();
	});

	it("refuses an entry that there is not", () => {
		expect(() => mismatch({ about: "no-such-entry", commands: [] })).toThrow(TypeError);
	});
});

describe("verdictOf", () => {
	const needed = (["release", "config", "vermagic"] as const).map((id) => finding({ id }));
	it.each([
		["all three equal", needed, "match"],
		["one of the three not compared", [...needed.slice(1), finding({ status: "unknown" })], "unproven"],
		["another check unknown", [...needed, finding({ id: "symvers", status: "unknown" })], "match"],
		["any mismatch", [...needed, finding({ id: "symvers", status: "mismatch" })], "mismatch"],
		["nothing", [], "unproven"],
	] as const)("%s", (_, checks, verdict) => {
		expect(verdictOf([...checks])).toBe(verdict);
	});
});
