import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findTree, treesMeant } from "../../../src/tree/find.ts";
import { type Files, fakeRoot } from "../target/fake-root.ts";
import { treeFiles } from "./fake-tree.ts";

const source = { ...treeFiles("6.1.192"), "init/main.c": "" };
const headers = treeFiles("6.1.192");

function folderWith(trees: Record<string, Files>): string {
	const files = Object.entries(trees).flatMap(([folder, inside]) =>
		Object.entries(inside).map(([path, text]) => [join(folder, path), text]),
	);
	return fakeRoot(Object.fromEntries(files));
}

it.each([
	["the folder itself, before the usual one", { ".": source, usual: source, linux: source }, ["."]],
	["the usual one, before one below", { usual: source, linux: source }, ["usual"]],
	[
		"the only one below",
		{ "linux-6.1.192": source, hello: { Makefile: "obj-m = hello.o" }, ".": { notes: "" } },
		["linux-6.1.192"],
	],
	["headers below are no source", { "linux-headers-6.1.0-56": headers }, []],
	["all below, sorted", { b: source, a: source }, ["a", "b"]],
	["nothing", { "a/b": source }, []],
] as [string, Record<string, Files>, string[]][])("treesMeant: %s", (_case, trees, expected) => {
	const folder = folderWith(trees);
	const usual = "usual" in trees ? join(folder, "usual") : "/no/such/tree";
	expect(treesMeant(folder, usual)).toEqual(expected.map((name) => join(folder, name)));
});

it("a link to a tree beside it is the same tree", () => {
	const folder = folderWith({ "linux-6.1.192": source });
	symlinkSync("linux-6.1.192", join(folder, "linux"));
	expect(treesMeant(folder, "/no/such/tree")).toHaveLength(1);
});

it("findTree names what is not there", () => {
	expect(() => findTree("/no/such/tree")).toThrow(
		expect.objectContaining({ code: "tree-not-found", exitStatus: 3 }),
	);
});
