import { Btf } from "../../formats/btf/btf.ts";
import { FormatError } from "../../formats/error.ts";
import { type ModuleFile, readModule } from "../../formats/module/module.ts";
import { readDecompressed } from "../../host/archive/decompress.ts";
import type { DiffDocument, ModuleChange } from "../../kernel/diff/document.ts";
import { usedStructs } from "../../kernel/diff/used.ts";
import { predict } from "../../kernel/loader/predict.ts";
import { loaderKnowledge } from "../../target/facts/loader-knowledge.ts";
import type { Side } from "./side.ts";

/** What a module built for A has to do with what changed: imports and, by its BTF on that of A, structures. */
interface Used {
	symbols: Set<string>;
	structs: Set<string>;
}

/** Module files and what became of them on B; `used` is null when no module was given: then everything counts. */
export interface ModuleChanges {
	modules: ModuleChange[];
	used: Used | null;
}

/**
 * The verdict of B's loader on each module that was built for A, and what of its imports and structures changed.
 * Throws KprepError when a file cannot be read.
 */
export async function moduleChanges(
	paths: readonly string[],
	a: Side,
	b: Side,
	changes: Pick<DiffDocument, "exports" | "structs">,
): Promise<ModuleChanges> {
	if (paths.length === 0) return { modules: [], used: null };
	const knowledge = await loaderKnowledge(b.target);
	const all: Used = { symbols: new Set(), structs: new Set() };
	const modules: ModuleChange[] = [];
	for (const path of paths) {
		const file = await readDecompressed(path);
		const used = usedBy(file, a.btf);
		for (const symbol of used.symbols) all.symbols.add(symbol);
		for (const struct of used.structs) all.structs.add(struct);
		const { name, verdict, errno, message, reasons } = predict(file, knowledge);
		const because = [
			...reasons.map(({ id, expected, actual }) => `${id}: expected ${expected}, found ${actual}`),
			...changesOf(used, changes),
		];
		modules.push({ path, name, verdict, errno, message, because: [...new Set(because)] });
	}
	return { modules, used: all };
}

function usedBy(file: Uint8Array, kernel: Btf | null): Used {
	const module = moduleOf(file);
	if (module === null) return { symbols: new Set(), structs: new Set() };
	const symbols = new Set(module.imports.map(({ symbol }) => symbol));
	return { symbols, structs: structsOf(file, module, kernel) };
}

/** What is no module is for the loader's model to say. */
function moduleOf(file: Uint8Array): ModuleFile | null {
	try {
		return readModule(file);
	} catch (error) {
		if (error instanceof FormatError) return null;
		throw error;
	}
}

/** A module of another kernel than A has BTF that does not fit: then nothing is known of its structures. */
function structsOf(file: Uint8Array, { btf, btfBase }: ModuleFile, kernel: Btf | null): Set<string> {
	if (btf === null || kernel === null || btfBase !== null) return new Set();
	try {
		return usedStructs(new Btf(file.subarray(btf.offset, btf.offset + btf.size), kernel), kernel);
	} catch (error) {
		if (error instanceof FormatError) return new Set();
		throw error;
	}
}

function changesOf(used: Used, { exports, structs }: Pick<DiffDocument, "exports" | "structs">): string[] {
	const lines: string[] = [];
	for (const { symbol } of exports?.removed ?? [])
		if (used.symbols.has(symbol)) lines.push(`${symbol} is no longer exported`);
	for (const { symbol } of exports?.crc ?? [])
		if (used.symbols.has(symbol)) lines.push(`${symbol} has another CRC`);
	for (const { symbol, values } of exports?.licence ?? [])
		if (used.symbols.has(symbol)) lines.push(`${symbol} is ${values[1]} now, was ${values[0]}`);
	for (const { symbol, values } of exports?.namespace ?? [])
		if (used.symbols.has(symbol)) lines.push(`${symbol} is in namespace ${values[1] || "(none)"} now`);
	for (const { name, size } of structs ?? [])
		if (used.structs.has(name))
			lines.push(`${name} is laid out in another way (${size[0]} and ${size[1]} bytes)`);
	return lines;
}
