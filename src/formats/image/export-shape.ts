import { isNamespace, nameLength } from "./export-names.ts";

/**
 * How an entry of __ksymtab looks: value, name and, from 5.4, namespace, each `width` bytes; relative to its own
 * place (CONFIG_HAVE_ARCH_PREL32_RELOCATIONS, 4.19 on) or an address.
 */
export interface ExportShape {
	relative: boolean;
	width: 4 | 8;
	slots: 2 | 3;
}

/** Bytes with tables in them: where a name slot leads is told in offsets into `names`. */
export interface ExportSpace {
	/** Holds the entries. */
	table: DataView;
	little: boolean;
	/** Holds the strings. */
	names: Uint8Array;
	/** Offset into `names` of what lies at offset 0 of `table`, for relative slots. */
	distance: number;
	/** Address of offset 0 of `names`, modulo 2^32, for absolute slots. */
	base: number;
}

const SHAPES: readonly ExportShape[] = [
	{ relative: true, width: 4, slots: 3 },
	{ relative: true, width: 4, slots: 2 },
	{ relative: false, width: 4, slots: 3 },
	{ relative: false, width: 4, slots: 2 },
	{ relative: false, width: 8, slots: 3 },
	{ relative: false, width: 8, slots: 2 },
];

/** Shapes in which an entry is `width` bytes a slot; both widths when not given. */
export function shapes(relative: boolean, width?: 4 | 8): ExportShape[] {
	return SHAPES.filter((one) => one.relative === relative && (width === undefined || one.width === width));
}

/** Bytes an entry. */
export function stride(shape: ExportShape): number {
	return shape.width * shape.slots;
}

/** Offset into `names` that a slot of the entry at `at` leads to: 1 is the name, 2 the namespace. Not checked. */
export function slotTarget(space: ExportSpace, shape: ExportShape, at: number, slot: number): number {
	const place = at + slot * shape.width;
	if (shape.relative) return place + space.distance + space.table.getInt32(place, space.little);
	const low = shape.width === 8 && !space.little ? 4 : 0;
	return (space.table.getUint32(place + low, space.little) - space.base) >>> 0;
}

/** Whether the bytes at `at` are an entry of that shape: its name is a symbol, its namespace a word or nothing. */
export function isEntry(space: ExportSpace, shape: ExportShape, at: number): boolean {
	if (at + stride(shape) > space.table.byteLength) return false;
	const name = slotTarget(space, shape, at, 1);
	if (name < 0 || name >= space.names.length || nameLength(space.names, name) === 0) return false;
	if (shape.slots === 2) return true;
	// Kernels 5.4 to 5.9 have no string for "no namespace": the slot is zero.
	if (isEmptySlot(space, shape, at)) return true;
	const namespace = slotTarget(space, shape, at, 2);
	return namespace >= 0 && namespace < space.names.length && isNamespace(space.names, namespace);
}

/** Whether the namespace slot holds zero. */
export function isEmptySlot(space: ExportSpace, shape: ExportShape, at: number): boolean {
	return (
		space.table.getUint32(
			at + 2 * shape.width + (shape.width === 8 && !space.little ? 4 : 0),
			space.little,
		) === 0
	);
}
