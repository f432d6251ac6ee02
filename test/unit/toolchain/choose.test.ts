import { describe, expect, test } from "vitest";
import { archWord } from "../../../src/kernel/arch.ts";
import { differs } from "../../../src/kernel/compiler.ts";
import { chooseToolchain, lackingParts, type ToolchainRequest } from "../../../src/toolchain/choose.ts";
import type { Kept } from "../../../src/toolchain/keep/kept.ts";
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

describe("clang with LLD", () => {
	const TARGET = "Debian clang version 19.1.7 (3)";
	const MAKEFILE = "ifneq ($(LLVM),)\nLLVM_PREFIX := x\nLLVM_SUFFIX := x\nendif\n";
	const config = new Map([
		...(["CC_IS_CLANG", "LD_IS_LLD", "AS_IS_LLVM"] as const).map((it): [string, string] => [it, "y"]),
	]);
	const chosen = (more: Partial<ToolchainRequest> = {}) =>
		choose({ compiler: TARGET, config, makefile: MAKEFILE, ...more });
	const clang = (version: string) => `echo "Debian clang version ${version} (3)"`;
	const lld = (version: string) => `echo "Debian LLD ${version} (compatible with GNU linkers)"`;
	const archiver = (version: string) => `echo "Debian LLVM version ${version}"`;
	const tools = (suffix: string, version: string) => ({
		[`ld.lld${suffix}`]: lld(version),
		[`llvm-ar${suffix}`]: archiver(version),
		...Object.fromEntries(
			["nm", "objcopy", "objdump", "readelf", "strip"].map((it) => [`llvm-${it}${suffix}`, ":"]),
		),
	});

	test.each<[what: string, programs: Record<string, string>, expected: Record<string, string>]>([
		["without numbers", { clang: clang("19.1.7"), ...tools("", "19.1.7") }, { LLVM: "1" }],
		["with numbers", { "clang-19": clang("19.1.7"), ...tools("-19", "19.1.7") }, { LLVM: "-19" }],
		[
			"its own before another's without a number",
			{ "clang-19": clang("19.1.7"), ...tools("-19", "19.1.7"), ...tools("", "14.0.6") },
			{ LLVM: "-19" },
		],
		[
			"tools with a number beside a clang without",
			{ clang: clang("19.1.7"), ...tools("-19", "19.1.7"), ...tools("", "14.0.6") },
			{ CC: "clang", LD: "ld.lld-19", AR: "llvm-ar-19" },
		],
		[
			"a whole one of another version before half a one",
			{ "clang-19": clang("19.1.7"), clang: clang("14.0.6"), ...tools("", "14.0.6") },
			{ LLVM: "1" },
		],
	])("%s", (_, programs, expected) => {
		fakePrograms(programs);
		expect(chosen().variables).toMatchObject({ ...expected, LLVM_IAS: "1" });
	});

	test.each<[what: string, programs: Record<string, string>, lacking: RegExp]>([
		["no tools", {}, /^ld\.lld, llvm-ar, .* of Debian clang version 19/],
		[
			"an archiver of another version",
			{ ...tools("", "19.1.7"), "llvm-ar": archiver("14.0.6") },
			/^llvm-ar of /,
		],
		["a linker of another version", { ...tools("", "19.1.7"), "ld.lld": lld("14.0.6") }, /^ld\.lld of /],
	])("is missing with %s: versions are not mixed", async (_, programs, lacking) => {
		fakePrograms({ clang: clang("19.1.7"), ...programs });
		const error = await failure((async () => chosen())());
		expect(error).toMatchObject({ kind: "missing", code: "no-llvm-tools" });
		expect(error.expected).toMatch(lacking);
		expect(error.suggestions.join("\n")).toContain("--toolchain fetch");
		// What a kept one is for.
		expect(lackingParts({ compiler: TARGET, arch: HERE, config, makefile: MAKEFILE })).toHaveLength(1);
		// A compiler that was named is taken at its word.
		expect(chosen({ cc: "clang" }).variables).toMatchObject({ LLVM: "1" });
	});

	test("none at all: the target's own version is named, never the distribution's default", async () => {
		fakePrograms({ gcc: says("13.1.0") }, ["basename"]);
		const error = await failure((async () => chosen())());
		expect(error).toMatchObject({ kind: "missing", code: "no-compiler" });
		expect(error.message).toContain("clang-19");
		expect(error.suggestions.join("\n")).not.toMatch(/gcc|clang(?!-19)|\b(?:lld|llvm)(?!-19)/);
	});

	test("a kept one is set, and first on PATH for who types LLVM=1", () => {
		fakePrograms({ gcc: says("13.1.0"), clang: clang("19.1.7") }, ["basename"]);
		const kept: Kept = {
			...{ name: "clang-19", folder: "/k", format: 1, part: "clang", arch: HERE, triplet: null },
			...{ version: "19.1.7", text: TARGET, plugins: false, tools: { LLVM: "bin" }, environment: {} },
			...{ from: "", packages: [], tests: [], bytes: 0, made: "" },
		};
		expect(chosen({ kept: [kept] })).toMatchObject({
			...{ variables: { LLVM: "/k/bin/", HOSTCC: "gcc" }, path: ["/k/bin"], warnings: [] },
		});
	});

	test("another family in its place: said to fit less than another version", () => {
		fakePrograms({ gcc: says("13.1.0") }, ["basename"]);
		const { variables, warnings } = chosen({ cc: "gcc" });
		expect(variables).toMatchObject({ CC: "gcc" });
		expect(variables).not.toHaveProperty("LLVM");
		expect(warnings).toEqual([expect.stringMatching(/LTO or CFI/)]);
	});
});

test.each([
	["gcc-12 (Debian 12.2.0-14) 12.2.0", "x86_64-linux-gnu-gcc-12 (Debian 12.2.0-14) 12.2.0", false],
	["gcc (GCC) 12.2.0", "gcc (GCC) 13.1.0", true],
	[null, "gcc (GCC) 13.1.0", false],
])("differs(%j, %j): %j", (one, other, expected) => {
	expect(differs(one, other)).toBe(expected);
});
