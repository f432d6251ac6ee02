import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { CheckFinding } from "../../checks/check.ts";
import { writeAtomically } from "../../host/files/files.ts";
import { journalFolder } from "../../tree/journal/index.ts";
import { areCallers } from "../../tree/own.ts";

/** Findings with whole layouts of many structures can be large; beyond this nothing is kept, and the next one compiles again. */
const LARGEST = 1024 * 1024;

const schema = v.object({
	key: v.string(),
	findings: v.array(
		v.looseObject({
			id: v.picklist(["vermagic", "module-layout", "struct-module", "btf", "instrumentation"]),
			status: v.picklist(["match", "note", "mismatch", "unknown", "skipped"]),
			expected: v.nullable(v.string()),
			actual: v.nullable(v.string()),
			evidence: v.array(v.object({ kind: v.string(), path: v.string() })),
			advice: v.nullable(v.looseObject({ commands: v.array(v.string()) })),
		}),
	),
});

/** What the last sync's probes showed, when it is of this `key` and the file is the caller's own; else null. */
export function readKeptProof(objtree: string, key: string): CheckFinding[] | null {
	const path = pathOf(objtree);
	try {
		const status = statSync(path, { throwIfNoEntry: false });
		if (!status?.isFile() || status.size > LARGEST) return null;
		if (!areCallers([objtree, journalFolder(objtree), path])) return null;
		const kept = v.safeParse(schema, JSON.parse(readFileSync(path, "utf8")));
		return kept.success && kept.output.key === key ? (kept.output.findings as CheckFinding[]) : null;
	} catch {
		return null;
	}
}

/** Keeps what was shown beside the journal (OBJTREE/.kprep/proof.json), where undo takes it away with the rest. */
export async function keepProof(objtree: string, key: string, findings: CheckFinding[]): Promise<void> {
	const text = JSON.stringify({ key, findings });
	if (text.length <= LARGEST) await writeAtomically(pathOf(objtree), text);
}

function pathOf(objtree: string): string {
	return join(journalFolder(objtree), "proof.json");
}
