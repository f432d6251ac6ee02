import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { ARCH_OF_MACHINE, type Elf, readElf, sectionBytes, sectionNamed } from "../formats/elf/elf.ts";
import { FormatError } from "../formats/error.ts";
import { readPart } from "../host/files/files.ts";
import { archWord } from "../kernel/arch.ts";

/** A program of the build that was compiled elsewhere and cannot run here. */
export interface ForeignProgram {
	/** Below the tree or output folder: "scripts/basic/fixdep". */
	path: string;
	why: string;
}

/** What decides whether a program can start. */
export interface Machine {
	/** ARCH word. */
	arch: string;
	/** "2.36"; null when the C library is another. */
	glibc: string | null;
	exists(path: string): boolean;
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

const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The compiled host programs in a tree or output folder that cannot run on this machine: another architecture, a
 * dynamic loader that is not here, or a newer glibc than this one. They are read, never run.
 */
export function foreignPrograms(folder: string, machine: Machine = thisMachine()): ForeignProgram[] {
	const found: ForeignProgram[] = [];
	for (const path of PROGRAMS) {
		const status = statSync(join(folder, path), { throwIfNoEntry: false });
		if (!status?.isFile() || status.size > MOST_BYTES) continue;
		const why = whyNot(readPart(join(folder, path), 0, status.size), machine);
		if (why !== null) found.push({ path, why });
	}
	return found;
}

/** The machine that kprep runs on; glibc's version as Node reports it. */
export function thisMachine(): Machine {
	const report = process.report as typeof process.report & { excludeNetwork?: boolean };
	report.excludeNetwork = true;
	const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
	const arch = { x64: "x86", ia32: "x86" }[process.arch as string] ?? archWord(process.arch) ?? process.arch;
	return { arch, glibc: header?.glibcVersionRuntime ?? null, exists: existsSync };
}

/** null for scripts and for what is not an ELF file at all: those fail, if they do, for other reasons. */
function whyNot(bytes: Uint8Array, machine: Machine): string | null {
	try {
		const elf = readElf(bytes);
		const arch = ARCH_OF_MACHINE[elf.machine] ?? `machine ${elf.machine}`;
		if (arch !== machine.arch) return `it was compiled for ${arch}, and this machine is ${machine.arch}`;
		const loader = textOf(elf, ".interp").replaceAll("\0", "");
		if (loader !== "" && !machine.exists(loader)) return `its loader ${loader} is not here`;
		return newerGlibc(textOf(elf, ".dynstr"), machine.glibc);
	} catch (error) {
		if (error instanceof FormatError) return null;
		throw error;
	}
}

function textOf(elf: Elf, name: string): string {
	const section = sectionNamed(elf, name);
	return section === null ? "" : new TextDecoder("latin1").decode(sectionBytes(elf, section));
}

/** Versions that the program needs are names in its dynamic strings: GLIBC_2.38. */
function newerGlibc(strings: string, glibc: string | null): string | null {
	if (glibc === null) return null;
	const number = (version: string) => {
		const [major = 0, minor = 0] = version.split(".").map(Number);
		return major * 1000 + minor;
	};
	const needed = [...strings.matchAll(/\bGLIBC_(\d+\.\d+)/g)].map(([, version = "0"]) => version);
	const newest = needed.sort((a, b) => number(a) - number(b)).at(-1);
	if (newest === undefined || number(newest) <= number(glibc)) return null;
	return `it needs glibc ${newest}, and this machine has ${glibc}`;
}
