import { describe, expect, test } from "vitest";
import { archWord } from "../../../src/kernel/arch.ts";
import { differs } from "../../../src/kernel/compiler.ts";
import { chooseToolchain, type ToolchainRequest } from "../../../src/toolchain/choose.ts";
import { failure } from "../../helpers/failure.ts";
import { fakePrograms } from "../../helpers/fake-programs.ts";

const HERE = archWord(process.arch === "x64" ? "x86_64" : process.arch) as string;
const says = (version: string) => `echo "$(basename $0) (Debian) ${version}"`;
const choose = (request: Partial<ToolchainRequest> = {}) =>
	chooseToolchain({ compiler: null, arch: HERE, config: new Map(), ...request });

describe("chooseToolchain", () => {
	test("the compiler that the target names, when it is installed", () => {
		fakePrograms({ "gcc-12": says("12.2.0"), gcc: says("13.1.0") }, ["basename"]);
		expect(choose({ compiler: "gcc-12 (Debian) 12.2.0" })).toMatchObject({
			...{ variables: { CC: "gcc-12" }, text: "gcc-12 (Debian) 12.2.0", warnings: [] },
		});
	});

	test("else the default one, and a warning that has both versions", () => {
		fakePrograms({ gcc: says("13.1.0") }, ["basename"]);
		const { variables, warnings } = choose({ compiler: "gcc-12 (Debian) 12.2.0" });
		expect(variables).toEqual({});
		expect(warnings).toEqual([expect.stringMatching(/12\.2\.0.*13\.1\.0/)]);
	});

	test("what the user asks for comes first", () => {
		fakePrograms({ gcc: says("13.1.0"), "gcc-12": says("12.2.0"), mine: says("9.9") }, ["basename"]);
		expect(choose({ compiler: "gcc-12 (Debian) 12.2.0", cc: "mine" }).variables).toEqual({ CC: "mine" });
	});

	test("a compiler's name from a foreign kernel is a name, never a command", () => {
		fakePrograms({ gcc: says("13.1.0") }, ["basename"]);
		expect(choose({ compiler: "$(touch${IFS}x)gcc 1" }).variables).toEqual({});
		expect(choose({ compiler: "/tmp/evil/gcc-12 (x) 12" }).variables).toEqual({});
	});

	test("another architecture: ARCH and the usual prefix, or the one that was given", () => {
		const arch = HERE === "riscv" ? "arm64" : "riscv";
		const triple = arch === "riscv" ? "riscv64-linux-gnu-" : "aarch64-linux-gnu-";
		fakePrograms({ [`${triple}gcc`]: says("12"), "mine-gcc": says("12") }, ["basename"]);
		expect(choose({ arch }).variables).toEqual({ ARCH: arch, CROSS_COMPILE: triple });
		expect(choose({ arch, crossCompile: "mine-" }).variables).toEqual({ ARCH: arch, CROSS_COMPILE: "mine-" });
	});

	test.runIf(HERE === "x86")("a 32-bit x86 config asks for i386", () => {
		fakePrograms({ "x86_64-linux-gnu-gcc": says("12"), gcc: says("12") }, ["basename"]);
		const config = new Map([["X86_32", "y"]]);
		expect(choose({ arch: "x86", config }).variables.ARCH).toBe("i386");
		expect(choose({ arch: "x86", config: new Map([["64BIT", "y"]]) }).variables).toEqual({});
	});

	test("no compiler at all: missing, with the way to get it", async () => {
		fakePrograms({});
		const error = await failure((async () => choose())());
		expect(error).toMatchObject({ kind: "missing", code: "no-compiler" });
		expect(error.suggestions.join("\n")).toMatch(/kprep doctor[\s\S]*--cc NAME/);
	});
});

test.each([
	["gcc-12 (Debian 12.2.0-14) 12.2.0", "x86_64-linux-gnu-gcc-12 (Debian 12.2.0-14) 12.2.0", false],
	["gcc (GCC) 12.2.0", "gcc (GCC) 13.1.0", true],
	[null, "gcc (GCC) 13.1.0", false],
])("differs(%j, %j): %j", (one, other, expected) => {
	expect(differs(one, other)).toBe(expected);
});
