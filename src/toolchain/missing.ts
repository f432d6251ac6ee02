import { KprepError } from "../errors.ts";
import { Root } from "../host/files/root.ts";
import { readDistribution } from "../host/machine/distribution.ts";
import { installLine } from "../host/packages/tools.ts";
import { commandsFor, remedyFor } from "../kernel/failures/catalogue.ts";
import { llvmToolsOf, textOf } from "./host.ts";
import type { ChosenPart } from "./toolchain.ts";
import type { Wanted } from "./wanted.ts";

/** The error for a compiler that is not here, with the ways to get it. */
export function noCompiler(wanted: Wanted, name: string): KprepError {
	if (wanted.part === "clang" && /clang/.test(name)) return noClang(wanted, name);
	const distribution = readDistribution(new Root());
	return new KprepError("missing", "no-compiler", `the compiler ${name} cannot be run here`, {
		expected: `${name} on PATH`,
		suggestions: [
			remedyFor("toolchain-missing", { tool: name }),
			...commandsFor("toolchain-missing", { tool: name }, (tools) => installLine(tools, distribution)),
			...OTHERWISE,
		],
	});
}

/** Throws "missing" for a clang of this machine's without the tools of LLVM that the target was built with. */
export function requireLlvm({ wanted, from, program }: ChosenPart): void {
	if (!wanted.lld || from !== "host" || program === null) return;
	const { lacking } = llvmToolsOf(program);
	if (lacking.length === 0) return;
	const title = `${program} is here, but not all tools of its version that CONFIG_LD_IS_LLD asks for`;
	throw new KprepError("missing", "no-llvm-tools", title, {
		expected: `${lacking.join(", ")} of ${textOf({ program })} on PATH`,
		suggestions: [...installLlvm(program, LLVM, wanted.major), ...OTHERWISE],
	});
}

/** The target's version of it, and of all that goes with it: the distribution's default one may drop options. */
function noClang({ name: own, major, lld }: Wanted, name: string): KprepError {
	const clang = /clang/.test(own) && name === "clang" ? own : name;
	return new KprepError("missing", "no-compiler", `the compiler ${clang} cannot be run here`, {
		expected: `${clang}${lld ? ", LLD and LLVM's binutils of its version" : ""} on PATH`,
		suggestions: [...installLlvm(clang, lld ? LLVM : [], major), ...OTHERWISE],
	});
}

function installLlvm(clang: string, tools: string[], major: string | null): string[] {
	const numbered = [clang, ...tools].map((it) =>
		major === null || /-\d+$/.test(it) ? it : `${it}-${major}`,
	);
	const line = installLine(numbered, readDistribution(new Root()));
	return line === null ? [] : [line];
}

/** Whose packages bring all that a build runs. */
const LLVM = ["ld.lld", "llvm-ar"];

const OTHERWISE = [
	"the same command with --toolchain fetch: brings the target's own, without root",
	"kprep doctor",
	"--cc NAME or --cross-compile PREFIX names another one",
];
