import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { configSymbolsOf, guardedMembers } from "../../../../src/kernel/layout/guards.ts";

const SOURCE = `
struct module;	/* only named */
struct module_kobject { struct kobject kobj; };
struct module {
	enum module_state state;

	/* Member of list of modules */
	struct list_head list;
	char name[MODULE_NAME_LEN], other;
#ifdef CONFIG_STACKTRACE_BUILD_ID
	unsigned char build_id[BUILD_ID_SIZE_MAX];
#endif
	int (*init)(void);
	struct { int inner; union { int deep; }; } named;
	unsigned int flag:1, flag2 : 2;
#if defined(CONFIG_A) || \\
    defined(CONFIG_B)
# ifdef CONFIG_SMP
	void __percpu *percpu;
# endif
#elif defined(CONFIG_C)
	int c;
#else
	int d;
#endif
	struct module_layout core_layout __module_layout_align;
	DECLARE_BITMAP(bits, 4);
} ____cacheline_aligned __randomize_layout;
struct after { int x; };
`;

describe("guardedMembers", () => {
	const members = guardedMembers(SOURCE, "module") ?? [];
	const guards = (name: string) => members.find((member) => member.name === name)?.guards;
	test("finds the names in order", () => {
		expect(members.map(({ name }) => name).join(" ")).toBe(
			"state list name other build_id init inner deep named flag flag2 percpu c d core_layout bits",
		);
	});
	test("keeps the conditions", () => {
		expect(guards("state")).toEqual([]);
		expect(guards("build_id")).toEqual(["defined(CONFIG_STACKTRACE_BUILD_ID)"]);
		expect(guards("percpu")?.map(configSymbolsOf)).toEqual([["A", "B"], ["SMP"]]);
		expect(guards("c")?.flatMap(configSymbolsOf)).toEqual(["A", "B", "C"]);
		expect(guards("d")?.flatMap(configSymbolsOf)).toEqual(["A", "B", "C"]);
	});
	test("knows the lines", () => {
		expect(members.find(({ name }) => name === "build_id")?.line).toBe(11);
	});
	test("null for a structure that is only named", () => {
		expect(guardedMembers(SOURCE, "list_head")).toBeNull();
		expect(guardedMembers("struct module *m;", "module")).toBeNull();
	});
	test("any text ends in an answer", () => {
		const piece = fc.constantFrom(
			"struct x {",
			"}",
			";",
			"#ifdef A",
			"#else",
			"#endif",
			"int a",
			"{",
			"\n",
			"/*",
			'"',
		);
		fc.assert(
			fc.property(fc.array(piece), (pieces) => {
				guardedMembers(pieces.join("\n"), "x");
			}),
		);
	});
});
