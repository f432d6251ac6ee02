import { lstatSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../errors.ts";
import { type Machine, thisMachine, whyNotHere } from "../host/machine/fitness.ts";

/** A program of the build that cannot run here. */
export interface ForeignProgram {
	/** Below the tree or output folder: "scripts/basic/fixdep". */
	path: string;
	why: string;
}

/** Where kbuild puts the programs that it compiles for the host and runs (scripts/Makefile, tools/, 5.4 to 7.2). */
const PROGRAMS = [
	"scripts/basic/fixdep",
	"scripts/kconfig/conf",
	"scripts/mod/modpost",
	"scripts/mod/mk_elfconfig",
	"scripts/genksyms/genksyms",
	"scripts/gendwarfksyms/gendwarfksyms",
	"scripts/asn1_compiler",
	"scripts/kallsyms",
	"scripts/recordmcount",
	"scripts/sorttable",
	"scripts/sign-file",
	"scripts/extract-cert",
	"certs/extract-cert",
	"scripts/dtc/dtc",
	"tools/objtool/objtool",
	"tools/bpf/resolve_btfids/resolve_btfids",
];

/**
 * The compiled host programs in a tree or output folder that cannot start on this machine: another architecture, a
 * dynamic loader or library that is not here, a newer glibc than this one, an empty file. They are read, never run.
 */
export function foreignPrograms(
	folder: string,
	machine: Machine = thisMachine(),
	paths: readonly string[] = PROGRAMS,
): ForeignProgram[] {
	return paths.flatMap((path) => {
		const why = isThere(join(folder, path)) ? troubleOf(join(folder, path), machine) : null;
		return why === null ? [] : [{ path, why }];
	});
}

function isThere(path: string): boolean {
	const status = lstatSync(path, { throwIfNoEntry: false });
	return status !== undefined && !status.isDirectory();
}

function troubleOf(path: string, machine: Machine): string | null {
	try {
		return whyNotHere(path, machine);
	} catch (error) {
		if (error instanceof KprepError && error.code === "not-a-file") return "it is not a regular file";
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return "it is a link that leads nowhere";
		throw error;
	}
}
