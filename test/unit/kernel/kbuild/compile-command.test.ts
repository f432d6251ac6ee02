import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commandFor, compileCommand, shellWords } from "../../../../src/kernel/kbuild/compile-command.ts";

const OLD = `cmd_/tmp/p/kp.o := gcc -Wp,-MMD,/tmp/p/.kp.o.d -I./include -DMODULE  -DKBUILD_BASENAME='"kp"' -D__KBUILD_MODNAME=kmod_kp -c -o /tmp/p/kp.o /tmp/p/kp.c   ; ./tools/objtool/objtool --module /tmp/p/kp.o

source_/tmp/p/kp.o := /tmp/p/kp.c
`;

describe("compileCommand", () => {
	test.each([OLD, OLD.replace(/^cmd_/, "savedcmd_")])("takes the compiler's words only", (text) => {
		expect(compileCommand(text)).toEqual([
			"gcc",
			"-Wp,-MMD,/tmp/p/.kp.o.d",
			"-I./include",
			"-DMODULE",
			'-DKBUILD_BASENAME="kp"',
			"-D__KBUILD_MODNAME=kmod_kp",
			"-c",
			"-o",
			"/tmp/p/kp.o",
			"/tmp/p/kp.c",
		]);
	});
	test.each(["", "cmd_x := ld -r -o x y", "source_x := y"])("%j has none", (text) => {
		expect(compileCommand(text)).toBeNull();
	});
	test("the same flags for another source", () => {
		expect(commandFor(compileCommand(OLD) ?? [], ["-E"], "kernel/a.c")).toEqual([
			"gcc",
			"-I./include",
			"-D__KBUILD_MODNAME=kmod_kp",
			'-DKBUILD_BASENAME="kprep"',
			"-E",
			"kernel/a.c",
		]);
	});
});

describe("shellWords", () => {
	test.each([
		["a b;c", ["a", "b", ";", "c"]],
		[`-D'"x y"'z`, ['-D"x y"z']],
		['"a \\" b"', ['a " b']],
		["a\\ b", ["a b"]],
		["'' x", ["", "x"]],
		["", []],
	])("%s", (text, words) => {
		expect(shellWords(text)).toEqual(words);
	});
	test("gives back any words that were quoted", () => {
		const word = fc.string();
		fc.assert(
			fc.property(fc.array(word), (words) => {
				const text = words.map((one) => `'${one.replaceAll("'", "'\\''")}'`).join(" ");
				expect(shellWords(text)).toEqual(words);
			}),
		);
	});
});
