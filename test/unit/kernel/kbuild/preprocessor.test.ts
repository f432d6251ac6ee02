import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { configMacros, evaluateCondition, sourceLines } from "../../../../src/kernel/kbuild/preprocessor.ts";

const symbols: Record<string, string> = { A: "y", B: "m", HZ: "250" };
const config = configMacros((name) => symbols[name]);
const macro = (name: string) => (name === "KNOWN_ABSENT" ? null : config(name));

describe("evaluateCondition", () => {
	test.each([
		["defined(CONFIG_A)", true],
		["defined CONFIG_B", false],
		["defined(CONFIG_B_MODULE)", true],
		["IS_ENABLED(CONFIG_B)", true],
		["IS_BUILTIN(CONFIG_B)", false],
		["IS_MODULE(CONFIG_B)", true],
		["IS_REACHABLE(CONFIG_B)", null],
		["IS_ENABLED(CONFIG_NO) || !defined(CONFIG_NO)", true],
		["CONFIG_HZ >= 250 && CONFIG_HZ < 1000", true],
		["CONFIG_HZ == (100)", false],
		["SOMETHING_ELSE", null],
		["defined(CONFIG_A) || SOMETHING_ELSE", true],
		["defined(CONFIG_A) && SOMETHING_ELSE", null],
		["KNOWN_ABSENT", false],
		["0", false],
		["1UL", true],
		["X(1)", null],
		["a ? b : c", null],
		["(", null],
		["", null],
	])("%s is %s", (text, expected) => {
		expect(evaluateCondition(text, macro)).toBe(expected);
	});
	test("any text ends in an answer", () => {
		fc.assert(
			fc.property(fc.string(), (text) => [true, false, null].includes(evaluateCondition(text, macro))),
		);
	});
});

describe("sourceLines", () => {
	test("joins continuations, drops comments, keeps strings and line numbers", () => {
		const text = 'a /* x\ny */ b\n#define C \\\n 1 // end\n"/* no comment */"';
		expect(sourceLines(text).map(({ text, line }) => [line, text.trim()])).toEqual([
			[1, "a"],
			[2, "b"],
			[3, "#define C   1"],
			[5, '"/* no comment */"'],
		]);
	});
	test("line numbers never run past the end", () => {
		fc.assert(
			fc.property(fc.string(), (text) => {
				const last = text.split("\n").length;
				return sourceLines(text).every(({ line }) => line >= 1 && line <= last);
			}),
		);
	});
});
