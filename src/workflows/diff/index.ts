import { FormatError } from "../../formats/error.ts";
import type { Progress } from "../../host/progress.ts";
import { compareConfigs } from "../../kernel/config/drift.ts";
import type { DiffDocument } from "../../kernel/diff/document.ts";
import { type ExportsDifference, exportsDifference } from "../../kernel/diff/exports.ts";
import { type StructChange, structChange } from "../../kernel/diff/structs.ts";
import { everyLayout } from "../../kernel/layout/every-layout.ts";
import { sameMagic } from "../../kernel/vermagic/vermagic.ts";
import type { Fact } from "../../target/target.ts";
import { declarations } from "./headers.ts";
import { moduleChanges } from "./modules.ts";
import { readSide, type Side, sideSpec } from "./side.ts";

export interface DiffRequest {
	/** Releases, images, sysroots or profiles. */
	a: string;
	b: string;
	/** Where releases are looked up. */
	sysroot?: string | undefined;
	/** Files of modules that were built for A; with them only what they use is told. */
	modules: readonly string[];
	progress: Progress;
}

/**
 * What changes for modules between two kernels. Throws KprepError for a kernel that is not there; a fact that only one
 * of them has is `unknown`, and null in the document.
 */
export async function diffKernels({ a, b, sysroot, modules, progress }: DiffRequest): Promise<DiffDocument> {
	const sides: Side[] = [];
	for (const word of [a, b]) {
		progress.step("read", word);
		sides.push(await readSide(sideSpec(word, sysroot), progress));
	}
	const [one, other] = sides as [Side, Side];
	progress.step("compare", `${label(one)} and ${label(other)}`);
	const unknown: string[] = [];
	const known = <T>(what: string, values: [T | null, T | null]): values is [T, T] => {
		const lacking = sides.filter((_, at) => values[at] === null).map(label);
		if (lacking.length > 0) unknown.push(`${what}: not known of ${lacking.join(" and ")}`);
		return lacking.length === 0;
	};
	const configs: [Side["config"], Side["config"]] = [one.config, other.config];
	const tables: [Side["exports"], Side["exports"]] = [one.exports, other.exports];
	const config = known("config", configs)
		? compareConfigs(configs[0], configs[1]).map(({ symbol, target, tree }) => ({
				symbol,
				values: pair(target, tree),
			}))
		: null;
	const exports = known("exports", tables) ? exportsDifference(tables[0], tables[1]) : null;
	const layouts = known("structures (BTF)", [one.btf, other.btf]) ? structChanges(one, other, unknown) : null;
	const changes = { exports, structs: layouts?.structs ?? null };
	const checked = await moduleChanges(modules, one, other, changes);
	const told = checked.used === null ? changes : narrowed(changes, checked.used);
	const vermagic = both(sides, ({ target }) => target.vermagic);
	return {
		release: both(sides, ({ target }) => target.release),
		version: both(sides, ({ target }) => target.version),
		vermagic,
		compiler: both(sides, ({ target }) => target.compiler),
		config,
		...told,
		compared: layouts?.compared ?? null,
		modules: checked.modules,
		breaks:
			modules.length > 0
				? checked.modules.some(({ verdict }) => verdict !== "loads")
				: breaking(changes, vermagic, configs[1]?.get("MODVERSIONS") === "y"),
		unknown,
	};
}

function structChanges(
	one: Side,
	other: Side,
	unknown: string[],
): { compared: number; structs: StructChange[] } | null {
	if (one.btf === null || other.btf === null) return null;
	try {
		const { compared, differences } = everyLayout(one.btf, other.btf);
		const declared = declarations([other.target, one.target]);
		const structs = [...differences].map(([name, difference]) =>
			structChange(name, difference, declared(name), [one.config, other.config]),
		);
		return { compared, structs };
	} catch (error) {
		if (!(error instanceof FormatError)) throw error;
		unknown.push(`structures (BTF): ${error.message}`);
		return null;
	}
}

function narrowed(
	{ exports, structs }: Pick<DiffDocument, "exports" | "structs">,
	used: { symbols: Set<string>; structs: Set<string> },
): Pick<DiffDocument, "exports" | "structs"> {
	const only = <T extends { symbol: string }>(list: T[]) =>
		list.filter(({ symbol }) => used.symbols.has(symbol));
	const narrow = ({ removed, crc, licence, namespace }: ExportsDifference): ExportsDifference => ({
		...{ removed: only(removed), added: [], crc: only(crc) },
		...{ licence: only(licence), namespace: only(namespace) },
	});
	return {
		exports: exports === null ? null : narrow(exports),
		structs: structs?.filter(({ name }) => used.structs.has(name)) ?? null,
	};
}

/** Whether some module that was built for A fails on B, or is corrupted there. */
function breaking(
	{ exports, structs }: Pick<DiffDocument, "exports" | "structs">,
	[theirs, ours]: DiffDocument["vermagic"],
	modversions: boolean,
): boolean {
	if (theirs !== null && ours !== null && !sameMagic(theirs, ours, { modversions, hasVersions: true }))
		return true;
	const { removed = [], crc = [], licence = [], namespace = [] } = exports ?? {};
	return removed.length + crc.length + licence.length + namespace.length + (structs?.length ?? 0) > 0;
}

function both(sides: readonly Side[], fact: (side: Side) => Fact | null): [string | null, string | null] {
	const [a = null, b = null] = sides.map((side) => fact(side)?.value ?? null);
	return [a, b];
}

function pair(a: string | null, b: string | null): [string | null, string | null] {
	return [a, b];
}

function label({ target }: Side): string {
	return target.release?.value ?? "a kernel without a release";
}
