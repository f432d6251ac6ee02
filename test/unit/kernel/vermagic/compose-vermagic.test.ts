import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composeVermagic } from "../../../../src/kernel/vermagic/compose-vermagic.ts";
import { parseVermagic } from "../../../../src/kernel/vermagic/vermagic.ts";

const PREEMPT_FIRST = `
#ifdef CONFIG_PREEMPT_BUILD
#define MODULE_VERMAGIC_PREEMPT "preempt "
#elif defined(CONFIG_PREEMPT_RT)
#define MODULE_VERMAGIC_PREEMPT "preempt_rt "
#else
#define MODULE_VERMAGIC_PREEMPT ""
#endif`;
const RT_FIRST = `
#ifdef CONFIG_PREEMPT_RT
#define MODULE_VERMAGIC_PREEMPT "preempt_rt "
#elif defined(CONFIG_PREEMPT_BUILD)
#define MODULE_VERMAGIC_PREEMPT "preempt "
#else
#define MODULE_VERMAGIC_PREEMPT ""
#endif`;
const header = (preempt: string) => `
#ifndef _LINUX_VERMAGIC_H
#define _LINUX_VERMAGIC_H
#ifndef INCLUDE_VERMAGIC
#error "This header can be included from kernel/module.c or *.mod.c only"
#endif
#include <generated/utsrelease.h> /* a comment "with quotes */
#ifdef CONFIG_SMP
#define MODULE_VERMAGIC_SMP "SMP "
#else
#define MODULE_VERMAGIC_SMP ""
#endif${preempt}
#ifdef CONFIG_MODULE_UNLOAD
#define UNLOAD "mod_unload "
#else
#define UNLOAD ""
#endif
#ifdef RANDSTRUCT
#define MODULE_RANDSTRUCT "RANDSTRUCT_" RANDSTRUCT_HASHED_SEED
#else
#define MODULE_RANDSTRUCT
#endif
#define VERMAGIC_STRING 						\\
	UTS_RELEASE " "							\\
	MODULE_VERMAGIC_SMP MODULE_VERMAGIC_PREEMPT UNLOAD \\
	MODULE_ARCH_VERMAGIC						\\
	MODULE_RANDSTRUCT
#endif
`;
const X86 = `
#ifdef CONFIG_X86_64
/* X86_64 does not define MODULE_PROC_FAMILY */
#elif defined CONFIG_M686
#define MODULE_PROC_FAMILY "686 "
#else
#error unknown processor family
#endif
#ifdef CONFIG_X86_32
# define MODULE_ARCH_VERMAGIC MODULE_PROC_FAMILY
#else
# define MODULE_ARCH_VERMAGIC ""
#endif`;
const ARM = `
#define MODULE_ARCH_VERMAGIC_ARMVSN "ARMv" __stringify(__LINUX_ARM_ARCH__) " "
#define MODULE_ARCH_VERMAGIC MODULE_ARCH_VERMAGIC_ARMVSN`;

function compose(headers: string[], on: string[], macros: Record<string, string> = {}) {
	const symbol = (name: string) => (on.includes(name) ? "y" : undefined);
	return composeVermagic({ release: "6.1.0-56-x", symbol, headers, macros });
}

describe("composeVermagic", () => {
	const both = ["SMP", "PREEMPT_BUILD", "PREEMPT_RT", "MODULE_UNLOAD", "X86_64"];
	test.each([
		["preempt first", [X86, header(PREEMPT_FIRST)], both, {}, "6.1.0-56-x SMP preempt mod_unload "],
		["RT first", [X86, header(RT_FIRST)], both, {}, "6.1.0-56-x SMP preempt_rt mod_unload "],
		["nothing set", [X86, header(RT_FIRST)], ["X86_64"], {}, "6.1.0-56-x "],
		["32 bits", [X86, header(RT_FIRST)], ["X86_32", "M686"], {}, "6.1.0-56-x 686 "],
		[
			"randstruct",
			[X86, header(RT_FIRST)],
			["X86_64"],
			{ RANDSTRUCT: "1", RANDSTRUCT_HASHED_SEED: '"ab12"' },
			"6.1.0-56-x RANDSTRUCT_ab12",
		],
		["arm", [ARM, header(RT_FIRST)], ["SMP"], { __LINUX_ARM_ARCH__: "7" }, "6.1.0-56-x SMP ARMv7 "],
	])("%s", (_name, headers, on, macros, text) => {
		expect(compose(headers, on, macros)).toEqual({ text });
	});

	test("says which macro is missing rather than guess", () => {
		expect(compose([ARM, header(RT_FIRST)], [])).toEqual({ unknown: "__LINUX_ARM_ARCH__" });
		expect(compose([header(RT_FIRST)], [])).toEqual({ unknown: "MODULE_ARCH_VERMAGIC" });
		expect(compose([], [])).toEqual({ unknown: "VERMAGIC_STRING" });
	});

	test("a macro that names itself ends", () => {
		expect(compose(["#define VERMAGIC_STRING VERMAGIC_STRING"], [])).toEqual({ unknown: "VERMAGIC_STRING" });
	});

	test("any text ends in an answer", () => {
		fc.assert(
			fc.property(
				fc.array(
					fc.constantFrom(
						"#ifdef X",
						"#else",
						"#elif Y == (",
						"#endif",
						"#define VERMAGIC_STRING A",
						"\\",
						'"',
					),
				),
				(lines) => typeof compose([lines.join("\n")], []) === "object",
			),
		);
	});

	test("parseVermagic reads back what was composed", () => {
		fc.assert(
			fc.property(fc.subarray(both.slice(0, 4)), (on) => {
				const composed = compose([X86, header(RT_FIRST)], ["X86_64", ...on]);
				if (!("text" in composed)) throw new Error(composed.unknown);
				const { release, flags } = parseVermagic(composed.text);
				expect(release).toBe("6.1.0-56-x");
				expect(flags.includes("SMP")).toBe(on.includes("SMP"));
				expect(flags.includes("mod_unload")).toBe(on.includes("MODULE_UNLOAD"));
			}),
		);
	});
});
