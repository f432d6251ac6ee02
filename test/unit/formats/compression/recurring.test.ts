import fc from "fast-check";
import { expect, test } from "vitest";
import { latin1 } from "../../../../src/formats/bytes.ts";
import { RecurringTexts } from "../../../../src/formats/compression/recurring.ts";

test("every text between NULs comes out as it is, however often and whatever came before", () => {
	const texts = new RecurringTexts();
	const word = fc.uint8Array({ maxLength: 12 }).map((bytes) => bytes.filter((byte) => byte !== 0));
	fc.assert(
		fc.property(fc.array(word, { maxLength: 30 }), (words) => {
			const bytes = Uint8Array.from(words.flatMap((one) => [...one, 0]));
			let at = 0;
			for (const one of words) {
				expect(texts.cstring(bytes, at)).toBe(latin1(one));
				at += one.length + 1;
			}
		}),
	);
});

test.each<[string, string, number, string | null]>([
	["without an end", "abc", 0, null],
	["behind the end", "abc\0", 9, null],
	["longer than any name", `${"x".repeat(2000)}\0`, 0, null],
	["the end of another", ".rela__ksymtab\0", 5, "__ksymtab"],
])("%s", (_, text, start, expected) => {
	expect(new RecurringTexts().cstring(new TextEncoder().encode(text), start)).toBe(expected);
});
