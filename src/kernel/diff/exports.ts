import { compareSymvers, crcText, type SymversEntry } from "../symvers/symvers.ts";

/** An export as one of the two kernels has it. */
export interface ExportLine {
	symbol: string;
	/** "vmlinux", or the path of the module without ".ko". */
	module: string;
}

/** A change of one column of an export. */
export interface ExportChange {
	symbol: string;
	values: [string, string];
}

/** How the exports of two kernels differ, as modules feel it. */
export interface ExportsDifference {
	removed: ExportLine[];
	added: ExportLine[];
	/** Only where both kernels have CRCs (CONFIG_MODVERSIONS). */
	crc: ExportChange[];
	licence: ExportChange[];
	namespace: ExportChange[];
}

/** From the entries of two Module.symvers. That an export moved to another module is no change: depmod finds it. */
export function exportsDifference(a: readonly SymversEntry[], b: readonly SymversEntry[]): ExportsDifference {
	const found: ExportsDifference = { removed: [], added: [], crc: [], licence: [], namespace: [] };
	const versioned = [a, b].every((entries) => entries.some(({ crc }) => crc !== 0));
	for (const { symbol, expected, actual, columns } of compareSymvers(a, b)) {
		if (actual === null) found.removed.push({ symbol, module: expected?.module ?? "" });
		else if (expected === null) found.added.push({ symbol, module: actual.module });
		else {
			if (columns.includes("crc") && versioned && expected.crc !== 0 && actual.crc !== 0)
				found.crc.push({ symbol, values: [crcText(expected.crc), crcText(actual.crc)] });
			if (columns.includes("kind") && gpl(expected) !== gpl(actual))
				found.licence.push({ symbol, values: [expected.kind, actual.kind] });
			if (columns.includes("namespace"))
				found.namespace.push({ symbol, values: [expected.namespace ?? "", actual.namespace ?? ""] });
		}
	}
	return found;
}

function gpl({ kind }: SymversEntry): boolean {
	return kind.includes("GPL");
}
