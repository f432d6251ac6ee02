import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { hostFacts } from "../../../src/tree/host-facts.ts";
import { curedVariables } from "../../../src/tree/troubles.ts";
import { lacks } from "../../helpers/lacks.ts";

const asked = () => readdirSync(tmpdir()).filter((name) => name.startsWith("kprep-ask-"));

describe.skipIf(lacks("gcc") || lacks("make"))("what this machine's tools answer", () => {
	it("is theirs, with the words behind the compiler's name counted in, and leaves nothing behind", () => {
		const before = asked();
		const host = hostFacts({ cc: "gcc -DKPREP=7", hostcc: "gcc" });
		expect(host.macros().get("KPREP")).toBe("7");
		expect(Number(host.macros().get("__GNUC__"))).toBeGreaterThan(3);
		expect(host.compiles("hostcc", ["-fsyntax-only"], "int x;\n").ok).toBe(true);
		expect(host.compiles("hostcc", [], "#error kprep\n")).toMatchObject({ ok: false });
		expect(host.compiles("hostcc", ["-S", "-o", "-"], "int kprep_x = 1;\n").words).toContain("kprep_x");
		expect(host.make("all:\n\t@echo made\n")).toEqual({ ok: true, words: "made\n" });
		expect(host.make("all:\n\t@false\n").ok).toBe(false);
		expect(host.runs("kprep-no-such-program", [])).toBeNull();
		expect(asked()).toEqual(before);
	});

	it("of a compiler that is not there is nothing", () => {
		const host = hostFacts({ cc: "kprep-no-such-gcc", hostcc: "kprep-no-such-gcc" });
		expect([...host.macros()]).toEqual([]);
		expect(host.compiles("cc", [], "int x;\n").ok).toBe(false);
	});
});

describe("what cures do to the make variables", () => {
	const cure = { id: "x", title: "x", code: null, reason: "x" };

	it.each([
		[{}, [{ cc: ["-a"] }, { cc: ["-b", "-a"] }], { CC: "gcc -a -b" }],
		[{ CROSS_COMPILE: "arm-" }, [{ cc: ["-a"] }], { CROSS_COMPILE: "arm-", CC: "arm-gcc -a" }],
		[{ CC: "gcc-9" }, [{ cc: ["-a"] }], { CC: "gcc-9 -a" }],
		[{ LLVM: "-15" }, [{ hostcc: ["-a"] }], { LLVM: "-15", HOSTCC: "clang-15 -a" }],
		[{ LLVM: "/k/bin/" }, [{ cc: ["-a"] }], { LLVM: "/k/bin/", CC: "/k/bin/clang -a" }],
		[{ CROSS_COMPILE: "arm-" }, [{ plainCc: true }], { CROSS_COMPILE: "arm-", CC: "arm-gcc" }],
		[{ AWK: "mine" }, [{ variables: { AWK: "gawk" } }], { AWK: "mine" }],
		[{ LLVM: "1" }, [{}], { LLVM: "1" }],
	])("%j and %j", (variables, cures, expected) => {
		expect(
			curedVariables(
				variables as Record<string, string>,
				cures.map((one) => ({ ...cure, ...one })),
			),
		).toEqual(expected);
	});
});
