import { describe, expect, it } from "vitest";
import {
	assignedValues,
	expandPath,
	exportedNames,
	readKconfig,
} from "../../../../src/kernel/kbuild/kconfig-environment.ts";

const names = (text: string) => readKconfig(text).uses.map(({ name, line }) => `${name}:${line}`);

describe("what Kconfig takes from the environment", () => {
	it.each([
		['source "$(BOARD)/Kconfig"\n', ["BOARD:1"]],
		['source "arch/$SRCARCH/Kconfig"\n', ["SRCARCH:1"]],
		["config A\n\tdef_bool $(IS_VENDOR)\n", ["IS_VENDOR:2"]],
		["\tdepends on $(A) && B\n", ["A:1"]],
		['\tdefault "$(QUOTED)"\n', []],
		["\tdef_bool $(cc-option,-m32)\n", []],
		// init/Kconfig of 5.7 and later: empty in every ordinary build.
		["\tdefault $(success,$(srctree)/x.sh $(CC) $(USERCFLAGS) $(m64-flag)) if 64BIT\n", []],
		["\tdefault $(if-success,(a; b $(X)),y,n) if $(AFTER)\n", ["AFTER:1"]],
		["\tdef_bool $(shell,echo $(NEVER_CLOSED)\n", []],
		["# source $(X)\n", []],
		[
			"config A\n\thelp\n\t  $(NOT_THIS) is text\n\n\t  $(NOR_THIS)\nconfig B\n\tdef_bool $(THIS)\n",
			["THIS:7"],
		],
		["X := $(CC)\n", []],
		['\tprompt "costs $5"\n', []],
	])("%j", (text, expected) => {
		expect(names(text)).toEqual(expected);
	});

	it("reads what it defines and includes", () => {
		expect(readKconfig('dollar := $\nname = x\nsource "a/Kconfig"\nrsource "b/Kconfig"\n')).toMatchObject({
			defines: ["dollar", "name"],
			sources: ["a/Kconfig", "b/Kconfig"],
		});
	});

	it("an unknown name in a path is nothing", () => {
		expect(expandPath("$(A)/$B/${C}x", (name) => ({ B: "b" })[name])).toBe("/b/x");
	});

	it("reads what a makefile hands on", () => {
		const text = "export A B \\\n\tC\nexport D := x y\nexport E\n#export F\n\texport G\nexport H=1\n";
		expect(exportedNames(text)).toEqual(["A", "B", "C", "D", "E", "G", "H"]);
	});

	it("finds plain values in build files, and no shell's work", () => {
		const text =
			'BOARD=one\nexport BOARD="two"\n  BOARD := three # x\nBOARD=$(pwd)/x\nXBOARD=no\nBOARD=`id`\n';
		expect(assignedValues(text, "BOARD")).toEqual([
			{ value: "one", line: 1 },
			{ value: "two", line: 2 },
			{ value: "three", line: 3 },
		]);
	});
});
