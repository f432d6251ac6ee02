import type { Fields } from "../bytes.ts";
import { type ExportedSymbol, type ExportKind, KSYM_FLAG_GPL_ONLY } from "../module/module-exports.ts";
import { textAt } from "./export-names.ts";
import { type ExportShape, type ExportSpace, isEmptySlot, slotTarget, stride } from "./export-shape.ts";

/** One table of entries whose places are known, and what goes with each of them. */
export interface ExportTable {
	space: ExportSpace;
	shape: ExportShape;
	/** Offset of the first entry in the space's table. */
	start: number;
	count: number;
	/** null: the kernel has none. */
	crcs: readonly number[] | null;
	/** A byte an entry from 7.0 on. */
	flags: Uint8Array | null;
	/** How the entry of that index is exported where its flags say nothing. */
	kind: (index: number) => ExportKind;
}

/** The table's entries as symbols, in order; the caller has seen that they are entries. */
export function decodeTable({
	space,
	shape,
	start,
	count,
	crcs,
	flags,
	kind,
}: ExportTable): ExportedSymbol[] {
	return Array.from({ length: count }, (_, index) => {
		const at = start + index * stride(shape);
		const exact = ((flags?.[index] ?? 0) & KSYM_FLAG_GPL_ONLY) !== 0 ? "EXPORT_SYMBOL_GPL" : kind(index);
		const spaced = shape.slots === 3 && !isEmptySlot(space, shape, at);
		const namespace = spaced ? textAt(space.names, slotTarget(space, shape, at, 2)) : "";
		return {
			symbol: textAt(space.names, slotTarget(space, shape, at, 1)),
			crc: crcs?.[index] ?? null,
			kind: exact,
			gplOnly: exact.includes("_GPL"),
			namespace: namespace === "" ? null : namespace,
		};
	});
}

/** `count` words of a table of CRCs; each has 32 bits, also where it is an unsigned long (8 bytes, up to 4.10). */
export function crcWords(fields: Fields, start: number, count: number, width: 4 | 8): number[] {
	const low = start + (width === 8 && !fields.little ? 4 : 0);
	return Array.from({ length: count }, (_, index) => fields.u32(low + index * width));
}
