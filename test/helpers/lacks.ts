import { findProgram } from "../../src/host/process/program.ts";

/** True when any of the programs is not on PATH, with the reason printed: for skipIf. */
export function lacks(...programs: string[]): boolean {
	const missing = programs.filter((name) => findProgram(name) === null);
	return skips(missing.length > 0, `not installed here: ${missing.join(", ")}`);
}

/** Gives `condition` back, with the reason printed when it is true: for skipIf. */
export function skips(condition: boolean, reason: string): boolean {
	if (condition) process.stderr.write(`skipped: ${reason}\n`);
	return condition;
}

/** True without KPREP_KERNELS=all, with the reason printed: for what costs minutes on more than the usual kernels. */
export function usualKernels(what: string): boolean {
	return skips(process.env.KPREP_KERNELS !== "all", `${what}: KPREP_KERNELS=all tries it`);
}

/** Permissions do not bind root. */
export function runsAsRoot(): boolean {
	return skips(process.getuid?.() === 0, "root may write everywhere; needs an ordinary user");
}
