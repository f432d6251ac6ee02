import fc from "fast-check";
import { expect, it } from "vitest";
import { readMakeFailure } from "../../../../src/kernel/kbuild/failure.ts";

it.each<[string, string[], string | null, string[]]>([
	[
		"flex, by sh",
		[
			"  LEX     scripts/kconfig/lexer.lex.c",
			"/bin/sh: 1: flex: not found",
			"make[1]: *** [scripts/Makefile.host:9: scripts/kconfig/lexer.lex.c] Error 127",
		],
		"/bin/sh: 1: flex: not found",
		["flex"],
	],
	[
		"bison, by bash",
		["bash: line 1: bison: command not found"],
		"bash: line 1: bison: command not found",
		["bison"],
	],
	[
		"bc, by make",
		["make[1]: bc: No such file or directory"],
		"make[1]: bc: No such file or directory",
		["bc"],
	],
	["a compiler, by make", ["make: gcc-12: Command not found"], "make: gcc-12: Command not found", ["gcc-12"]],
	[
		"openssl's headers",
		[
			"certs/extract-cert.c:21:10: fatal error: openssl/bio.h: No such file or directory",
			"compilation terminated.",
		],
		"certs/extract-cert.c:21:10: fatal error: openssl/bio.h: No such file or directory",
		["openssl/bio.h"],
	],
	[
		"libelf, by gcc",
		["x.c:1:10: fatal error: libelf.h: No such file or directory"],
		"x.c:1:10: fatal error: libelf.h: No such file or directory",
		["gelf.h"],
	],
	[
		"libelf, by kbuild",
		[
			"error: Cannot generate ORC metadata for CONFIG_UNWINDER_ORC=y, please install libelf-dev, libelf-devel or elfutils-libelf-devel",
		],
		"error: Cannot generate ORC metadata for CONFIG_UNWINDER_ORC=y, please install libelf-dev, libelf-devel or elfutils-libelf-devel",
		["gelf.h"],
	],
	["pahole", ["BTF: .tmp_vmlinux.btf: pahole (pahole) is not available"], null, ["pahole"]],
	[
		"a compile error, the first one",
		[
			"a.c:1: warning: unused",
			"a.c:3:1: error: expected ';'",
			"a.c:9:1: error: other",
			"make: *** [Makefile:1: all] Error 2",
		],
		"a.c:3:1: error: expected ';'",
		[],
	],
	["nothing known", ["  CC      a.o", "done"], null, []],
	["a line without end", ["x".repeat(10_000)], null, []],
])("%s", (_what, lines, first, missing) => {
	expect(readMakeFailure(lines)).toEqual({ first, missing });
});

it("never throws", () => {
	fc.assert(fc.property(fc.array(fc.string({ unit: "binary" })), (lines) => void readMakeFailure(lines)));
});
