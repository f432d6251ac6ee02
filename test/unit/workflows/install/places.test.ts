import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Root } from "../../../../src/host/files/root.ts";
import { modulesOf, plainBelow } from "../../../../src/workflows/install/places.ts";
import { addFiles, fakeRoot } from "../../target/fake-root.ts";

describe("modulesOf", () => {
	it("is where the root has its modules, there or not, behind links of the root too", () => {
		const top = fakeRoot({ lib: { link: "/usr/lib" }, usr: { link: "/../../system" } });
		expect(modulesOf(new Root(top), "6.1.0-9")).toBe(join(top, "system/lib/modules/6.1.0-9"));
		mkdirSync(join(top, "system/lib/modules"), { recursive: true });
		addFiles(top, { "system/lib/modules/6.1.0-9": { link: "../../../../../../elsewhere/../mods" } });
		expect(modulesOf(new Root(top), "6.1.0-9")).toBe(join(top, "mods"));
		expect(modulesOf(new Root(fakeRoot({ "usr/lib/modules/x": "" })), "6.1.0")).toMatch(
			/\/usr\/lib\/modules\/6\.1\.0$/,
		);
	});

	it.each(["", ".", "..", "6.1/../../x", "/etc", "6.1\n"])("takes no %j for a release", (release) => {
		expect(() => modulesOf(new Root(fakeRoot()), release)).toThrow(
			expect.objectContaining({ code: "bad-release", exitStatus: 3 }),
		);
	});

	it("ends where links go round", () => {
		const root = new Root(fakeRoot({ lib: { link: "/lib" } }));
		expect(() => modulesOf(root, "6.1.0")).toThrow(expect.objectContaining({ code: "link-loop" }));
	});
});

it("plainBelow takes folders and what is missing, and no link, wherever it leads", () => {
	const top = fakeRoot({ "a/x": "", in: { link: "a" }, out: { link: "/etc" }, none: { link: "/none" } });
	expect(plainBelow(top, "a/b")).toBe(join(top, "a/b"));
	for (const inner of ["in/b", "out", "none/c"])
		expect(() => plainBelow(top, inner), inner).toThrow(
			expect.objectContaining({ code: "link-outside", exitStatus: 5 }),
		);
});
