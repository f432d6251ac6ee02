import { type Dirent, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { FormatError } from "../../formats/error.ts";
import { readDecompressed } from "../../host/archive/decompress.ts";
import { codeMarks } from "../../kernel/config/code-marks.ts";
import { INSTRUMENTATION, type Instrumentation, type Mark } from "../../kernel/config/instrumentation.ts";
import { advisedSync } from "../advised-sync.ts";
import type { CheckContext, CheckFinding, MarkDifference } from "../check.ts";
import { sourcesOf, unknownOf } from "../compare.ts";

/** How many of the target's modules are looked at, and how large: small enough to be quick, large enough to show all marks. */
const SAMPLE = 14;
const SIZES = { least: 4 * 1024, most: 120 * 1024 };
/** Fewer than these prove nothing by what they lack. */
const ENOUGH = 6;

/** Marks that need an occasion (an array on the stack, a call through a pointer): that a sample lacks them says little. */
const OCCASIONAL = new Set<Mark>([
	"ubsan",
	"indirect-thunk",
	"stack-guard-global",
	"stack-guard-task",
	"pac",
]);

/**
 * How the code of a module of this tree is called and instrumented, against the target's own modules. A mark that only
 * one side has counts by what becomes of a module for it (kernel/config/instrumentation.ts).
 */
export async function marksCheck(context: CheckContext, probe: Uint8Array): Promise<CheckFinding> {
	const { target } = context;
	const base: Pick<CheckFinding, "id" | "evidence"> = {
		id: "instrumentation",
		evidence: [...sourcesOf(target.modules), { kind: "probe", path: "kprep_deep.ko" }],
	};
	const sample = target.modules === null ? null : await sampleMarks(target.modules.value);
	const ours = codeMarks(probe);
	if (sample === null)
		return {
			...{ ...base, status: "unknown", expected: null, actual: words(ours) },
			advice: unknownOf("how its code is instrumented (its own modules show it)"),
		};
	const differences = markDifferences(sample.marks, ours, sample.count);
	const said = { ...base, expected: words(sample.marks), actual: words(ours), marks: differences };
	if (differences.length === 0) return { ...said, expected: said.actual, status: "match", advice: null };
	const unsafe = differences.filter((one) => consequence(one) === "unsafe");
	if (unsafe.length === 0) {
		const stakes = differences.map(({ mark }) => rowOf(mark)?.stake ?? mark);
		return {
			...said,
			...{
				status: "note",
				advice: null,
				why: `a module only does without, or has more: ${stakes.join("; ")}`,
			},
		};
	}
	const drift = context.drift();
	const symbols = unsafe.flatMap(({ mark }) => {
		const row = rowOf(mark);
		return drift.filter(({ symbol }) => row?.symbols.test(symbol)).map(({ symbol }) => symbol);
	});
	return {
		...{
			...said,
			status: "mismatch",
			effect: { kind: "unsafe", structs: [], symbols: [...new Set(symbols)] },
		},
		advice: { about: null, commands: [advisedSync(context)] },
	};
}

/** Marks that one side has and the other lacks, as far as the lack proves something. */
export function markDifferences(
	target: ReadonlySet<Mark>,
	tree: ReadonlySet<Mark>,
	count: number,
): MarkDifference[] {
	const found: MarkDifference[] = [];
	for (const mark of new Set([...target, ...tree])) {
		if (target.has(mark) === tree.has(mark)) continue;
		if (!target.has(mark) && (count < ENOUGH || OCCASIONAL.has(mark))) continue;
		found.push({ mark, target: Number(target.has(mark)), tree: Number(tree.has(mark)) });
	}
	return found;
}

function consequence({ mark, target, tree }: MarkDifference): "unsafe" | "harmless" {
	const row = rowOf(mark);
	return row === null ? "harmless" : target > tree ? row.lost : row.extra;
}

function rowOf(mark: Mark): Instrumentation | null {
	return INSTRUMENTATION.find(({ marks }) => marks.includes(mark)) ?? null;
}

function words(marks: ReadonlySet<Mark>): string {
	return marks.size === 0 ? "none" : [...marks].sort().join(", ");
}

async function sampleMarks(folder: string): Promise<{ marks: Set<Mark>; count: number } | null> {
	const marks = new Set<Mark>();
	let count = 0;
	for (const path of sampleOf(folder)) {
		try {
			for (const mark of codeMarks(await readDecompressed(path))) marks.add(mark);
			count++;
		} catch (error) {
			if (!(error instanceof FormatError) && !(error instanceof KprepError)) throw error;
		}
	}
	return count === 0 ? null : { marks, count };
}

/** Modules of middling size, spread over all that are there, the same ones each time. */
function sampleOf(folder: string): string[] {
	let entries: Dirent[];
	try {
		entries = readdirSync(folder, { recursive: true, withFileTypes: true });
	} catch {
		return [];
	}
	const fitting = entries
		.filter((entry) => entry.isFile() && /\.ko(?:\.(?:gz|xz|zst))?$/.test(entry.name))
		.map((entry) => join(entry.parentPath, entry.name))
		.sort()
		.filter((path) => {
			const { size } = statSync(path);
			return size >= SIZES.least && size <= SIZES.most;
		});
	const step = Math.max(1, Math.floor(fitting.length / SAMPLE));
	return fitting.filter((_, at) => at % step === 0).slice(0, SAMPLE);
}
