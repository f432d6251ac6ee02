import { BTF_KIND, type Btf, type BtfType } from "../../formats/btf/btf.ts";
import { layoutOf } from "../../formats/btf/btf-layout.ts";
import { compareLayouts, type LayoutDifference } from "./struct-layout.ts";

/** Every named structure and union of a kernel: "struct page" → its types; one name may have several (static ones of two drivers). */
export type NamedTypes = ReadonlyMap<string, readonly BtfType[]>;

/** Reads the types once, in the order of their ids. Throws FormatError "bad-btf". */
export function namedTypes(btf: Btf): NamedTypes {
	const found = new Map<string, BtfType[]>();
	for (let id = 1; id < btf.count; id++) {
		const type = btf.type(id);
		const word = type.kind === BTF_KIND.STRUCT ? "struct" : type.kind === BTF_KIND.UNION ? "union" : null;
		if (word === null || type.name === "") continue;
		const key = `${word} ${type.name}`;
		const known = found.get(key);
		if (known === undefined) found.set(key, [type]);
		else known.push(type);
	}
	return found;
}

/** What comparing all structures of two kernels gave. */
export interface EveryLayout {
	/** Names that both have. */
	compared: number;
	/** Those laid out in another way, by name. */
	differences: Map<string, LayoutDifference>;
}

/**
 * Compares every structure that both kernels have ("target" is `a`, "tree" is `b`); `wanted` bounds it to names such as
 * "struct page". A name with several layouts differs when one of `a` has no equal in `b`. Throws FormatError.
 */
export function everyLayout(a: Btf, b: Btf, wanted?: ReadonlySet<string>): EveryLayout {
	const [theirs, ours] = [namedTypes(a), namedTypes(b)];
	const differences = new Map<string, LayoutDifference>();
	let compared = 0;
	for (const [name, types] of theirs) {
		const others = ours.get(name);
		if (others === undefined || (wanted !== undefined && !wanted.has(name))) continue;
		compared++;
		const difference = differenceOf(a, types, b, others);
		if (difference !== null) differences.set(name, difference);
	}
	return { compared, differences };
}

function differenceOf(
	a: Btf,
	types: readonly BtfType[],
	b: Btf,
	others: readonly BtfType[],
): LayoutDifference | null {
	for (const type of types) {
		const one = layoutOf(a, type, false);
		if (others.some((other) => compareLayouts(one, layoutOf(b, other, false)) === null)) continue;
		const [other] = others;
		return other === undefined ? null : compareLayouts(layoutOf(a, type), layoutOf(b, other));
	}
	return null;
}
