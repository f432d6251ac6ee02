import { describe, expect, it } from "vitest";
import { firstWords, probeCommand } from "../../../../src/kernel/kbuild/probe-command.ts";

describe("kbuild's tests for options", () => {
	it.each([
		// scripts/Kbuild.include, 2.6.32
		[
			'set -e; TMP=".$$.tmp"; TMPO=".$$.o"; if (gcc -Wall -m64 -c -xc /dev/null -o "$TMP") >/dev/null 2>&1; then echo "-m64"; else echo ""; fi; rm -f "$TMP" "$TMPO"',
			'gcc -Wall -m64 -c -xc /dev/null -o "$TMP"',
		],
		// Makefile, 2.6.12
		[
			'if gcc -D__KERNEL__ -Iinclude -Wno-pointer-sign -S -o /dev/null -xc /dev/null > /dev/null 2>&1; then echo "-Wno-pointer-sign"; else echo ""; fi ;',
			"gcc -D__KERNEL__ -Iinclude -Wno-pointer-sign -S -o /dev/null -xc /dev/null",
		],
		// scripts/Makefile.compiler, 6.1
		[
			'set -e; TMP=.tmp_$$/tmp; trap "rm -rf .tmp_$$" EXIT; mkdir -p .tmp_$$; if (gcc -Werror -c -x c /dev/null -o "$TMP") >/dev/null 2>&1; then echo "y"; else echo "n"; fi',
			'gcc -Werror -c -x c /dev/null -o "$TMP"',
		],
	])("%j", (text, command) => {
		expect(probeCommand(text)).toBe(command);
	});

	it.each([
		"uname -m",
		"if [ -x x ]; then echo y; fi",
		"cat .config 2>/dev/null",
		`if ${"x".repeat(70_000)} >/dev/null 2>&1; then echo`,
	])("%j is none", (text) => {
		expect(probeCommand(text)).toBeNull();
	});

	it("the words are the first error, not a note before it", () => {
		expect(firstWords("\nnote: x\ncc1: error: cannot load plugin\ncc1: error: other\n")).toBe(
			"cc1: error: cannot load plugin",
		);
		expect(firstWords("\n")).toBeNull();
	});
});
