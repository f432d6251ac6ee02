import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isOn } from "../kernel/config.ts";
import type { Check, CheckResult } from "./check.ts";
import { sourcesOf } from "./compare.ts";

/** objtree's Module.symvers against the target's. */
export const symvers: Check = {
	id: "symvers",
	async run({ tree, target, targetConfig, syncCommand }): Promise<CheckResult> {
		const path = join(tree.output, "Module.symvers");
		const evidence = [...sourcesOf(target.symvers), { kind: "tree", path }];
		const present = existsSync(path) ? readFileSync(path) : null;
		const result = (
			status: CheckResult["status"],
			expected: string | null,
			actual: string | null,
			remedy: string | null,
		) => ({ id: "symvers", status, expected, actual, evidence, remedy }) as const;
		if (target.symvers === null) {
			const remedy =
				"install the target's headers, or name its image with -t: kprep can rebuild Module.symvers from it";
			return result("unknown", null, present === null ? null : `${lines(present)} symbols`, remedy);
		}
		const wanted = await target.symvers.read();
		if (present === null) {
			const versioned = targetConfig !== null && isOn(targetConfig, "MODVERSIONS");
			const why = versioned ? "no file: modules would carry no CRCs" : "no file";
			return result("mismatch", `${lines(wanted)} symbols`, why, syncCommand);
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
		return result("mismatch", missing.wanted, missing.found, syncCommand);
	},
};

/** The first symbol of `wanted` that `present` lacks or has with another CRC; null when all are there. */
function difference(wanted: Uint8Array, present: Uint8Array): { wanted: string; found: string } | null {
	const own = new Map<string, string>();
	for (const line of rows(present)) own.set(line[1] as string, line[0] as string);
	for (const [crc, symbol] of rows(wanted)) {
		const found = own.get(symbol as string);
		if (found !== crc)
			return {
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
