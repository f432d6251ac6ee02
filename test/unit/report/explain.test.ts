import { describe, expect, it } from "vitest";
import type { ExplainedDiagnosis, Explanation } from "../../../src/kernel/failures/document.ts";
import { explainText } from "../../../src/report/explain.ts";

const diagnosis: ExplainedDiagnosis = {
	id: "lockdown",
	title: "Kernel lockdown forbids unsigned modules",
	cause: "The kernel is locked down.",
	remedy:
		"Sign the module and enrol the key, or leave lockdown knowingly; there is more text here to make it wrap.",
	commands: ["mokutil --sb-state"],
	details: { module: "\u001b[31mhello" },
	files: [],
	lines: ["Lockdown: \u001b]0;x\u0007insmod"],
	certainty: "likely",
	machine: { verdict: "confirmed", evidence: ["lockdown is [integrity]"] },
	unsafe: null,
	page: "docs/diagnoses/lockdown.md",
};

const empty: Explanation = {
	diagnoses: [],
	noise: [],
	harmless: [],
	unexplained: [],
	errors: [],
	above: null,
};

describe("explainText", () => {
	it("says what, why, how sure, what this machine says, and what to type", () => {
		const text = explainText(
			{ ...empty, diagnoses: [diagnosis], noise: ["x taints kernel"], harmless: ["only a mark"] },
			60,
		);
		expect(text).toContain("Kernel lockdown forbids unsigned modules  [lockdown, likely]");
		expect(text).toContain("Here: confirmed: lockdown is [integrity]");
		expect(text).toContain("      mokutil --sb-state");
		expect(text).toContain("Not the cause:\n  x taints kernel\n    only a mark");
		expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
		for (const line of text.split("\n").filter((one) => /^\s+(?:Do|Sign|the|Here)/.test(one)))
			expect(line.length).toBeLessThanOrEqual(60);
	});

	it("says which line tells of a failure that nothing explains", () => {
		const text = explainText(
			{
				...empty,
				errors: ["[1.0] Kernel panic - not syncing", "make: *** [x] Error 2"],
				noise: ["x taints kernel"],
				harmless: ["only a mark"],
			},
			80,
		);
		expect(text).toMatch(/^Not recognised\. .*\n {2}> \[1\.0\] Kernel panic - not syncing\n {2}and 1 more/);
		expect(text).toContain("dmesg");
		expect(text).toContain("Not the cause:");
	});

	it.each([
		["/bin/foo: bad thing", null, "may say the reason itself"],
		["make: *** [x] Error 2", "gen.sh: cannot go on", "may say the reason itself"],
		["make: *** [x] Error 2", null, "in a line above it that is not here"],
	])("parts words that may be the reason from make's last ones: %s", (line, above, words) => {
		const text = explainText({ ...empty, errors: [line], above }, 200);
		expect(text).toContain(words);
		if (above !== null) expect(text).toContain(`> ${above}\n  > ${line}`);
	});

	it("says what else failed, and in which of several logs a line is", () => {
		const text = explainText(
			{ ...empty, diagnoses: [{ ...diagnosis, files: ["a/make.log"] }], errors: ["gen: FATAL: no"] },
			200,
		);
		expect(text).toContain("  in a/make.log\n");
		expect(text).toContain("Not recognised, and it may matter:\n  > gen: FATAL: no");
	});

	it("says that nothing was recognised", () => {
		expect(explainText(empty, 80)).toMatch(/^Nothing recognised/);
	});
});
