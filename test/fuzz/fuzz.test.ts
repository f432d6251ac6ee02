import { expect, test } from "vitest";
import { drive } from "./drive.ts";
import { mutant } from "./mutate.ts";
import { TARGETS } from "./targets.ts";

/** Fixed, so that a failure is the same everywhere; `node test/fuzz/fuzz.js` takes other series, and longer ones. */
const SERIES = { seed: 1, inputs: 30_000 };

test("mutants of every parser end in a value or a typed error", { timeout: 60_000 }, () => {
	const { findings, refused } = drive(SERIES);
	expect(findings).toEqual([]);
	// A parser that refuses nothing, or a series that no parser takes, would prove nothing.
	expect(Object.keys(refused).length).toBeGreaterThan(8);
});

test.each(TARGETS)("$name takes what its mutants are made from", ({ name, seeds, parse }) => {
	// Of these, each seed is for one of several parsers, or there to be refused.
	if (["compression", "container", "boot-file"].includes(name)) return;
	for (const seed of seeds) expect(() => parse(seed)).not.toThrow();
});

test("a series is the same every time", () => {
	const seeds = TARGETS[0]?.seeds ?? [];
	expect(mutant(seeds, 7, 42)).toEqual(mutant(seeds, 7, 42));
	expect(mutant(seeds, 7, 42)).not.toEqual(mutant(seeds, 8, 42));
});
