import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silent } from "../../../../src/host/progress.ts";
import { moduleTemplates, newModule } from "../../../../src/workflows/new/index.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-new-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const make = (name: string, template = "basic", dest = join(folder, name)) =>
	newModule({ name, template, dest, progress: silent });

describe.each(moduleTemplates())("%s", (template) => {
	it("fills in every word, and says its licence in every file the kernel reads", async () => {
		const [name, source] = template === "rust" ? ["my_mod", "my_mod.rs"] : ["my-mod", "my-mod.c"];
		const made = await make(name as string, template);
		expect(made.files).toEqual(
			[".clangd", ".gitignore", "Kbuild", "Makefile", "README.md", "dkms.conf", source].sort(),
		);
		expect(readdirSync(made.path).sort()).toEqual(made.files);
		for (const file of made.files) {
			const text = readFileSync(join(made.path, file), "utf8");
			expect(text, file).not.toMatch(/@[A-Z]+@/);
			if (!/README|gitignore/.test(file)) expect(text, file).toContain("SPDX-License-Identifier: GPL-2.0");
		}
	});

	it("keeps the lines of its source within the kernel's width", async () => {
		const { path } = await make("hello", template);
		const source = template === "rust" ? "hello.rs" : "hello.c";
		for (const line of readFileSync(join(path, source), "utf8").split("\n"))
			expect(line.replaceAll("\t", "        ").length).toBeLessThanOrEqual(100);
	});
});

it("a module in Rust has no dash in its name, and a type by the name", async () => {
	await expect(make("my-mod", "rust")).rejects.toMatchObject({
		...{ code: "bad-module-name", suggestions: ["kprep new my_mod --template rust"] },
	});
	const { path } = await make("usb_probe2", "rust");
	expect(readFileSync(join(path, "usb_probe2.rs"), "utf8")).toContain("struct UsbProbe2 {");
});

describe("never overwrites", () => {
	it("refuses a folder with something in it, and leaves it alone", async () => {
		mkdirSync(join(folder, "hello"));
		writeFileSync(join(folder, "hello/mine"), "x");
		await expect(make("hello")).rejects.toMatchObject({ code: "exists", exitStatus: 2 });
		expect(readdirSync(folder)).toEqual(["hello"]);
		expect(readdirSync(join(folder, "hello"))).toEqual(["mine"]);
	});

	it("refuses a file of that name", async () => {
		writeFileSync(join(folder, "hello"), "x");
		await expect(make("hello")).rejects.toMatchObject({ code: "exists" });
		expect(readFileSync(join(folder, "hello"), "utf8")).toBe("x");
	});

	it("takes an empty folder", async () => {
		mkdirSync(join(folder, "hello"));
		expect((await make("hello")).files).toContain("hello.c");
	});
});

it.each([["a b"], ["a:b"], ["a`b"]])("refuses the path %j, in which kbuild cannot work", async (name) => {
	await expect(make("hello", "basic", join(folder, name))).rejects.toMatchObject({ code: "bad-path" });
});

it("refuses a name that C or the kernel cannot take", async () => {
	await expect(make("module")).rejects.toMatchObject({ code: "bad-module-name", exitStatus: 2 });
	expect(readdirSync(folder)).toEqual([]);
});
