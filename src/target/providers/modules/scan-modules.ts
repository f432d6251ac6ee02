import { type ModuleSummary, readModuleSummary } from "../../../formats/module/module.ts";
import { RepeatedVersions } from "../../../formats/module/module-versions.ts";
import { listModules, visitModules } from "../../../host/files/module-files.ts";
import type { Progress } from "../../../host/progress.ts";
import type { SymversEntry } from "../../../kernel/symvers/symvers.ts";

/** What all installed modules of a kernel say together. */
export interface ScannedModules {
	/** How many were read. */
	count: number;
	/** Their exports, by module path and then in table order; `module` as in Module.symvers. */
	exports: SymversEntry[];
	/** The CRC that modules expect of each symbol they import. */
	imports: Map<string, number>;
	/** Symbols of which two modules expect different CRCs: modules of two builds are mixed. */
	mixed: string[];
	/** Each vermagic found, the most frequent first. */
	vermagics: string[];
	/** sizeof(struct module) as found, the most frequent first. */
	structModuleSizes: number[];
	/** How many carry an appended signature. */
	signed: number;
	/** One line for each file that could not be read. */
	unreadable: string[];
}

/**
 * Reads every module below `folder` (MODULES/R/kernel), compressed or not: 4,000 plain ones take well under a second.
 * `signal` stops it with what it was aborted with.
 */
export async function scanModules(
	folder: string,
	progress: Progress,
	signal?: AbortSignal,
): Promise<ScannedModules> {
	const exported = new Map<string, SymversEntry[]>();
	const imports = new Map<string, number>();
	const mixed = new Set<string>();
	const vermagics = new Map<string, number>();
	const sizes = new Map<number, number>();
	const unreadable: string[] = [];
	const repeated = new RepeatedVersions();
	let count = 0;
	let signed = 0;
	progress.step("reading the installed modules", folder);
	const files = await listModules(folder, signal);
	await visitModules(files, {
		signal,
		visit(path, bytes) {
			const module = readModuleSummary(bytes, repeated);
			if (++count % 100 === 0) progress.note(`${count} of ${files.length}`);
			if (module.exports.length > 0) exported.set(path, entries(module, moduleColumn(folder, path)));
			for (const { symbol, crc } of module.versions ?? []) {
				if ((imports.get(symbol) ?? crc) !== crc) mixed.add(symbol);
				imports.set(symbol, crc);
			}
			tally(vermagics, module.vermagic);
			tally(sizes, module.thisModuleSize);
			if (module.signed) signed++;
		},
		failed: (path, error) => unreadable.push(`${path}: ${error instanceof Error ? error.message : error}`),
	});
	return {
		count,
		exports: [...exported.keys()].sort().flatMap((path) => exported.get(path) ?? []),
		imports,
		mixed: [...mixed],
		vermagics: ranked(vermagics),
		structModuleSizes: ranked(sizes),
		signed,
		unreadable,
	};
}

/** The module column of Module.symvers for an installed file: its path below `folder` without ".ko" and compression. */
function moduleColumn(folder: string, path: string): string {
	return path.slice(folder.length + 1).replace(/\.ko(?:\.\w+)?$/, "");
}

function entries(module: ModuleSummary, column: string): SymversEntry[] {
	return module.exports.map(({ symbol, crc, kind, namespace }) => ({
		symbol,
		crc: crc ?? 0,
		module: column,
		kind,
		namespace,
	}));
}

function tally<T>(counts: Map<T, number>, value: T | null): void {
	if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
}

function ranked<T>(counts: Map<T, number>): T[] {
	return [...counts].sort(([, a], [, b]) => b - a).map(([value]) => value);
}
