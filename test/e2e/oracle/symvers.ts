import { readFileSync } from "node:fs";

export interface SymversEntry {
	symbol: string;
	module: string;
	kind: string;
	namespace: string;
}

/** The target's Module.symvers, as 5.4 and later write it. */
export function readSymvers(path: string): SymversEntry[] {
	return readFileSync(path, "utf8")
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => {
			const [, symbol = "", module = "", kind = "", namespace = ""] = line.split("\t");
			return { symbol, module, kind, namespace };
		});
}
