import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Which of `symbols` (without CONFIG_) some header of the tree depends on: generic ones and those of `arch`. */
export function symbolsInHeaders(srctree: string, arch: string, symbols: ReadonlySet<string>): Set<string> {
	const found = new Set<string>();
	if (symbols.size === 0) return found;
	for (const folder of [
		"include/linux",
		"include/net",
		"include/asm-generic",
		"include",
		`arch/${arch}/include`,
	]) {
		if (found.size === symbols.size) break;
		search(join(srctree, folder), symbols, found);
	}
	return found;
}

function search(folder: string, symbols: ReadonlySet<string>, found: Set<string>): void {
	let entries: Dirent[];
	try {
		entries = readdirSync(folder, { withFileTypes: true });
	} catch {
		return;
	}
	for (const entry of entries) {
		if (entry.isDirectory() && entry.name !== "generated" && entry.name !== "config") {
			search(join(folder, entry.name), symbols, found);
		} else if (entry.isFile() && entry.name.endsWith(".h")) {
			const text = readFileSync(join(folder, entry.name), "latin1");
			if (!text.includes("CONFIG_")) continue;
			for (const [, symbol] of text.matchAll(/\bCONFIG_(\w+)/g))
				if (symbols.has(symbol as string)) found.add(symbol as string);
		}
		if (found.size === symbols.size) return;
	}
}
