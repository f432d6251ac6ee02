import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { displayLine, normaliseLine } from "../../../../src/kernel/log/log-line.ts";

const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

describe("normaliseLine", () => {
	it.each([
		["[   12.345678] foo: bar", "foo: bar"],
		["<4>[   12.345678][ T1234] foo: bar", "foo: bar"],
		["kern  :err   : [   12.345678] foo: bar", "foo: bar"],
		["[Fri Feb 12 11:47:20 2021] foo: bar", "foo: bar"],
		["Jan  5 10:00:00 host kernel: [   12.345678] foo: bar", "foo: bar"],
		["févr. 23 13:06:28 host kernel: foo: bar", "foo: bar"],
		["1月 05 10:00:00 host kernel: foo: bar", "foo: bar"],
		["2021-02-12T11:47:20.123456+00:00 host kernel: foo: bar", "foo: bar"],
		["2023-01-01T00:00:00.1234567Z make: *** x", "make: *** x"],
		["01-01 00:00:01.123   123   456 E init    : Failed to x", "Failed to x"],
		["> > \u001b[31m[   1.123456]\u001b[m foo: bar", "foo: bar"],
		["\u001b[01;31m\u001b[Kversion magic\u001b[m\u001b[K 'a'", "version magic 'a'"],
		["gcc: error: unrecognized ‘-f’", "gcc: error: unrecognized '-f'"],
		["la cible « modules ». Arrêt.", "la cible 'modules'. Arrêt."],
		["um „modules“ zu erstellen", "um 'modules' zu erstellen"],
		["&quot;x&quot; &amp; y", "'x' & y"],
		["*** in /src", "*** in /src"],
		["\ta  b\u00a0c \r", "a b c"],
	])("%j", (line, text) => {
		expect(normaliseLine(line)).toBe(text);
	});
});

describe("displayLine", () => {
	it("never has control characters, whatever the line", () => {
		assert(
			property(string({ unit: "binary", maxLength: 200 }), (line) => {
				expect(displayLine(`\u001b]0;title\u0007${line}\u001b[31m`)).not.toMatch(CONTROL);
			}),
		);
	});

	it("takes a terminated title whole and leaves what follows", () => {
		expect(displayLine("\u001b]0;evil\u0007text\u001b[2J more")).toBe("text more");
	});
});
