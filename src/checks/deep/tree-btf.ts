import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { Btf } from "../../formats/btf/btf.ts";
import { readElf, sectionBytes, sectionNamed } from "../../formats/elf/elf.ts";
import { FormatError } from "../../formats/error.ts";
import { findProgram } from "../../host/process/program.ts";
import { attempt, type RunOptions } from "../../host/process/run.ts";
import { COMMON_HEADERS } from "../../kernel/layout/common-headers.ts";
import { type CommonStruct, structSource } from "../../kernel/layout/common-structs.ts";
import type { DeepProbe, DeepRequest } from "./probe.ts";

/** The types as the tree lays them out, or why they cannot be had. */
export type TreeBtf = { btf: Btf } | { why: string; pahole: boolean };

/**
 * DWARF 4: what every pahole reads. Machine code, where the tree makes bitcode (CONFIG_LTO_CLANG): layouts are the same.
 * All else of the tree's own command stays.
 */
const DEBUG = ["-c", "-g", "-gdwarf-4", "-fno-lto", "-w"];
/** Structures that nothing uses are described too (gcc, and clang since 11). */
const ALL = "-fno-eliminate-unused-debug-types";
const MOST_TRIES = 6;

/**
 * Compiles a source that includes what modules commonly include, and names these structures, with the tree's own
 * command, and has pahole make BTF of its debug information, in the temporary folder. Headers that do not compile here
 * are left out.
 */
export async function treeBtf(
	probe: DeepProbe,
	request: DeepRequest,
	structs: readonly CommonStruct[],
): Promise<TreeBtf> {
	const { folder, progress, signal } = request;
	const object = join(folder, "kprep_structs.o");
	progress.note("structures");
	const failure = await compileStructs(probe, folder, object, structs);
	if (failure !== null) return { why: failure, pahole: true };
	try {
		const made = await encoded(object, { cwd: folder, timeout: 60_000, progress, signal });
		return typeof made === "string" ? { why: made, pahole: true } : { btf: new Btf(made) };
	} catch (error) {
		if (error instanceof KprepError && error.code === "tool-missing")
			return { why: "pahole is not installed", pahole: false };
		if (error instanceof FormatError) return { why: error.message, pahole: true };
		throw error;
	}
}

/**
 * The BTF of an object, or why there is none: in a file of its own where pahole can do that (1.22 and later); else in the
 * object, by llvm-objcopy, for which binutils' own stands in.
 */
async function encoded(object: string, options: RunOptions): Promise<Uint8Array | string> {
	const detached = `${object}.btf`;
	const alone = await attempt(["pahole", `--btf_encode_detached=${detached}`, object], options);
	if (alone.status === 0 && existsSync(detached)) return readFile(detached);
	const env = findProgram("llvm-objcopy") === null ? { LLVM_OBJCOPY: "objcopy" } : {};
	const made = await attempt(["pahole", "-J", object], { ...options, env });
	if (made.status !== 0) return made.stderr.split("\n")[0] || "pahole failed";
	const elf = readElf(await readFile(object));
	const section = sectionNamed(elf, ".BTF");
	return section === null ? "pahole made no BTF" : sectionBytes(elf, section);
}

/** null when `object` was made; else the compiler's first words. */
async function compileStructs(
	probe: DeepProbe,
	folder: string,
	object: string,
	structs: readonly CommonStruct[],
): Promise<string | null> {
	const source = join(folder, "kprep_structs.c");
	const own = structs.map(({ header }) => header);
	let headers = [...new Set([...own, ...COMMON_HEADERS])];
	let said = "";
	for (let tries = 0; tries < MOST_TRIES; tries++) {
		const { text, lines } = structSource(structs, headers);
		await writeFile(source, text);
		const compiled = await probe.compile([...DEBUG, ALL], source, object);
		if (compiled.status === 0) return null;
		said =
			compiled.stderr.split("\n").find((line) => /error/.test(line)) ?? compiled.stderr.split("\n")[0] ?? "";
		const blamed = blamedLines(compiled.stderr).flatMap((line) => lines.get(line) ?? []);
		const left = headers.filter((header) => own.includes(header) || !blamed.includes(header));
		if (left.length === headers.length) break;
		headers = left;
	}
	const { text } = structSource(structs);
	await writeFile(source, text);
	const compiled = await probe.compile(DEBUG, source, object);
	return compiled.status === 0 ? null : compiled.stderr.split("\n")[0] || said || "it does not compile";
}

/** Lines of the source through which the compiler came to each error. */
function blamedLines(stderr: string): number[] {
	return [...stderr.matchAll(/kprep_structs\.c:(\d+)/g)].map(([, line]) => Number(line));
}
