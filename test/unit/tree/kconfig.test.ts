import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { symbolUse } from "../../../src/tree/abi-symbols.ts";
import { readKconfig } from "../../../src/tree/kconfig.ts";
import { fakeRoot } from "../target/fake-root.ts";
import { fakeTree } from "./fake-tree.ts";

const symbols = (tree: string) => [...(readKconfig(tree, "x86")?.symbols.keys() ?? [])];

it("follows sources inside the tree, the architecture's among them, each once", () => {
	const tree = fakeTree("6.1", {
		Kconfig: 'source "scripts/Kconfig.include"\nsource "arch/$(SRCARCH)/Kconfig"\nconfig A\n',
		"arch/x86/Kconfig": 'config B\nsource "Kconfig"\nsource "$(EXTERN)/Kconfig"\n',
		"scripts/Kconfig.include": "x = $(shell,true)\n",
	});
	expect(symbols(tree)).toEqual(["A", "B"]);
});

it("does not leave the tree, by dots or by links", () => {
	const outside = fakeRoot({ "Kconfig.secret": "config SECRET\n", "dir/Kconfig": "config SECRET\n" });
	const tree = fakeTree("6.1", {
		Kconfig: `source "../${outside.split("/").at(-1)}/Kconfig.secret"\nsource "link"\nsource "folder/Kconfig"\nconfig A\n`,
	});
	symlinkSync(join(outside, "Kconfig.secret"), join(tree, "link"));
	symlinkSync(join(outside, "dir"), join(tree, "folder"));
	expect(symbols(tree)).toEqual(["A"]);
});

it("is null where there is nothing to read", () => {
	expect(readKconfig("/nonexistent", "x86")).toBeNull();
	expect(readKconfig(fakeTree(), "x86")).toBeNull();
});

it("symbolUse tells headers and build rules apart, whole names only", () => {
	const tree = fakeTree("6.1", {
		"include/linux/a.h": "#ifdef CONFIG_AB\n#if IS_ENABLED(CONFIG_C) || defined(CONFIG_D_MODULE)\n",
		"arch/x86/Makefile": "ifdef CONFIG_E\nendif\n",
		"arch/arm/Makefile": "ifdef CONFIG_A\nendif\n",
		"scripts/Makefile.lib": "KASAN_$(CONFIG_F)\n",
		"kernel/a.c": "#ifdef CONFIG_A\n",
	});
	const use = symbolUse(tree, "x86", new Set(["A", "C", "D", "E", "F"]));
	expect([...use.headers].sort()).toEqual(["C", "D"]);
	expect([...use.build].sort()).toEqual(["E", "F"]);
});
