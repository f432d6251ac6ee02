import { modinfoValue } from "../../formats/module/modinfo.ts";
import { readModinfo } from "../../formats/module/module.ts";
import { readDecompressed } from "../../host/archive/decompress.ts";
import type { BootModule } from "./initramfs.ts";
import { type AvailableModules, fileName, wantedBefore } from "./installed.ts";

/** A module with what is loaded before it for its sake. */
export interface Ordered {
	path: string;
	module: BootModule;
	/** Paths of what its symbols come from, in the order of loading. */
	needs: string[];
}

/**
 * The modules and all that they want before them, dependencies first; those stay loaded. What is in no file is built in.
 * `parameters` are by the module's name. Throws as reading a file does; what is no module has no dependencies.
 */
export async function loadOrder(
	paths: readonly string[],
	available: AvailableModules,
	parameters: ReadonlyMap<string, string> = new Map(),
): Promise<Ordered[]> {
	const order = new Map<string, Ordered>();
	const begun = new Set<string>();
	const add = async (path: string, keep: boolean): Promise<void> => {
		const known = order.get(path);
		if (known !== undefined) known.module.keep ||= keep;
		if (begun.has(path)) return;
		begun.add(path);
		const bytes = await readDecompressed(path);
		const { listed, depends, softdeps } = aboutModule(bytes);
		const soft = await Promise.all(softdeps.map((name) => available.filesFor(name)));
		const hard = depends.flatMap((name) => available.file(name) ?? []);
		for (const file of [...soft.flat(), ...hard]) await add(file, true);
		const needs = new Set(hard.flatMap((file) => [...(order.get(file)?.needs ?? []), file]));
		const name = fileName(path);
		const wanted = parameters.get(listed || name);
		const module: BootModule = { name, bytes, keep, listed, ...(wanted ? { parameters: wanted } : {}) };
		order.set(path, { path, module, needs: [...needs] });
	};
	for (const path of paths) await add(path, false);
	return [...order.values()];
}

function aboutModule(bytes: Uint8Array): { listed: string; depends: string[]; softdeps: string[] } {
	try {
		const modinfo = readModinfo(bytes);
		const name = modinfoValue(modinfo, "name") ?? "";
		return { listed: /^[\w.-]+$/.test(name) ? name : "", ...wantedBefore(modinfo) };
	} catch {
		// What cannot be read the kernel will say more about.
		return { listed: "", depends: [], softdeps: [] };
	}
}
