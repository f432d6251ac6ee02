import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { templatePath } from "../machine/templates.ts";
import { findProgram } from "../process/program.ts";
import { run } from "../process/run.ts";
import type { Progress } from "../progress.ts";
import type { Machine } from "./machines.ts";

/**
 * Compiles templates/init.c for a machine into `folder`; gives the path of the program. It needs a compiler for the
 * architecture, and no C library: the machine's own, else `compiler`, the words of one that was brought along. Throws
 * KprepError "missing" with the package when there is none.
 */
export async function buildInit(
	machine: Machine,
	folder: string,
	options: { compiler?: string[] | undefined; progress: Progress; signal?: AbortSignal | undefined },
): Promise<string> {
	const init = join(folder, "init");
	await run([...compilerFor(machine, options.compiler), ...FLAGS, "-o", init, templatePath("init.c")], {
		...{ progress: options.progress, signal: options.signal, timeout: 60_000 },
	});
	return init;
}

const FLAGS = [
	...["-static", "-nostdlib", "-ffreestanding", "-fno-builtin", "-fno-stack-protector"],
	...["-fno-pie", "-no-pie", "-O1"],
];

function compilerFor(
	{ arch, bits, compilers, compilerPackage, triple }: Machine,
	brought: string[] | undefined,
): string[] {
	const compiler = compilers.find(([program = ""]) => findProgram(program) !== null);
	if (compiler !== undefined) return compiler;
	const clang = brought?.some((word) => /(?:^|\/)clang(?:-\d+)?$/.test(word)) ?? false;
	if (brought !== undefined && !clang) return brought;
	if (clang || findProgram("clang") !== null)
		return [
			...(clang && brought !== undefined ? brought : ["clang"]),
			`--target=${triple}`,
			...(compilers.length > 1 ? [] : ["-fuse-ld=lld"]),
		];
	throw new KprepError("missing", "tool-missing", `no compiler for ${arch} of ${bits} bits here`, {
		expected: `${compilers[0]?.[0]} on PATH, to compile the program that loads the modules`,
		suggestions: [`apt-get install ${compilerPackage}`],
	});
}
