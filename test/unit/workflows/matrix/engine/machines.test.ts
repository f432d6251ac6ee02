import { expect, test } from "vitest";
import { dealt } from "../../../../../src/workflows/matrix/engine/machines.ts";

test.each([
	{ names: ["a", "b", "c"], machines: ["m", "n"], hands: { m: ["a", "c"], n: ["b"] } },
	{ names: ["a"], machines: ["m", "n"], hands: { m: ["a"] } },
	{ names: [], machines: ["m"], hands: {} },
])("$names for $machines", ({ names, machines, hands }) => {
	expect(dealt(names, machines)).toEqual(hands);
});
