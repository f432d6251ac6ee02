import { describe, expect, test } from "vitest";
import { painted, paints } from "../../../src/report/paint.ts";

const RED = "\x1b[31m";
const GREEN = "\x1b[32m";
const YELLOW = "\x1b[33m";
const OFF = "\x1b[0m";

describe("painted", () => {
	test.each([
		["  ok release         6.1.0", `  ${GREEN}ok${OFF} release         6.1.0`],
		["  NO vermagic        expected a", `  ${RED}NO${OFF} vermagic        expected a`],
		["  note toolchain     gcc 12", `  ${YELLOW}note${OFF} toolchain     gcc 12`],
		["mismatch: a module", `${RED}mismatch${OFF}: a module`],
		["hello.ko: refused, ENOEXEC", `hello.ko: ${RED}refused${OFF}, ENOEXEC`],
		["hello.ko: loads", `hello.ko: ${GREEN}loads${OFF}`],
	])("%j", (line, expected) => expect(painted(line)).toBe(expected));

	test.each(["okay", "a note in a sentence", "NOTHING", ""])("%j stays as it is", (line) => {
		expect(painted(line)).toBe(line);
	});
});

test.each([
	[undefined, true, {}, true],
	[undefined, false, {}, false],
	[undefined, true, { NO_COLOR: "1" }, false],
	[undefined, true, { NO_COLOR: "" }, true],
	[undefined, true, { TERM: "dumb" }, false],
	[true, false, { NO_COLOR: "1" }, true],
	[false, true, {}, false],
])("--color %j, a terminal: %j, %j: %j", (asked, terminal, environment, expected) => {
	expect(paints(asked, terminal, environment)).toBe(expected);
});
