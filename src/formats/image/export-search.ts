import { Fields } from "../bytes.ts";
import type { ExportedSymbol } from "../module/module-exports.ts";
import { absoluteBases } from "./export-base.ts";
import {
	type ExportShape,
	type ExportSpace,
	isEmptySlot,
	isEntry,
	shapes,
	slotTarget,
	stride,
} from "./export-shape.ts";
import { crcWords, decodeTable, type ExportTable } from "./export-table.ts";

/** Fewer entries in a row are taken for chance; the smallest kernel with modules exports thousands. */
const FEWEST = 32;
/** So many names in order are never chance. */
const CERTAIN = 1000;
/** Padding the linker may put between two tables. */
const MOST_PADDING = 64;

/**
 * What a raw image (arm64 Image, riscv Image, unpacked zImage: no section headers) exports, found by structure. The
 * linker script (RO_DATA of include/asm-generic/vmlinux.lds.h, all eras) puts __ksymtab, __ksymtab_gpl, the
 * __kcrctab of each, __kflagstab (7.0 on) and __ksymtab_strings behind one another, and sorts each table by name. So
 * the tables are the longest run of entries whose names are symbols in order, and the CRCs fill the gap between the
 * run and its first string. null when there is no such run.
 */
export function exportsByStructure(bytes: Uint8Array, little: boolean): ExportedSymbol[] | null {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const at = (base: number): ExportSpace => ({ table: view, little, names: bytes, distance: 0, base });
	const found = best(runs(at, bytes, little));
	return found === null ? null : decode(found);
}

function* runs(at: SpaceAt, bytes: Uint8Array, little: boolean): Generator<Run | null> {
	yield* relativeRuns(at);
	// A short run of one form may be chance where the other has the tables.
	yield* absoluteRuns(at, bytes, little);
}

type SpaceAt = (base: number) => ExportSpace;

function* relativeRuns(at: SpaceAt): Generator<Run | null> {
	for (const shape of shapes(true)) yield longestRun(at(0), shape);
}

function* absoluteRuns(at: SpaceAt, bytes: Uint8Array, little: boolean): Generator<Run | null> {
	for (const width of [4, 8] as const)
		for (const base of absoluteBases(bytes, little, width))
			for (const shape of shapes(false, width)) yield longestRun(at(base), shape);
}

interface Run {
	space: ExportSpace;
	shape: ExportShape;
	start: number;
	count: number;
	/** Indices at which the order of names begins anew: where one table ends and the next begins. */
	breaks: number[];
}

/** The longest run; what comes after one that no chance makes is not looked for. */
function best(runs: Iterable<Run | null>): Run | null {
	let winner: Run | null = null;
	for (const run of runs) {
		if (run !== null && run.count > (winner?.count ?? 0)) winner = run;
		if ((winner?.count ?? 0) >= CERTAIN) break;
	}
	return winner;
}

function longestRun(space: ExportSpace, shape: ExportShape): Run | null {
	const step = stride(shape);
	let longest: Run | null = null;
	for (let start = 0; start + step <= space.table.byteLength; ) {
		const run = plausible(space, shape, start) ? runAt(space, shape, start) : null;
		if (run === null || run.count < FEWEST) {
			start += 4;
			continue;
		}
		if (run.count > (longest?.count ?? 0) && decodable(run)) longest = run;
		start += run.count * step;
	}
	return longest;
}

/** A cheap look at the first entry, and whether the fourth is one too; most places fail here. */
function plausible(space: ExportSpace, shape: ExportShape, at: number): boolean {
	const name = slotTarget(space, shape, at, 1);
	if (name <= 0 || name >= space.names.length || space.names[name] === 0) return false;
	return isEntry(space, shape, at) && isEntry(space, shape, at + 3 * stride(shape));
}

/** Five tables at most, so four breaks; names come in order between them. */
const MOST_BREAKS = 4;

function runAt(space: ExportSpace, shape: ExportShape, start: number): Run {
	const breaks: number[] = [];
	let count = 1;
	let previous = slotTarget(space, shape, start, 1);
	for (; isEntry(space, shape, start + count * stride(shape)); count++) {
		const name = slotTarget(space, shape, start + count * stride(shape), 1);
		// The same name twice is no new table: 5.10 of arm64 exports memcpy from assembly and as an alias.
		if (compareNames(space.names, previous, name) > 0) {
			if (breaks.length === MOST_BREAKS || count - (breaks.at(-1) ?? 0) < 4) break;
			breaks.push(count);
		}
		previous = name;
	}
	return { space, shape, start, count, breaks };
}

/** As strcmp, of two NUL-terminated names. */
function compareNames(bytes: Uint8Array, a: number, b: number): number {
	for (let at = 0; ; at++) {
		const left = bytes[a + at] ?? 0;
		const right = bytes[b + at] ?? 0;
		if (left !== right || left === 0) return left - right;
	}
}

/** Whether strings follow the run as they follow export tables; other tables may lead to names by chance. */
function decodable(run: Run): boolean {
	return layoutOf(gapOf(run), run.count, run.shape.width) !== null && kindsOf(run) !== null;
}

/** Bytes between the run and the first string that it leads to. */
function gapOf(run: Run): number {
	return firstString(run) - (run.start + run.count * stride(run.shape));
}

function decode(run: Run): ExportedSymbol[] | null {
	const { space, shape, start, count } = run;
	const step = stride(shape);
	const gap = gapOf(run);
	const layout = layoutOf(gap, count, shape.width);
	const kindOf = kindsOf(run);
	if (layout === null || kindOf === null) return null;
	const end = start + count * step + gap;
	const fields = new Fields(space.names, space.little);
	const flagsAt = end - (layout.flags ? count : 0);
	const crcsAt = (layout.flags ? Math.floor(flagsAt / 4) * 4 : flagsAt) - count * layout.crc;
	const words = layout.crc === 0 ? null : crcWords(fields, crcsAt, count, layout.crc);
	const crcs = words === null ? null : (relativeCrcs(fields, crcsAt, words) ?? words);
	const flags = layout.flags ? fields.slice(flagsAt, count) : null;
	return decodeTable({ space, shape, start, count, crcs, flags, kind: kindOf });
}

/** Where the strings begin: the lowest place that a slot leads to behind the tables. */
function firstString({ space, shape, start, count }: Run): number {
	let first = Number.POSITIVE_INFINITY;
	const end = start + count * stride(shape);
	for (let at = start; at < end; at += stride(shape)) {
		for (let slot = 1; slot < shape.slots; slot++) {
			if (slot === 2 && isEmptySlot(space, shape, at)) continue;
			const target = slotTarget(space, shape, at, slot);
			if (target >= end && target < first) first = target;
		}
	}
	return first;
}

/** What fills the gap between the entries and the strings: bytes a CRC (0: none), and whether flags are there. */
function layoutOf(gap: number, count: number, width: 4 | 8): { crc: 0 | 4 | 8; flags: boolean } | null {
	const candidates: { crc: 0 | 4 | 8; flags: boolean }[] = [
		{ crc: 0, flags: false },
		{ crc: 0, flags: true },
		{ crc: 4, flags: false },
		{ crc: 4, flags: true },
		...(width === 8 ? [{ crc: 8 as const, flags: false }] : []),
	];
	const padding = (one: (typeof candidates)[number]) => gap - count * (one.crc + (one.flags ? 1 : 0));
	return (
		candidates
			.filter((one) => padding(one) >= 0 && padding(one) < MOST_PADDING)
			.sort((a, b) => padding(a) - padding(b))[0] ?? null
	);
}

/** One table is EXPORT_SYMBOL (with flags), two are it and _GPL; more were unused ones, whose order tells nothing sure. */
function kindsOf({ count, breaks }: Run): ExportTable["kind"] | null {
	if (breaks.length > 1) return null;
	const border = breaks[0] ?? count;
	return (index) => (index < border ? "EXPORT_SYMBOL" : "EXPORT_SYMBOL_GPL");
}

/** CONFIG_MODULE_REL_CRCS (4.10 to 5.18): every word leads to a CRC elsewhere in the image; plain CRCs never all would. */
function relativeCrcs(fields: Fields, start: number, words: number[]): number[] | null {
	const places = words.map((word, index) => start + index * 4 + (word | 0));
	if (places.some((place) => place < 0 || place + 4 > fields.length)) return null;
	return places.map((place) => fields.u32(place));
}
