import { existsSync, statSync } from "node:fs";
import { machine } from "node:os";
import { type DynamicNeeds, dynamicNeeds } from "../../formats/elf/dynamic.ts";
import { ARCH_OF_MACHINE, type Elf, readElf } from "../../formats/elf/elf.ts";
import { FormatError } from "../../formats/error.ts";
import { archWord } from "../../kernel/arch.ts";
import { openSource } from "../files/file-source.ts";
import { runsElsewhere } from "./binfmt.ts";
import { findLibrary, type Library, libraryFolders } from "./libraries.ts";

/** What decides whether a program can start. */
export interface Machine {
	/** ARCH word. */
	arch: string;
	exists(path: string): boolean;
	/** The shared library that a program like `like` would get; `paths`: where that program itself wants it looked for. */
	library(name: string, like: Elf, interpreter: string, paths: string[]): Library | null;
	/** Whether the kernel hands a file that begins with `head` to an emulator (binfmt_misc). */
	emulates(head: Uint8Array): boolean;
}

/** The machine that kprep runs on. */
export function thisMachine(): Machine {
	return {
		arch: archWord(machine()) ?? machine(),
		exists: existsSync,
		library: (name, like, interpreter, paths) => findLibrary(name, like, libraryFolders(interpreter, paths)),
		emulates: runsElsewhere,
	};
}

/**
 * Why the program at `path` cannot start on this machine, in words; null when nothing keeps it from it. It is read,
 * never run: its ELF header (or `#!` line), loader, libraries and the versions of them that it was linked against.
 */
export function whyNotHere(path: string, here: Machine): string | null {
	const source = openSource(path, new Uint8Array(256 * 1024));
	try {
		if (source.size === 0) return "it is empty";
		if ((statSync(path).mode & 0o111) === 0) return "it has no execute bit";
		const head = source.read(0, Math.min(256, source.size));
		if (head[0] === 0x23 && head[1] === 0x21) return scriptTrouble(head, here);
		const elf = readElf(source);
		return here.emulates(head) ? null : programTrouble(elf, path, here);
	} catch (error) {
		if (error instanceof FormatError) return `it is no whole program (${error.message})`;
		throw error;
	} finally {
		source.close();
	}
}

function scriptTrouble(head: Uint8Array, here: Machine): string | null {
	const [line = ""] = new TextDecoder("latin1").decode(head.subarray(2)).split("\n");
	const [shell = ""] = line.trim().split(/\s/);
	return shell === "" || here.exists(shell) ? null : `its interpreter ${shell} is not here`;
}

/** 32-bit programs run on some 64-bit kernels; whether on this one, their loader shows. */
const ALSO_RUNS: Readonly<Record<string, string>> = { arm64: "arm" };

function programTrouble(elf: Elf, path: string, here: Machine): string | null {
	const arch = ARCH_OF_MACHINE[elf.machine] ?? `machine ${elf.machine}`;
	if (arch !== here.arch && arch !== ALSO_RUNS[here.arch])
		return `it was compiled for ${arch}, and this machine is ${here.arch}`;
	const needs = dynamicNeeds(elf);
	if (needs.interpreter === null) return null;
	if (!here.exists(needs.interpreter)) return `its loader ${needs.interpreter} is not here`;
	return libraryTrouble(elf, path, needs, here);
}

function libraryTrouble(elf: Elf, path: string, needs: DynamicNeeds, here: Machine): string | null {
	const interpreter = needs.interpreter ?? "";
	const origin = path.slice(0, path.lastIndexOf("/"));
	const paths = needs.paths.map((folder) => folder.replace(/\$ORIGIN|\$\{ORIGIN\}/g, origin));
	const found = new Map(needs.libraries.map((name) => [name, here.library(name, elf, interpreter, paths)]));
	const missing = needs.libraries.filter((name) => found.get(name) === null);
	// Where not even the C library is found, kprep does not know how this machine keeps its libraries.
	if (missing.some(isLibc)) return null;
	if (missing.length > 0) return `${missing.join(", ")} is not on this machine`;
	for (const [name, library] of found) {
		// A library without versions takes all (ld.so warns, no more).
		if (library === null || library.versions.size === 0) continue;
		const lacking = needs.versions.filter((it) => it.library === name && !library.versions.has(it.version));
		if (lacking.length > 0)
			return versionTrouble(
				name,
				lacking.map(({ version }) => version),
				library,
			);
	}
	return null;
}

function isLibc(name: string): boolean {
	return /^(lib)?c\.(so|musl)/.test(name) || name === "libc.so";
}

function versionTrouble(library: string, lacking: string[], { versions }: Library): string {
	const newest = (names: Iterable<string>) =>
		[...names]
			.flatMap((name) => /^GLIBC_(\d+)\.(\d+)$/.exec(name) ?? [])
			.filter((_, at) => at % 3 === 0)
			.sort((a, b) => weight(a) - weight(b))
			.at(-1)
			?.slice("GLIBC_".length);
	const [wanted, has] = [newest(lacking), newest(versions)];
	if (wanted !== undefined && has !== undefined)
		return `it needs glibc ${wanted}, and this machine has ${has}`;
	return `it needs ${lacking.join(", ")} of ${library}, which the one here does not have`;
}

function weight(name: string): number {
	const [, major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(name)?.map(Number) ?? [];
	return major * 1000 + minor;
}
