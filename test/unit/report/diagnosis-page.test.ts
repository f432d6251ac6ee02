import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { catalogue } from "../../../src/kernel/failures/catalogue.ts";
import { diagnosisIndex, diagnosisPage } from "../../../src/report/diagnosis-page.ts";
import { building } from "../kernel/failures/messages/building.ts";
import { environment } from "../kernel/failures/messages/environment.ts";
import { field } from "../kernel/failures/messages/field.ts";
import { loading } from "../kernel/failures/messages/loading.ts";
import { pastes } from "../kernel/failures/messages/pastes.ts";
import { real } from "../kernel/failures/messages/real.ts";

const FOLDER = "docs/diagnoses";

/** A message of the tests for each diagnosis: what people pasted, or what real kernels said, before made-up wordings. */
function exampleOf(id: string): string | null {
	for (const table of [field, real, loading, building, environment, pastes]) {
		const [first] = table[id] ?? [];
		if (first !== undefined) return first.text.split("\n").slice(0, 12).join("\n");
	}
	return null;
}

const pages = new Map([
	["README.md", diagnosisIndex(catalogue)],
	...catalogue.map((entry): [string, string] => [
		`${entry.id}.md`,
		diagnosisPage(entry, exampleOf(entry.id)),
	]),
]);

if (process.env.KPREP_WRITE_DOCS === "1") {
	mkdirSync(FOLDER, { recursive: true });
	for (const [name, text] of pages) writeFileSync(`${FOLDER}/${name}`, text);
}

it("docs/diagnoses holds a page for each diagnosis, as the catalogue has it now (npm run docs)", () => {
	expect(readdirSync(FOLDER).sort()).toEqual([...pages.keys()].sort());
	for (const [name, text] of pages) expect(readFileSync(`${FOLDER}/${name}`, "utf8"), name).toBe(text);
});
