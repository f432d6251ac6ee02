import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isOn } from "../kernel/config/config.ts";
import type { Advice, Check, CheckFinding } from "./check.ts";
import { sourcesOf, unknownOf } from "./compare.ts";

/** objtree's Module.symvers against the target's. */
export const symvers: Check = {
	id: "symvers",
	async run({ tree, target, targetConfig, syncCommand }): Promise<CheckFinding> {
		const path = join(tree.output, "Module.symvers");
		const evidence = [...sourcesOf(target.symvers), { kind: "tree", path }];
		const present = existsSync(path) ? readFileSync(path) : null;
		const result = (
			status: CheckFinding["status"],
			expected: string | null,
			actual: string | null,
			advice: Advice | null,
		) => ({ id: "symvers", status, expected, actual, evidence, advice }) as const;
		if (target.symvers === null) {
			const actual = present === null ? null : `${lines(present)} symbols`;
			return result("unknown", null, actual, unknownOf("its exports (Module.symvers or an image)"));
		}
		const wanted = await target.symvers.read();
		if (present === null) {
			const versioned = targetConfig !== null && isOn(targetConfig, "MODVERSIONS");
			const why = versioned ? "no file: modules would carry no CRCs" : "no file";
			return result("mismatch", `${lines(wanted)} symbols`, why, {
				about: "symvers-missing",
				facts: { file: "Module.symvers" },
				commands: [syncCommand],
			});
		}
		if (Buffer.compare(present, wanted) === 0) {
			const count = `${lines(wanted)} symbols`;
			return result("match", count, count, null);
		}
		const missing = difference(wanted, present);
		if (missing === null)
			return result(
				"match",
				`${lines(wanted)} symbols`,
				`${lines(present)} symbols, the target's among them`,
				null,
			);
		const { symbol } = missing;
		return result("mismatch", missing.wanted, missing.found, {
			about: missing.known ? "symbol-version-mismatch" : "modpost-undefined",
			facts: { symbol },
			commands: [syncCommand],
		});
	},
};

interface Difference {
	symbol: string;
	/** The tree lists the symbol, with another CRC. */
	known: boolean;
	wanted: string;
	found: string;
}

/** The first symbol of `wanted` that `present` lacks or has with another CRC; null when all are there. */
function difference(wanted: Uint8Array, present: Uint8Array): Difference | null {
	const own = new Map<string, string>();
	for (const line of rows(present)) own.set(line[1] as string, line[0] as string);
	for (const [crc, symbol] of rows(wanted)) {
		const found = own.get(symbol as string);
		if (found !== crc)
			return {
				symbol: symbol as string,
				known: found !== undefined,
				wanted: `${symbol} ${crc}`,
				found: found === undefined ? `no ${symbol}` : `${symbol} ${found}`,
			};
	}
	return null;
}

function rows(content: Uint8Array): string[][] {
	return new TextDecoder()
		.decode(content)
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => line.split("\t"));
}

function lines(content: Uint8Array): number {
	const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
	let count = 0;
	for (let at = text.indexOf(10); at !== -1; at = text.indexOf(10, at + 1)) count++;
	return count;
}
