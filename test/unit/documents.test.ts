import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { documentedCommands, schemaProblem } from "../helpers/schemas.ts";

const commands = readdirSync(fileURLToPath(new URL("../../src/commands", import.meta.url)), {
	recursive: true,
	encoding: "utf8",
})
	.filter((name) => name.endsWith(".ts"))
	.map((name) => name.slice(0, -3).replace("/", " "));

it("every command's document has a schema, and none is left over", () => {
	expect(documentedCommands().sort()).toEqual([...commands, "error"].sort());
});

it("a document with a field too many, too few or of another type is told", () => {
	const good = { path: "/x" };
	expect(schemaProblem(["cache", "path", "--json"], good)).toBe(null);
	expect(schemaProblem(["cache", "path", "--json"], { ...good, more: 1 })).toContain("additional properties");
	expect(schemaProblem(["cache", "path", "--json"], {})).toContain("required");
	expect(schemaProblem(["cache", "path", "--json"], { path: 1 })).toContain("must be string");
	expect(schemaProblem(["verify", "--json"], { error: { code: "x", message: "y" } })).toContain(
		"suggestions",
	);
	expect(schemaProblem(["nonesuch", "--json"], {})).toBe(null);
});
