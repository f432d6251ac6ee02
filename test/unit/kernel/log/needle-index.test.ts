import { array, assert, constantFrom, property, string } from "fast-check";
import { expect, it } from "vitest";
import { NeedleFilter } from "../../../../src/kernel/log/needle-filter.ts";
import { NeedleIndex } from "../../../../src/kernel/log/needle-index.ts";

const letter = constantFrom("a", "b", "é", "文", " ");

it("finds exactly the needles that are in a text", () => {
	assert(
		property(
			array(string({ unit: letter, minLength: 1, maxLength: 7 }), { maxLength: 20 }),
			string({ unit: letter, maxLength: 60 }),
			(needles, text) => {
				const index = new NeedleIndex(needles.map((needle) => ({ needle, value: needle })));
				expect([...index.find(text)].sort()).toEqual(
					[...new Set(needles.filter((needle) => text.includes(needle)))].sort(),
				);
			},
		),
	);
});

it("lets no line with a needle pass by", () => {
	const needles = ["version magic", "没有规则", "*** "];
	const filter = new NeedleFilter(needles);
	assert(
		property(
			string({ unit: "grapheme", maxLength: 40 }),
			constantFrom(...needles),
			string({ maxLength: 40 }),
			(before, needle, after) => {
				const bytes = new TextEncoder().encode(before + needle + after);
				expect(filter.test(bytes, 0, bytes.length)).toBe(true);
			},
		),
	);
	const other = new TextEncoder().encode("usb 1-1: new high-speed USB device number 4");
	expect(filter.test(other, 0, other.length)).toBe(false);
});
