import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Btf } from "../../formats/btf/btf.ts";
import { type StructLayout, structLayout } from "../../formats/btf/btf-layout.ts";
import type { Config } from "../../kernel/config/config.ts";
import { layoutCause, switchedMembers } from "../../kernel/layout/cause.ts";
import { COMMON_STRUCTS, type CommonStruct } from "../../kernel/layout/common-structs.ts";
import type { LayoutFinding, SymbolCause } from "../../kernel/layout/finding.ts";
import { type GuardedMember, guardedMembers } from "../../kernel/layout/guards.ts";
import { compareLayouts, innerStructs, type LayoutDifference } from "../../kernel/layout/struct-layout.ts";
import { layoutRows } from "./layout-rows.ts";

/** Both sides of the comparison, and where causes are looked for. */
export interface Sides {
	target: Btf;
	tree: Btf;
	targetConfig: Config | null;
	treeConfig: Config | null;
	/** srctree and the ARCH word, for the headers. */
	srctree: string;
	arch: string | null;
	/** What switched a symbol that differs off or on; null when it cannot be told. */
	causeOf: (symbol: string) => string | null;
}

const DEEPEST = 4;

/** Layouts that both sides have and that are compared. */
export function comparable(
	sides: Pick<Sides, "target" | "tree">,
	structs: readonly CommonStruct[],
): string[] {
	return structs
		.map(({ name }) => name)
		.filter((name) => structLayout(sides.target, name) !== null && structLayout(sides.tree, name) !== null);
}

/**
 * The structures that differ, each with its cause. One that only differs because of a structure inside it is told by
 * that inner one: the innermost has the members and the option.
 */
export async function layoutFindings(
	sides: Sides,
	structs: readonly CommonStruct[],
): Promise<LayoutFinding[]> {
	const found = new Map<string, LayoutFinding>();
	for (const { name } of structs) await descend(sides, name, [], found);
	return [...found.values()];
}

/** True when the structure differs. The layout's own name counts, as typedefs lead to the same structure. */
async function descend(
	sides: Sides,
	wanted: string,
	within: string[],
	found: Map<string, LayoutFinding>,
): Promise<boolean> {
	const difference = differenceOf(sides, wanted);
	if (difference === null) return false;
	const { name } = difference;
	const known = found.get(name);
	if (known !== undefined) {
		if (known.within.length === 0 || within.length === 0) return true;
		known.within = [...new Set([...known.within, ...within])];
		return true;
	}
	let inner = false;
	if (within.length < DEEPEST)
		for (const part of innerStructs(difference))
			inner = (await descend(sides, part, [name, ...within], found)) || inner;
	const own = difference.missing.length + difference.extra.length > 0;
	if (own || !inner) found.set(name, await findingOf(sides, difference, within));
	return true;
}

function differenceOf({ target, tree }: Sides, name: string): LayoutDifference | null {
	const [there, here] = [layoutOf(target, name), layoutOf(tree, name)];
	return there === null || here === null ? null : compareLayouts(there, here);
}

/** By structure name; for `x_t` the structure behind the typedef when it has the name `x`. */
function layoutOf(btf: Btf, name: string): StructLayout | null {
	return structLayout(btf, name) ?? (name.endsWith("_t") ? structLayout(btf, name.slice(0, -2)) : null);
}

async function findingOf(
	sides: Sides,
	difference: LayoutDifference,
	within: string[],
): Promise<LayoutFinding> {
	const { name, target, tree, missing, extra, moved } = difference;
	const source = sourceOf(sides, name);
	const cause =
		sides.targetConfig === null || sides.treeConfig === null || source === null
			? { symbols: [], unexplained: [...missing, ...extra].map((member) => member.name) }
			: layoutCause(difference, source.members, sides.targetConfig, sides.treeConfig);
	const symbols: SymbolCause[] = cause.symbols.map((one) => ({
		symbol: one.symbol,
		target: one.target,
		tree: one.tree,
		members: one.members,
		cause: sides.causeOf(one.symbol),
	}));
	return {
		name,
		within,
		size: { target: target.size, tree: tree.size },
		missing: missing.map((member) => member.name),
		extra: extra.map((member) => member.name),
		moved: moved.length,
		symbols,
		unexplained: cause.unexplained,
		header: source?.header ?? null,
		rows: await layoutRows(difference),
	};
}

/** struct module without anybody's debug information: the members that the two configs switch, by the tree's headers. */
export function sourceFinding(
	sides: Omit<Sides, "target" | "tree">,
	name: string,
	size: LayoutFinding["size"],
): LayoutFinding | null {
	const source = sourceOf(sides, name);
	if (source === null || sides.targetConfig === null || sides.treeConfig === null) return null;
	const { missing, extra, symbols } = switchedMembers(source.members, sides.targetConfig, sides.treeConfig);
	if (missing.length + extra.length === 0) return null;
	const named = symbols.map(({ symbol, target, tree, members }) => ({
		...{ symbol, target, tree, members, cause: sides.causeOf(symbol) },
	}));
	const rest = { within: [], moved: 0, unexplained: [], rows: [] };
	return { name, size, missing, extra, symbols: named, header: source.header, ...rest };
}

/** Members of the structure in the tree's own headers, with the header. */
function sourceOf(
	{ srctree, arch }: Pick<Sides, "srctree" | "arch">,
	name: string,
): { header: string; members: GuardedMember[] } | null {
	const likely = COMMON_STRUCTS.filter((one) => one.name === name).map(({ header }) =>
		join("include", header),
	);
	const folders = [
		"include/linux",
		"include/net",
		...(arch === null ? [] : [`arch/${arch}/include/asm`]),
		"include/asm-generic",
	];
	const others = folders.flatMap((folder) => headersIn(srctree, folder));
	for (const header of [...likely, ...others]) {
		const path = join(srctree, header);
		if (!existsSync(path)) continue;
		const text = readFileSync(path, "latin1");
		const members = text.includes(`struct ${name}`) ? guardedMembers(text, name) : null;
		if (members !== null) return { header, members };
	}
	return null;
}

function headersIn(srctree: string, folder: string): string[] {
	const place = join(srctree, folder);
	if (!existsSync(place)) return [];
	return readdirSync(place)
		.filter((file) => file.endsWith(".h"))
		.map((file) => join(folder, file));
}
