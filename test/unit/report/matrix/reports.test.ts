import { describe, expect, test } from "vitest";
import { escaped } from "../../../../src/report/html/escaped.ts";
import { matrixHtml } from "../../../../src/report/matrix/html.ts";
import { junitXml } from "../../../../src/report/matrix/junit.ts";
import { cell, matrix, target } from "./made.ts";

const NASTY = `"><script>alert(1)</script>&'\u0000\u001b[31m\ud800]]>`;
const document = matrix({
	modules: ["good", NASTY],
	targets: [target({ name: NASTY, release: NASTY, toolchain: NASTY, exact: NASTY })],
	cells: [
		cell({ target: NASTY, module: "good" }),
		cell({
			...{ target: NASTY, module: NASTY, verdict: "failed", stage: "build", message: NASTY, log: [NASTY] },
			diagnosis: { id: NASTY, title: NASTY, cause: NASTY, remedy: NASTY, commands: [NASTY] },
		}),
	],
});

describe("reports for machines and browsers", () => {
	test.each([
		["HTML", matrixHtml(document)],
		["JUnit", junitXml(document)],
	])("%s: foreign text comes out as text", (_, text) => {
		expect(text).not.toContain("<script");
		expect(text).not.toMatch(/[^\P{Cc}\n\t]|\p{Cs}/u);
		expect(text).toContain("&lt;script&gt;");
		// Tags are closed by what opened them; attributes by their quotes.
		const open: string[] = [];
		for (const [, close, name, self] of text.matchAll(
			/<(\/?)([a-z]\w*(?:-\w+)*)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g,
		)) {
			if (["meta", "br"].includes(name as string) || self === "/") continue;
			if (close === "") open.push(name as string);
			else expect(open.pop()).toBe(name);
		}
		expect(open).toEqual([]);
	});

	test("JUnit: counts, an error for what never came to a verdict, a failure for a verdict", () => {
		const refused = cell({ target: "a", module: "two", verdict: "refused", errno: "EINVAL", message: "no" });
		const text = junitXml(
			matrix({
				modules: ["one", "two", "three"],
				targets: [target({ name: "a" })],
				cells: [
					cell({ target: "a", module: "one" }),
					refused,
					cell({ target: "a", module: "three", verdict: "failed", stage: "sync" }),
				],
			}),
		);
		expect(text).toContain('<testsuites name="kprep matrix" tests="3" failures="1" errors="1"');
		expect(text).toContain('<failure type="refused EINVAL" message="no">');
		expect(text).toContain('<error type="sync" message="sync">');
	});

	test("the page needs nothing from elsewhere", () => {
		expect(matrixHtml(document)).not.toMatch(/(?:src|href)=|url\(|@import/);
	});

	test("escaped text keeps letters of all scripts", () => {
		expect(escaped("ü 漢 😀\n")).toBe("ü 漢 😀\n");
	});
});
