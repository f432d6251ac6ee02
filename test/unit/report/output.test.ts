import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { printable, visible } from "../../../src/printable.ts";
import { jsonText, terminalWidth } from "../../../src/report/output.ts";

it.each([
	["\x1b[31mred", "\\x1b[31mred", "\\x1b[31mred"],
	["a\nb\tc\r", "a\nb\tc\\x0d", "a b c "],
	["\x9b2J \x7f\x00", "\\x9b2J \\x7f\\x00", "\\x9b2J \\x7f\\x00"],
	["ab\u202egnp.exe\u2066", "ab\\u202egnp.exe\\u2066", "ab\\u202egnp.exe\\u2066"],
	["Grüße, 世界 🐧", "Grüße, 世界 🐧", "Grüße, 世界 🐧"],
])("%j shows what would act on a terminal", (text, whole, line) => {
	expect(visible(text)).toBe(whole);
	expect(printable(text)).toBe(line);
});

it("a JSON document holds nothing that acts on a terminal, and says the same", () => {
	const document = { text: "\x1b[2J\x9b\x7f\u202e\u2028 Grüße", "\x9d": [1] };
	const text = jsonText(document);
	// biome-ignore lint/suspicious/noControlCharactersInRegex: none must be there
	expect(text.replaceAll("\n", "")).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028-\u202e]/);
	expect(JSON.parse(text)).toEqual(document);
});

it.each([
	[{ columns: 0 }, 80],
	[{}, 80],
	[{ columns: 60 }, 60],
])("%j: %i columns", (stream, width) => {
	expect(terminalWidth(stream)).toBe(width);
});

it("nothing else in src writes to stdout or stderr", () => {
	const src = fileURLToPath(new URL("../../../src", import.meta.url));
	const writers = readdirSync(src, { recursive: true, encoding: "utf8" })
		.filter((file) => file.endsWith(".ts"))
		.filter((file) =>
			/process\.std(out|err)\.write|console\.(log|error|warn)/.test(readFileSync(join(src, file), "utf8")),
		);
	expect(writers).toEqual([]);
});
