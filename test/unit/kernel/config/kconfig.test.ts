import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	emptyKconfig,
	expressionSymbols,
	hostFacts,
	readKconfigText,
} from "../../../../src/kernel/config/kconfig.ts";

const INCLUDE = `
if-success = $(shell,{ $(1); } >/dev/null 2>&1 && echo "$(2)" || echo "$(3)")
success = $(if-success,$(1),y,n)
cc-option = $(success,trap "rm -rf .tmp_$$" EXIT; $(CC) -Werror $(1) -c -x c /dev/null -o .tmp_$$/tmp.o)
gcc-version := $(shell,$(srctree)/scripts/gcc-version.sh $(CC))
dollar := $
`;

function read(text: string) {
	const kconfig = emptyKconfig();
	readKconfigText(INCLUDE, kconfig);
	const sources = readKconfigText(text, kconfig);
	return { kconfig, sources, host: hostFacts(kconfig) };
}

describe("hostFacts", () => {
	it.each([
		["def_bool of a macro", "config A\n\tdef_bool $(cc-option,-fx)", true],
		["default under a condition", "config A\n\tbool\n\tdefault $(success,test) if 64BIT", true],
		["a macro in depends on", "config A\n\tdef_bool y\n\tdepends on $(success,x)", true],
		["a number", "config A\n\tint\n\tdefault $(gcc-version)", true],
		["over two lines", "config A\n\tdef_bool (B && $(cc-option,-a)) || \\\n\t\t$(cc-option,-b)", true],
		["$(shell) itself", "config A\n\tdef_bool $(shell,true)", true],
		["with a prompt", 'config A\n\tbool "Set me"\n\tdepends on $(cc-option,-fx)', false],
		["a prompt on its own line", 'config A\n\tbool\n\tprompt "Set me"\n\tdefault $(success,x)', false],
		["no macro", "config A\n\tdef_bool y", false],
		[
			"only in its help",
			"config A\n\tdef_bool y\n\thelp\n\t  Uses $(cc-option,-x)\n\n\t  default $(success,x)",
			false,
		],
		["a macro that runs nothing", "config A\n\tdef_bool $(dollar)", false],
		["by another host fact", "config B\n\tdef_bool $(success,x)\nconfig A\n\tdef_bool B", true],
		["by a fact and an option", "config B\n\tdef_bool $(success,x)\nconfig A\n\tdef_bool B && SMP", false],
		["after an if block", "if SMP\nconfig Z\n\tbool\nendif\nconfig A\n\tdef_bool $(success,x)", true],
	])("%s", (_, text, expected) => expect(read(text).host.has("A")).toBe(expected));
});

describe("readKconfigText", () => {
	it("gives sources with the conditions around them, in order", () => {
		const { sources } = read(
			'source "a/Kconfig"\nif NET\nmenu "M"\n\tdepends on INET\nsource "b/Kconfig"\nendmenu\nendif\nsource c/Kconfig',
		);
		expect(sources).toEqual([
			{ path: "a/Kconfig", around: [] },
			{ path: "b/Kconfig", around: ["NET", "INET"] },
			{ path: "c/Kconfig", around: [] },
		]);
	});

	it("collects all definitions of a symbol, what decides about it and what selects it", () => {
		const { kconfig } = read(
			'config A\n\tbool\n\tdepends on B\n\tselect C if D\nif E\nmenuconfig A\n\ttristate "Prompt"\n\tdefault F\nendif',
		);
		expect(kconfig.symbols.get("A")).toEqual({
			...{ prompt: true, decides: ["B", "E", "F"], depends: ["B", "E"], defaults: true },
			selectedBy: [],
		});
		expect(kconfig.symbols.get("C")).toMatchObject({ selectedBy: ["A"] });
	});

	it("takes any text", () => {
		const line = fc.constantFrom(
			...[
				"config A",
				"if B",
				"endif",
				"menu x",
				"endmenu",
				"\thelp",
				"  text",
				"\tdef_bool $(a",
				"a = $(a)",
				"\\",
			],
		);
		fc.assert(
			fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
				const kconfig = emptyKconfig();
				readKconfigText(lines.join("\n"), kconfig);
				hostFacts(kconfig);
			}),
		);
	});
});

it("expressionSymbols leaves out texts and macros", () => {
	expect(expressionSymbols('A && !B || $(cc-option,-DX) && C = "D" if 64BIT')).toEqual(["A", "B", "C"]);
});
