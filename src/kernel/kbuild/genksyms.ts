const OLD = /^__crc_(\S+)\s*=\s*(0x[0-9a-fA-F]+)\s*;/;
const NEW = /^#SYMVER (\S+) (0x[0-9a-fA-F]+)/;

/** CRCs by symbol from what genksyms prints: linker script lines up to 5.17, `#SYMVER` later. Other lines are passed over. */
export function parseGenksyms(text: string): Map<string, number> {
	const crcs = new Map<string, number>();
	for (const line of text.split("\n")) {
		const [, symbol = "", crc = ""] = NEW.exec(line) ?? OLD.exec(line) ?? [];
		if (symbol !== "") crcs.set(symbol, Number.parseInt(crc, 16));
	}
	return crcs;
}

/** Symbols that a C source exports (EXPORT_SYMBOL and its kin), in order. */
export function exportedBy(source: string): string[] {
	return Array.from(
		source.matchAll(/^[ \t]*EXPORT_(?:UNUSED_)?SYMBOL(?:_NS)?(?:_GPL)?(?:_FUTURE)?\(\s*(\w+)/gm),
		([, symbol = ""]) => symbol,
	);
}
