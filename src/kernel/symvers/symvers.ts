import type { ExportKind } from "../../formats/module/module-exports.ts";

/** One exported symbol: a line of Module.symvers. */
export interface SymversEntry {
	symbol: string;
	/** 32 bits; 0 when the kernel has none (CONFIG_MODVERSIONS off). */
	crc: number;
	/** "vmlinux", or the module's path in the objtree without ".ko": "drivers/net/tun". */
	module: string;
	kind: ExportKind;
	namespace: string | null;
}

/**
 * Columns of the file (FACTS: "Module.symvers and CRCs"), all tab-separated:
 * `bare` up to 2.6.17: crc sym module; `kind` 2.6.18 on: adds the export kind; `namespace-third` 5.4 and 5.5: crc
 * sym namespace module kind; `namespace-last` 5.6 on: crc sym module kind namespace.
 */
export type SymversLayout = "bare" | "kind" | "namespace-third" | "namespace-last";

export interface Symvers {
	entries: SymversEntry[];
	/** That of most lines; `namespace-last` for an empty file. */
	layout: SymversLayout;
	/** Numbers (from 1) of the lines that are none of the known layouts; they are left out. */
	invalid: number[];
}

/** Parses a Module.symvers of any era, each line by its own layout. Never throws. */
export function parseSymvers(text: string): Symvers {
	const entries: SymversEntry[] = [];
	const invalid: number[] = [];
	const seen = new Map<SymversLayout, number>();
	text.split("\n").forEach((line, index) => {
		if (line === "" || line === "\r") return;
		const parsed = parseLine(line.endsWith("\r") ? line.slice(0, -1) : line);
		if (parsed === null) {
			invalid.push(index + 1);
			return;
		}
		entries.push(parsed.entry);
		seen.set(parsed.layout, (seen.get(parsed.layout) ?? 0) + 1);
	});
	const [layout = "namespace-last"] = [...seen].sort(([, a], [, b]) => b - a)[0] ?? [];
	return { entries, layout, invalid };
}

/** The text of a Module.symvers, a line an entry in the order given. Layouts without the column drop namespaces and kinds. */
export function composeSymvers(
	entries: readonly SymversEntry[],
	layout: SymversLayout = "namespace-last",
): string {
	const line = LINES[layout];
	return entries.map((entry) => line(entry, crcText(entry.crc))).join("");
}

/** A symbol on which two tables disagree; null: the table does not have it. */
export interface SymversDifference {
	symbol: string;
	expected: SymversEntry | null;
	actual: SymversEntry | null;
	/** The columns that differ; empty when one side lacks the symbol. */
	columns: ("crc" | "module" | "kind" | "namespace")[];
}

const COLUMNS = ["crc", "module", "kind", "namespace"] as const;

/** Where `actual` differs from `expected`, in the order of `expected`, then what only `actual` has. Line order is no difference. */
export function compareSymvers(
	expected: readonly SymversEntry[],
	actual: readonly SymversEntry[],
): SymversDifference[] {
	const rest = new Map(actual.map((entry) => [entry.symbol, entry]));
	const differences: SymversDifference[] = [];
	for (const entry of expected) {
		const other = rest.get(entry.symbol);
		rest.delete(entry.symbol);
		const changed = other === undefined ? [] : COLUMNS.filter((column) => entry[column] !== other[column]);
		if (other !== undefined && changed.length === 0) continue;
		differences.push({
			symbol: entry.symbol,
			expected: entry,
			actual: other ?? null,
			columns: changed,
		});
	}
	for (const entry of rest.values())
		differences.push({ symbol: entry.symbol, expected: null, actual: entry, columns: [] });
	return differences;
}

/** A CRC as Module.symvers writes it: "0x" and 8 hex digits. */
export function crcText(crc: number): string {
	return `0x${HEX[crc >>> 24]}${HEX[(crc >>> 16) & 255]}${HEX[(crc >>> 8) & 255]}${HEX[crc & 255]}`;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

const LINES: Readonly<Record<SymversLayout, (entry: SymversEntry, crc: string) => string>> = {
	bare: ({ symbol, module }, crc) => `${crc}\t${symbol}\t${module}\n`,
	kind: ({ symbol, module, kind }, crc) => `${crc}\t${symbol}\t${module}\t${kind}\n`,
	"namespace-third": ({ symbol, module, kind, namespace }, crc) =>
		`${crc}\t${symbol}\t${namespace ?? ""}\t${module}\t${kind}\n`,
	"namespace-last": ({ symbol, module, kind, namespace }, crc) =>
		`${crc}\t${symbol}\t${module}\t${kind}\t${namespace ?? ""}\n`,
};

const KIND = /^EXPORT_(?:UNUSED_)?SYMBOL(?:_GPL(?:_FUTURE)?)?$/;
const CRC = /^0x[0-9a-fA-F]{8,16}$/;

function parseLine(line: string): { entry: SymversEntry; layout: SymversLayout } | null {
	const cells = line.split("\t");
	const [crcCell = "", symbol = "", third = "", fourth, fifth] = cells;
	if (!CRC.test(crcCell) || symbol === "" || cells.length < 3 || cells.length > 5) return null;
	// Up to 4.10 it was printed as an unsigned long.
	const crc = Number.parseInt(crcCell.slice(-8), 16);
	const made = (layout: SymversLayout, module: string, kind: string, namespace: string) =>
		module === "" || !KIND.test(kind)
			? null
			: {
					layout,
					entry: {
						symbol,
						crc,
						module,
						kind: kind as ExportKind,
						namespace: namespace === "" ? null : namespace,
					},
				};
	if (fourth === undefined) return made("bare", third, "EXPORT_SYMBOL", "");
	if (fifth === undefined) return made("kind", third, fourth, "");
	return KIND.test(fourth)
		? made("namespace-last", third, fourth, fifth)
		: made("namespace-third", fourth, fifth, third);
}
