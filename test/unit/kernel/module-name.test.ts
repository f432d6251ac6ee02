import fc from "fast-check";
import { expect, it } from "vitest";
import { identifier, moduleNameProblem } from "../../../src/kernel/module-name.ts";

it.each(["hello", "Hello2", "my-mod", "a", "x_y-z", "a".repeat(55), "modules"])("%s is possible", (name) =>
	expect(moduleNameProblem(name)).toBeNull(),
);

it.each([
	"",
	"1up",
	"-x",
	"_x",
	"a b",
	"a/b",
	"../a",
	"a.ko",
	"ä",
	"x-",
	"x\n",
	"a".repeat(56),
	"module",
	"Proc",
])("%j is not", (name) => expect(moduleNameProblem(name)).not.toBeNull());

it("takes only what is a C identifier and a file name", () => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme" }), (name) => {
			if (moduleNameProblem(name) === null) expect(identifier(name)).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
		}),
	);
});
