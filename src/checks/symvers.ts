import { existsSync } from "node:fs";
import { join } from "node:path";
import { regularStream } from "../host/files/regular.ts";
import { isOn } from "../kernel/config/config.ts";
import { countRows, type Row, rowOf, WantedRows } from "../kernel/symvers/wanted-rows.ts";
import type { Advice, Check, CheckFinding } from "./check.ts";
import { sourcesOf, unknownOf } from "./compare.ts";

/** objtree's Module.symvers against the target's. */
export const symvers: Check = {
	id: "symvers",
	async run({ tree, target, targetConfig, syncCommand }): Promise<CheckFinding> {
		const path = join(tree.output, "Module.symvers");
		const evidence = [...sourcesOf(target.symvers), { kind: "tree", path }];
		const present = existsSync(path);
		const result = (
			status: CheckFinding["status"],
			expected: string | null,
			actual: string | null,
			advice: Advice | null,
		) => ({ id: "symvers", status, expected, actual, evidence, advice }) as const;
		if (target.symvers === null) {
			const actual = present ? `${(await compared(path, new Uint8Array(0))).rows} symbols` : null;
			return result("unknown", null, actual, unknownOf("its exports (Module.symvers or an image)"));
		}
		const wanted = await target.symvers.read();
		if (!present) {
			const versioned = targetConfig !== null && isOn(targetConfig, "MODVERSIONS");
			const why = versioned ? "no file: modules would carry no CRCs" : "no file";
			return result("mismatch", `${countRows(wanted)} symbols`, why, {
				about: "symvers-missing",
				facts: { file: "Module.symvers" },
				commands: [syncCommand],
			});
		}
		const { equal, rows } = await compared(path, wanted);
		if (equal) return result("match", `${rows} symbols`, `${rows} symbols`, null);
		const table = new WantedRows(wanted);
		const missing = await difference(table, path);
		if (missing === null)
			return result("match", `${table.count} symbols`, `${rows} symbols, the target's among them`, null);
		const { symbol } = missing;
		return result("mismatch", missing.wanted, missing.found, {
			about: "symvers-differs",
			facts: { symbol },
			commands: [syncCommand],
		});
	},
};

interface Difference {
	symbol: string;
	wanted: string;
	found: string;
}

/** The first symbol of the target's table that the tree's lacks or has with another CRC; null when all are there. */
async function difference(wanted: WantedRows, path: string): Promise<Difference | null> {
	await eachPart(path, (lines) => wanted.look(lines));
	const missing = wanted.missing();
	if (missing === null) return null;
	const { crc, symbol } = missing;
	let row: Row | null = null;
	await eachPart(path, (lines) => {
		row = rowOf(symbol, lines) ?? row;
	});
	const found = row as Row | null;
	return {
		symbol,
		wanted: `${symbol} ${crc}`,
		found: found === null ? `no ${symbol}` : `${symbol} ${found.crc}`,
	};
}

/** Whether the file holds just these bytes, and how many lines; read in parts. */
async function compared(path: string, wanted: Uint8Array): Promise<{ equal: boolean; rows: number }> {
	let at = 0;
	let equal = true;
	let rows = 0;
	await eachPart(path, (lines) => {
		equal &&= Buffer.compare(wanted.subarray(at, at + lines.length), lines) === 0;
		at += lines.length;
		rows += countRows(lines);
	});
	return { equal: equal && at === wanted.length, rows };
}

/** No line of a Module.symvers is longer by far; what is goes as it comes. */
const LONGEST_LINE = 1024 * 1024;

/** The file as parts that end with a line. */
async function eachPart(path: string, visit: (lines: Uint8Array) => void): Promise<void> {
	let rest: Buffer = Buffer.alloc(0);
	for await (const chunk of regularStream(path)) {
		const text = Buffer.concat([rest, chunk as Buffer]);
		const end = text.length > LONGEST_LINE * 2 ? text.length : text.lastIndexOf("\n") + 1;
		if (end > 0) visit(text.subarray(0, end));
		rest = text.subarray(end);
	}
	if (rest.length > 0) visit(rest);
}
