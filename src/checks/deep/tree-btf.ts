import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { Btf } from "../../formats/btf/btf.ts";
import { readElf, sectionBytes, sectionNamed } from "../../formats/elf/elf.ts";
import { FormatError } from "../../formats/error.ts";
import { attempt } from "../../host/process/run.ts";
import { type CommonStruct, structSource } from "../../kernel/layout/common-structs.ts";
import type { DeepProbe, DeepRequest } from "./probe.ts";

/** The types as the tree lays them out, or why they cannot be had. */
export type TreeBtf = { btf: Btf } | { why: string; pahole: boolean };

/** DWARF 4: what every pahole reads. Optimisation and warnings of the tree's own command stay. */
const DEBUG = ["-c", "-g", "-gdwarf-4", "-w"];

/**
 * Compiles a source that names these structures with the tree's own command, and has pahole make BTF of its debug
 * information, in the temporary folder.
 */
export async function treeBtf(
	probe: DeepProbe,
	request: DeepRequest,
	structs: readonly CommonStruct[],
): Promise<TreeBtf> {
	const { folder, progress, signal } = request;
	const [source, object] = [join(folder, "kprep_structs.c"), join(folder, "kprep_structs.o")];
	await writeFile(source, structSource(structs));
	const compiled = await probe.compile(DEBUG, source, object);
	if (compiled.status !== 0)
		return { why: compiled.stderr.split("\n")[0] ?? "it does not compile", pahole: true };
	try {
		const made = await attempt(["pahole", "-J", object], { cwd: folder, timeout: 60_000, progress, signal });
		if (made.status !== 0) return { why: made.stderr.split("\n")[0] || "pahole failed", pahole: true };
		const elf = readElf(await readFile(object));
		const section = sectionNamed(elf, ".BTF");
		if (section === null) return { why: "pahole made no BTF", pahole: true };
		return { btf: new Btf(sectionBytes(elf, section)) };
	} catch (error) {
		if (error instanceof KprepError && error.code === "tool-missing")
			return { why: "pahole is not installed", pahole: false };
		if (error instanceof FormatError) return { why: error.message, pahole: true };
		throw error;
	}
}
