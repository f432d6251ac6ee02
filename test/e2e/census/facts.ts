import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { readModule } from "../../../src/formats/module/module.ts";

/** Module → what the loader compares. */
export type Facts = Map<string, { vermagic: string; imports: string[] }>;

/** Of modules as they were built; names in the kernel's spelling. */
export function factsOf(paths: string[]): Facts {
	const facts: Facts = new Map();
	for (const path of paths.filter((it) => it.endsWith(".ko"))) {
		const { vermagic, versions, imports } = readModule(readFileSync(path));
		const crcs = new Map(versions?.map(({ symbol, crc }) => [symbol, crc]));
		facts.set(basename(path, ".ko").replaceAll("-", "_"), {
			vermagic: vermagic ?? "",
			imports: [...new Set([...crcs.keys(), ...imports.map(({ symbol }) => symbol)])]
				.sort()
				.map((symbol) => `${symbol} ${crcs.get(symbol)?.toString(16) ?? "-"}`),
		});
	}
	return facts;
}

/** What of `wanted` is otherwise, or not there, in `found`; what is there besides does not count. */
export function differences(wanted: Facts, found: Facts): string[] {
	return [...wanted].flatMap(([name, { vermagic, imports }]) => {
		const other = found.get(name);
		if (other === undefined) return [`${name}: not built`];
		const lacking = imports.filter((it) => !other.imports.includes(it));
		const more = other.imports.filter((it) => !imports.includes(it));
		return [
			...(other.vermagic === vermagic ? [] : [`${name}: vermagic ${other.vermagic}`]),
			...(lacking.length + more.length === 0 ? [] : [`${name}: -${lacking.join(" -")} +${more.join(" +")}`]),
		];
	});
}
