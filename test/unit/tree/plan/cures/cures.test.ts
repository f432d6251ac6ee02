import { describe, expect, it } from "vitest";
import type { Cured, CureView, Finding } from "../../../../../src/tree/plan/cures/cure.ts";
import { CURES, curable, findTroubles } from "../../../../../src/tree/plan/cures/index.ts";
import { splitMixedRules } from "../../../../../src/tree/plan/cures/scripts/mixed-rules.ts";
import { type FakeHost, fakeView } from "./fake-view.ts";

/** A tree with one construct, a machine that cannot bear it, and one that can. */
interface Case {
	id: string;
	name?: string;
	files: Record<string, string>;
	sick: FakeHost;
	well: FakeHost;
	view?: Partial<CureView>;
	expected: Partial<Cured>;
	/** The trees that need nothing on any machine. */
	healthy: Record<string, string>;
}

const CHAIN = `#if __GNUC__ > 4\n#error no compiler-gcc.h file for this gcc version\n#elif __GNUC__ == 4\n# include <linux/compiler-gcc4.h>\n#elif __GNUC__ == 3\n# include <linux/compiler-gcc3.h>\n#endif\n`;
const VERMAGIC = `#define VERMAGIC_STRING UTS_RELEASE " " MODULE_ARCH_VERMAGIC "gcc-" __stringify(__GNUC__) "." __stringify(__GNUC_MINOR__)\n`;
const MIXED =
	"config %config: scripts_basic FORCE\n\t$(Q)mkdir -p include\n\t$(Q)$(MAKE) $@\n\nelse\n/ %/: prepare\n\t$(Q)x\n%.o: %.c\n\t@:\n";
const GCC12 = { macros: { __GNUC__: "12", __GNUC_MINOR__: "2" } };
const GCC4 = { macros: { __GNUC__: "4", __GNUC_MINOR__: "1" } };
const refused = (words: string) => ({ ok: false, words });

const CASES: Case[] = [
	{
		id: "gcc-header",
		files: {
			"include/linux/compiler.h": "#ifdef __GNUC__\n#include <linux/compiler-gcc.h>\n#endif\n",
			"include/linux/compiler-gcc.h": "#include gcc_header(__GNUC__)\n",
			"include/linux/compiler-gcc3.h": "",
			"include/linux/compiler-gcc4.h": "",
		},
		...{ sick: GCC12, well: GCC4 },
		expected: { reason: expect.stringContaining("compiler-gcc12.h is missing") },
		healthy: { "include/linux/compiler-gcc.h": "#define GCC_VERSION 1\n" },
	},
	{
		id: "gcc-header",
		name: "a chain in compiler.h",
		files: { "include/linux/compiler.h": CHAIN },
		...{ sick: GCC12, well: GCC4 },
		expected: { reason: "compiler.h ends at gcc 4, this one is 12" },
		healthy: {
			"include/linux/compiler.h":
				"#if __GNUC__ > 3\n# include <linux/compiler-gcc+.h>\n#elif __GNUC__ == 3\n",
		},
	},
	{
		id: "pie",
		files: { Makefile: "CFLAGS := -Wall\n" },
		...{ sick: { macros: { __PIE__: "2" } }, well: {} },
		expected: { cc: ["-fno-pie"], reason: expect.stringContaining("PIE") },
		healthy: { Makefile: "KBUILD_CFLAGS += $(call cc-option,-fno-PIE)\n" },
	},
	{
		id: "gnu89",
		files: { Makefile: "CFLAGS := -Wall\n" },
		...{ sick: { macros: { __GNUC_STDC_INLINE__: "1" } }, well: { macros: { __GNUC_GNU_INLINE__: "1" } } },
		expected: { cc: ["-std=gnu89"] },
		healthy: { Makefile: "KBUILD_CFLAGS := -Wall -std=gnu89\n" },
	},
	{
		id: "m32",
		files: { "arch/i386/Makefile": "CFLAGS += -pipe\n" },
		...{ sick: { macros: { __x86_64__: "1" } }, well: { macros: { __i386__: "1" } } },
		view: { makeArch: "i386" },
		expected: { cc: ["-m32"] },
		healthy: { "arch/x86/Makefile": "        KBUILD_CFLAGS += -m32\n" },
	},
	{
		id: "vermagic-gcc",
		files: { "include/linux/vermagic.h": VERMAGIC },
		...{ sick: GCC12, well: { macros: { __GNUC__: "3", __GNUC_MINOR__: "4" } } },
		view: { target: { vermagic: "2.6.12-fc4 686 REGPARM gcc-3.4", compiler: null } },
		expected: { reason: expect.stringContaining("gcc-3.4") },
		healthy: { "include/linux/vermagic.h": "#define VERMAGIC_STRING UTS_RELEASE\n" },
	},
	{
		id: "common",
		files: { "scripts/dtc/dtc-lexer.lex.c_shipped": "int x;\nYYLTYPE yylloc;\n" },
		sick: { compiles: () => ({ ok: true, words: "\t.globl\tkprep_common\n" }) },
		well: { compiles: () => ({ ok: true, words: "\t.comm\tkprep_common,4,4\n" }) },
		expected: { hostcc: ["-fcommon"] },
		healthy: { "scripts/dtc/dtc-lexer.l": "extern YYLTYPE yylloc;\n" },
	},
	{
		id: "path-max",
		files: { "scripts/mod/sumversion.c": "#include <string.h>\nchar name[PATH_MAX];\n" },
		sick: { compiles: (_, __, source) => (source.includes("PATH_MAX") ? refused("undeclared") : undefined) },
		well: {},
		expected: { hostcc: ["-DPATH_MAX=4096"] },
		healthy: {
			"scripts/mod/sumversion.c": "#include <limits.h>\nchar name[PATH_MAX];\n",
			"scripts/kconfig/conf.c": '#include "lkc.h"\nchar name[PATH_MAX];\n',
			"scripts/kconfig/lkc.h": '#include "expr.h"\n',
			"scripts/kconfig/expr.h": "#include <limits.h>\n",
			"scripts/kconfig/nconf.c": "char name[PATH_MAX];\n",
		},
	},
	{
		id: "perl-defined",
		files: { "kernel/timeconst.pl": "# defined(@val)\nif (!defined(@val)) {\n" },
		sick: {
			runs: { perl: refused("Can't use 'defined(@array)' (Maybe you should just omit the defined()?)") },
		},
		well: {},
		expected: { reason: expect.stringContaining("Can't use") },
		healthy: { "kernel/timeconst.pl": "if (!@val) {\n", "scripts/get_abi.pl": "defined(@x)\n" },
	},
	{
		id: "hardened",
		files: { Makefile: "CFLAGS := -Wall\n" },
		...{ sick: { macros: { __SSP_STRONG__: "3", __CET__: "3" } }, well: {} },
		expected: { cc: ["-fno-stack-protector", "-fcf-protection=none"] },
		healthy: { Makefile: "X := -fno-stack-protector\n", "arch/x86/Makefile": "X := -fcf-protection=none\n" },
	},
	{
		id: "tool-warnings",
		files: {
			"tools/lib/subcmd/Makefile": "CFLAGS += -Werror\n",
			"tools/lib/subcmd/subcmd-util.h":
				"ret = realloc(ptr, size);\n\tif (!ret && !size)\n\t\tret = realloc(ptr, 1);\n",
		},
		sick: {},
		well: { compiles: (_, flags) => (flags.includes("use-after-free") ? refused("no option") : undefined) },
		expected: { hostcc: ["-Wno-error=use-after-free"], reason: expect.stringContaining("subcmd-util.h") },
		healthy: { "tools/lib/subcmd/Makefile": "CFLAGS += -Werror\n" },
	},
	{
		id: "tool-warnings",
		name: "with a newer C library",
		files: {
			"tools/lib/bpf/Makefile": "override CFLAGS += -Werror -Wall\n",
			"tools/lib/bpf/libbpf.c": "\tnext = strchr(name, '.');\n",
		},
		sick: { compiles: (_, flags) => (flags.includes("-Werror=discarded") ? refused("discards") : undefined) },
		well: {},
		expected: { hostcc: ["-Wno-error=discarded-qualifiers"] },
		healthy: { "tools/lib/bpf/Makefile": "CFLAGS += -Werror\n", "tools/lib/bpf/libbpf.c": "int x;\n" },
	},
	{
		id: "selinux-families",
		files: {
			"security/selinux/include/classmap.h":
				"struct x { int y; };\n\n#if PF_MAX > 44\n#error New address family defined, please update secclass_map.\n#endif\n",
		},
		sick: {
			compiles: (_, __, source) =>
				source.includes("PF_MAX > 44") ? refused("<stdin>:3:2: error: #error families") : undefined,
		},
		well: {},
		expected: {
			reason: "security/selinux/include/classmap.h knows 44 address families, and this C library has more",
		},
		healthy: {
			"security/selinux/include/classmap.h":
				"#include <linux/socket.h>\n#if PF_MAX > 44\n#error New address family\n#endif\n",
		},
	},
	{
		id: "openssl-engine",
		files: { "scripts/sign-file.c": "#include <openssl/evp.h>\n#include <openssl/engine.h>\nint main;\n" },
		sick: {
			compiles: (_, __, source) => (source.includes("engine.h") ? refused("no such file") : undefined),
		},
		well: {},
		view: { config: new Map([["MODULE_SIG", "y"]]) },
		expected: { reason: expect.stringContaining("scripts/sign-file.c") },
		healthy: {
			"scripts/sign-file.c": "#if OPENSSL_VERSION_MAJOR < 3\n#include <openssl/engine.h>\n#endif\n",
		},
	},
	{
		id: "awk",
		files: { "arch/x86/tools/gen-insn-attr-x86.awk": "BEGIN {}\n" },
		...{ sick: { runs: { awk: refused("") } }, well: {} },
		expected: { variables: { AWK: "gawk" } },
		healthy: {},
	},
	{
		id: "cc-wrapper",
		files: {
			Makefile: "CC\t\t= $(PYTHON) $(srctree)/scripts/gcc-wrapper.py $(REAL_CC)\n",
			"scripts/gcc-wrapper.py": "#! /usr/bin/env python2\nprint 'x'\n",
		},
		...{ sick: { runs: { python2: null } }, well: { runs: { python2: { ok: true, words: "2" } } } },
		expected: { plainCc: true, reason: expect.stringContaining("python2") },
		healthy: { Makefile: "CC = $(CROSS_COMPILE)gcc\n" },
	},
	{
		id: "newer-errors",
		files: { Makefile: "CC = gcc\n" },
		sick: {
			compiles: (_, flags, source) =>
				source.includes("return x") && !flags.includes("-Wno-error=i")
					? refused("[-Wint-conversion]")
					: undefined,
		},
		well: {},
		expected: {
			cc: ["-Wno-error=int-conversion", "-Wno-error=incompatible-pointer-types"],
			hostcc: ["-Wno-error=int-conversion", "-Wno-error=incompatible-pointer-types"],
		},
		healthy: { Makefile: "CC = gcc\n", "scripts/min-tool-version.sh": "" },
	},
	{
		id: "host-c23",
		files: { Makefile: "HOSTCC = gcc\nHOSTCFLAGS = -Wall -O2\n" },
		sick: {
			compiles: (_, __, source) => (source.includes("__STDC_VERSION__") ? refused("#error C23") : undefined),
		},
		well: {},
		expected: { hostcc: ["-std=gnu11"] },
		healthy: { Makefile: "HOSTCFLAGS   := -Wall \\\n\t\t-O2 -std=gnu89\n" },
	},
	{
		id: "mixed-rules",
		files: { Makefile: MIXED },
		sick: { make: { ok: true, words: "Makefile:1: *** mixed implicit and normal rules: deprecated syntax" } },
		well: {},
		expected: { reason: expect.stringContaining("mixed implicit") },
		healthy: { Makefile: "config: FORCE\n%config: FORCE\n" },
	},
];

const only = (id: string) => CURES.filter((cure) => cure.id === id);

describe.each(CASES)("$id $name", ({ id, files, sick, well, view, expected, healthy }) => {
	const troubles = (tree: Record<string, string>, host: FakeHost): Finding[] =>
		findTroubles(fakeView(tree, host, view), only(id));

	it("is found on a machine that cannot bear it, and cured for good", () => {
		const [found] = troubles(files, sick);
		expect(found).toMatchObject({ id, ...expected });
		const cured = { ...files };
		for (const { path, edit } of (found as Cured).files ?? []) {
			cured[path] = edit(files[path] ?? null);
			expect(cured[path]).not.toBe(files[path]);
			expect(edit(cured[path])).toBe(cured[path]);
		}
		if ((found as Cured).files !== undefined) expect(troubles(cured, sick)).toEqual([]);
	});

	it("is not found on a machine that bears it", () => {
		expect(troubles(files, well)).toEqual([]);
	});

	it("a tree without it is left alone, and the machine is not even asked", () => {
		const asking = fakeView(healthy, sick, view);
		expect(findTroubles(asking, only(id))).toEqual([]);
		expect(asking.asked).toEqual([]);
	});
});

it("every cure has a case here", () => {
	expect(CURES.map(({ id }) => id).filter((id) => !CASES.some((one) => one.id === id))).toEqual([]);
});

it.each([
	["print 'x'", { ok: true, words: "3" }, true],
	["print('x')", { ok: true, words: "3" }, false],
	["except OSError, e:", { ok: true, words: "3" }, true],
	["print 'x'", { ok: true, words: "2" }, false],
])("a wrapper that says %s with %o", (line, python, ails) => {
	const files = {
		Makefile: "CC = $(srctree)/scripts/gcc-wrapper.py $(REAL_CC)\n",
		"scripts/gcc-wrapper.py": `#!/usr/bin/env python\n${line}\n`,
	};
	expect(findTroubles(fakeView(files, { runs: { python } }), only("cc-wrapper"))).toHaveLength(ails ? 1 : 0);
});

it("a wrapper that is not even there is passed by", () => {
	const files = { Makefile: "CC = $(PYTHON) $(srctree)/scripts/gcc-wrapper.py $(REAL_CC)\n" };
	expect(findTroubles(fakeView(files), only("cc-wrapper"))).toMatchObject([
		{ plainCc: true, reason: expect.stringContaining("is not in the tree") },
	]);
});

it("no awk that can: said, with what to install", () => {
	const runs = { awk: null, gawk: null, mawk: null, "original-awk": null };
	const view = fakeView({ "arch/x86/tools/gen-insn-attr-x86.awk": "" }, { runs });
	expect(findTroubles(view, only("awk"))).toMatchObject(
		[{ cannot: /no awk/, remedy: /gawk/ }].map(({ cannot, remedy }) => ({
			cannot: expect.stringMatching(cannot),
			remedy: expect.stringMatching(remedy),
		})),
	);
});

it("a compiler that no one knows is named, not guessed", () => {
	const view = fakeView({ "include/linux/vermagic.h": VERMAGIC }, GCC12);
	const found = findTroubles(view, only("vermagic-gcc"));
	expect(found).toMatchObject([{ cannot: expect.stringContaining("gcc-12.2") }]);
	expect(curable(found)).toEqual([]);
});

it("the target's compiler tells the word where no vermagic does", () => {
	const target = { vermagic: null, compiler: "gcc version 4.1.2 20061115 (prerelease) (Debian 4.1.1-21)" };
	const [found] = findTroubles(fakeView({ "include/linux/vermagic.h": VERMAGIC }, GCC12, { target }));
	expect((found as Cured).files?.[0]?.edit(VERMAGIC)).toContain('MODULE_ARCH_VERMAGIC "gcc-4.1"');
});

it.each([
	["a b: c", "a b: c"],
	["X := a %b: c", "X := a %b: c"],
	["a b: %.o: %.c", "a b: %.o: %.c"],
	["\ta %b: c", "\ta %b: c"],
	["a %b:: c\n\tx", "a:: c\n\tx\n\n%b:: c\n\tx"],
])("%j is split as %j", (text, expected) => {
	expect(splitMixedRules(text)).toBe(expected);
});
