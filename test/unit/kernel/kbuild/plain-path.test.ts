import { expect, it } from "vitest";
import { plainName, unplainIn } from "../../../../src/kernel/kbuild/plain-path.ts";

it.each([
	[" ", "a space"],
	["\t", "a control character (U+0009)"],
	["\n", "a control character (U+000A)"],
	["\x1b", "a control character (U+001B)"],
	["\x85", "a control character (U+0085)"],
	["\u00a0", "a space (U+00A0)"],
	[":", "a colon (:)"],
	["'", "a quote (')"],
	['"', 'a quote (")'],
	["`", "a backtick (`)"],
	["$", "a dollar sign ($)"],
	[";", "a semicolon (;)"],
	["&", "an ampersand (&)"],
	["|", "a bar (|)"],
	["<", "a bracket (<)"],
	[">", "a bracket (>)"],
	["[", "a bracket ([)"],
	["]", "a bracket (])"],
	["{", "a bracket ({)"],
	["}", "a bracket (})"],
	["(", "a parenthesis (()"],
	[")", "a parenthesis ())"],
	["*", "an asterisk (*)"],
	["?", "a question mark (?)"],
	["#", "a hash (#)"],
	["\\", "a backslash (\\)"],
])("%j in a path is named", (character, name) => {
	expect(unplainIn(`/usr/src/l${character}x/b`)).toBe(name);
	expect(plainName(`l${character}x`)).toBe("l-x");
});

it("what make and shells take as it stands is plain", () => {
	for (const path of ["/usr/src/linux-6.1_a+b~c", "/a@b%c=d,e^f!g", "/home/größe/内核", "/.x/-y"])
		expect(unplainIn(path), path).toBeNull();
});

it("the first is named, and a name keeps what is plain of it", () => {
	expect(unplainIn("/a b;c")).toBe("a space");
	expect(plainName("my `tree` (2)")).toBe("my-tree-2");
	expect(plainName("$")).toBe("linux");
});
