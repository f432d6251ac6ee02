import type { OpenedKernel } from "../../host/files/kernel-image.ts";
import type { Progress } from "../../host/progress.ts";
import { composeSymvers, crcText, parseSymvers, type SymversEntry } from "../../kernel/symvers/symvers.ts";
import { type ScannedModules, scanModules } from "../providers/modules/scan-modules.ts";
import type { Source, SymversFact } from "../target.ts";
import { once } from "./file-fact.ts";

const NO_CRC = 0;

/**
 * A Module.symvers made from the export tables of an image and, when `modules` (MODULES/R/kernel) is there, of the
 * installed modules; the modules are read when the content or the counts are asked for, and not before.
 */
export function rebuiltSymvers(
	exports: NonNullable<OpenedKernel["exports"]>,
	modules: string | null,
	source: Source,
	progress: Progress,
): SymversFact {
	const own = vmlinuxEntries(exports);
	const whole = once(async () => {
		const scanned = modules === null ? null : await scanModules(modules, progress);
		return [...own, ...(scanned?.exports ?? [])];
	});
	const layout = own.find(({ symbol }) => symbol === "module_layout")?.crc ?? NO_CRC;
	return {
		value: source.path,
		source,
		read: async () => new TextEncoder().encode(composeSymvers(await whole())),
		counts: async () => {
			const entries = await whole();
			return { exports: entries.length, crcs: entries.filter(({ crc }) => crc !== NO_CRC).length };
		},
		layoutCrc: async () => (layout === NO_CRC ? null : crcText(layout)),
	};
}

/** What vmlinux exports as lines of Module.symvers, in table order; a symbol that is exported twice has one line. */
export function vmlinuxEntries(exports: NonNullable<OpenedKernel["exports"]>): SymversEntry[] {
	const entries = new Map<string, SymversEntry>();
	for (const { symbol, crc, kind, namespace } of exports) {
		if ((entries.get(symbol)?.crc ?? NO_CRC) !== NO_CRC) continue;
		entries.set(symbol, { symbol, crc: crc ?? NO_CRC, module: "vmlinux", kind, namespace });
	}
	return [...entries.values()];
}

/** A symbol to which a Module.symvers gives another CRC than the modules of the target expect. */
export interface Contradiction {
	symbol: string;
	symvers: number;
	modules: number;
}

/**
 * Where the text of a Module.symvers contradicts what the installed modules import: such a file belongs to another
 * build, and modules built with it would be refused. Symbols without a CRC on
 * either side, or of which modules expect different ones, prove nothing.
 */
export function contradictions(
	symvers: string,
	{ imports, mixed }: Pick<ScannedModules, "imports" | "mixed">,
): Contradiction[] {
	const unsure = new Set(mixed);
	return parseSymvers(symvers).entries.flatMap(({ symbol, crc }) => {
		const expected = imports.get(symbol) ?? NO_CRC;
		return crc === NO_CRC || expected === NO_CRC || crc === expected || unsure.has(symbol)
			? []
			: [{ symbol, symvers: crc, modules: expected }];
	});
}
