import type { TargetSymbol } from "../../kernel/loader/knowledge.ts";
import { parseSymvers } from "../../kernel/symvers/symvers.ts";

/** The target's exports by name from the text of a Module.symvers; `modversions` false: its zeros stand for "no CRC". */
export function exportsOf(symvers: string, modversions: boolean): Map<string, TargetSymbol> {
	const exports = new Map<string, TargetSymbol>();
	for (const { symbol, crc, kind, module, namespace } of parseSymvers(symvers).entries)
		exports.set(symbol, {
			crc: modversions ? crc : null,
			gpl: kind.includes("_GPL"),
			namespace,
			owner: moduleName(module),
		});
	return exports;
}

/** `drivers/net/foo-bar` or `foo-bar.ko.xz` → `foo_bar`, the name that the kernel uses. */
export function moduleName(path: string): string {
	const file = path.slice(path.lastIndexOf("/") + 1);
	return file.replace(/\.ko(\.(gz|xz|zst))?$/, "").replaceAll("-", "_");
}
