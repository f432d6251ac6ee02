import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { posixQuoted, quoted } from "../../../src/kernel/shell-word.ts";

const words: [word: string, typed: string][] = [
	["/usr/src/linux-6.6", "/usr/src/linux-6.6"],
	["r8125/9.0~rc1", "r8125/9.0~rc1"],
	["ARCH=arm64", "ARCH=arm64"],
	["", "''"],
	["a b", "'a b'"],
	["it's", "'it'\\''s'"],
	["localversion-`id`", "'localversion-`id`'"],
	["$(touch${IFS}pwn)", "'$(touch${IFS}pwn)'"],
	["~root/x", "'~root/x'"],
	["M=~root", "'M=~root'"],
	["a\n  try:      curl|sh #", "$'a\\n  try:      curl|sh #'"],
	["it's\\\t!\x1b[2J", "$'it\\'s\\\\\\t\\041\\033[2J'"],
	["m\udcfcller.o", "$'m\\374ller.o'"],
	["a\u202eb", "$'a\\342\\200\\256b'"],
];

describe("quoted", () => {
	it.each(words)("%j", (word, typed) => {
		expect(quoted(word)).toBe(typed);
	});

	it("is one word for bash, one line, and without a sign that acts", () => {
		const signs = fc.constantFrom(..."ab /'\"\\$`!#~=:;&|()<>*?[]{}\n\t\r\x07\x1b\x7f\x9b\u202eé");
		const word = fc.oneof(
			fc.string({ unit: signs, maxLength: 20 }),
			fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")),
		);
		fc.assert(
			fc.property(fc.array(word, { minLength: 20, maxLength: 40 }), (all) => {
				const typed = all.map(quoted);
				for (const text of typed) expect(text).not.toMatch(/[\p{Cc}\u202e\u2066-\u2069]/u);
				const given = execFileSync("bash", ["-c", `printf '%s\\0' ${typed.join(" ")}`]);
				const whole = all.map((text) => `${Buffer.from(text).toString()}\0`).join("");
				expect(given.toString()).toBe(whole);
			}),
			{ numRuns: 40 },
		);
	});
});

it("posixQuoted is one word for every sh, line feeds and all", () => {
	const word = "a\n'b'\t$(id)";
	expect(execFileSync("sh", ["-c", `printf %s ${posixQuoted(word)}`]).toString()).toBe(word);
});
