import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Btf, BtfType } from "../../formats/btf/btf.ts";
import { layoutOf } from "../../formats/btf/btf-layout.ts";
import type { Config } from "../../kernel/config/config.ts";
import { layoutCause, switchedMembers } from "../../kernel/layout/cause.ts";
import { COMMON_STRUCTS } from "../../kernel/layout/common-structs.ts";
import { namedTypes } from "../../kernel/layout/every-layout.ts";
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
/** Structures that are told with members and causes; the others are counted. */
const MOST_FINDINGS = 40;

/** Every structure that a probe of the tree shares with the target's kernel. */
export interface Layouts {
	/** Names of those that both have. */
	compared: ReadonlySet<string>;
	/** Those that are laid out in another way: by name, the innermost with their causes. */
	findings: LayoutFinding[];
	/** Names of all that differ. */
	different: string[];
}

/**
 * Compares all structures and unions that both sides have, those of `first` told first. One that only differs because
 * of a structure inside it is told by that inner one: the innermost has the members and the option. Throws FormatError.
 */
export async function compareAll(sides: Sides, first: readonly string[]): Promise<Layouts> {
	const types = { target: namedTypes(sides.target), tree: namedTypes(sides.tree) };
	const compared = new Set<string>();
	const differences = new Map<string, LayoutDifference>();
	for (const [key, ours] of types.tree) {
		const theirs = types.target.get(key);
		if (theirs === undefined) continue;
		const name = key.slice(key.indexOf(" ") + 1);
		compared.add(name);
		const difference = differenceOf(sides, theirs, ours);
		if (difference !== null) differences.set(name, difference);
	}
	const found = new Map<string, LayoutFinding>();
	const headers = headerIndex(sides);
	for (const name of [...first.filter((one) => differences.has(one)), ...differences.keys()]) {
		if (found.size >= MOST_FINDINGS) break;
		await descend({ sides, differences, found, headers }, name, []);
	}
	return { compared, findings: [...found.values()], different: [...differences.keys()] };
}

/** One name can stand for several structures of a kernel (static ones of drivers): the tree's must be one of them. */
function differenceOf(
	{ target, tree }: Sides,
	theirs: readonly BtfType[],
	ours: readonly BtfType[],
): LayoutDifference | null {
	for (const type of ours) {
		const one = layoutOf(tree, type, false);
		if (theirs.some((other) => compareLayouts(layoutOf(target, other, false), one) === null)) continue;
		const [other] = theirs;
		return other === undefined ? null : compareLayouts(layoutOf(target, other), layoutOf(tree, type));
	}
	return null;
}

interface Walk {
	sides: Sides;
	differences: ReadonlyMap<string, LayoutDifference>;
	found: Map<string, LayoutFinding>;
	headers: HeaderIndex;
}

/** True when the structure differs. For `x_t` the structure behind the typedef counts when it has the name `x`. */
async function descend(walk: Walk, wanted: string, within: string[]): Promise<boolean> {
	const { differences, found } = walk;
	const difference =
		differences.get(wanted) ?? (wanted.endsWith("_t") ? differences.get(wanted.slice(0, -2)) : undefined);
	if (difference === undefined) return false;
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
			inner = (await descend(walk, part, [name, ...within])) || inner;
	const own = difference.missing.length + difference.extra.length > 0;
	if (own || !inner) found.set(name, await findingOf(walk.sides, difference, within, walk.headers));
	return true;
}

async function findingOf(
	sides: Sides,
	difference: LayoutDifference,
	within: string[],
	headers: HeaderIndex,
): Promise<LayoutFinding> {
	const { name, target, tree, missing, extra, moved } = difference;
	const source = sourceOf(sides, name, headers);
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
	const source = sourceOf(sides, name, headerIndex(sides));
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
	{ srctree }: Pick<Sides, "srctree">,
	name: string,
	headers: HeaderIndex,
): { header: string; members: GuardedMember[] } | null {
	for (const header of headers(name)) {
		const members = guardedMembers(readFileSync(join(srctree, header), "latin1"), name);
		if (members !== null) return { header, members };
	}
	return null;
}

/** Headers of the tree that define a structure of that name, the likeliest first. */
type HeaderIndex = (name: string) => readonly string[];

/** All headers are read once, when the first name is asked for. */
function headerIndex({ srctree, arch }: Pick<Sides, "srctree" | "arch">): HeaderIndex {
	let index: Map<string, string[]> | null = null;
	return (name) => {
		index ??= readHeaders(srctree, arch);
		return index.get(name) ?? [];
	};
}

function readHeaders(srctree: string, arch: string | null): Map<string, string[]> {
	const index = new Map<string, string[]>();
	const likely = [...new Set(COMMON_STRUCTS.map(({ header }) => join("include", header)))];
	const folders = [
		"include/linux",
		"include/net",
		...(arch === null ? [] : [`arch/${arch}/include/asm`]),
		"include/asm-generic",
		...[
			"include/linux/usb",
			"include/media",
			"include/drm",
			"include/sound",
			"include/scsi",
			"include/crypto",
		],
	];
	for (const header of new Set([...likely, ...folders.flatMap((folder) => headersIn(srctree, folder))])) {
		const path = join(srctree, header);
		if (!existsSync(path)) continue;
		for (const [, name = ""] of readFileSync(path, "latin1").matchAll(DEFINITION))
			index.set(name, [...(index.get(name) ?? []), header]);
	}
	return index;
}

/** An attribute may stand between name and brace. */
const DEFINITION = /^[ \t]*(?:typedef\s+)?struct\s+(\w+)[^;(){}=]{0,120}\{/gm;

function headersIn(srctree: string, folder: string): string[] {
	const place = join(srctree, folder);
	if (!existsSync(place)) return [];
	return readdirSync(place, { withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith(".h"))
		.map(({ name }) => join(folder, name));
}
