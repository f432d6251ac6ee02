import fc from "fast-check";
import { expect, it } from "vitest";
import { closest } from "../../../src/cli/closest.ts";

const NAMES = ["sync", "verify", "undo", "source get", "source list", "doctor", "check"];

it.each([
	["snyc", "sync"],
	["verfy", "verify"],
	["source lits", "source list"],
	["doc", "doctor"],
	["chek", "check"],
	["sync", "sync"],
	["kernel", null],
	["x", null],
])("%s means %s", (typed, meant) => expect(closest(typed, NAMES)).toBe(meant));

it("finds every name with one letter missing", () => {
	fc.assert(
		fc.property(fc.constantFrom(...NAMES), fc.nat(), (name, at) => {
			const cut = name.slice(0, at % name.length) + name.slice((at % name.length) + 1);
			expect(closest(cut, NAMES)).toBe(name);
		}),
	);
});
