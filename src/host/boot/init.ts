import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { templatePath } from "../machine/templates.ts";
import { findProgram } from "../process/program.ts";
import { run } from "../process/run.ts";
import type { Progress } from "../progress.ts";
import type { Machine } from "./machines.ts";

/**
 * Compiles templates/init.c for a machine into `folder`; gives the path of the program. It needs a compiler for the
 * architecture, and no C library. Throws KprepError "missing" with the package when there is none.
 */
export async function buildInit(
	machine: Machine,
	folder: string,
	options: { progress: Progress; signal?: AbortSignal | undefined },
): Promise<string> {
	const init = join(folder, "init");
	await run([...compilerFor(machine), ...FLAGS, "-o", init, templatePath("init.c")], {
		...{ progress: options.progress, signal: options.signal, timeout: 60_000 },
	});
	return init;
}

const FLAGS = [
	...["-static", "-nostdlib", "-ffreestanding", "-fno-builtin", "-fno-stack-protector"],
	...["-fno-pie", "-no-pie", "-O1"],
];

function compilerFor({ arch, bits, compilers, compilerPackage, triple }: Machine): string[] {
	const compiler = compilers.find(([program = ""]) => findProgram(program) !== null);
	if (compiler !== undefined) return compiler;
	if (findProgram("clang") !== null)
		return ["clang", `--target=${triple}`, ...(compilers.length > 1 ? [] : ["-fuse-ld=lld"])];
	throw new KprepError("missing", "tool-missing", `no compiler for ${arch} of ${bits} bits here`, {
		expected: `${compilers[0]?.[0]} on PATH, to compile the program that loads the modules`,
		suggestions: [`apt-get install ${compilerPackage}`],
	});
}
