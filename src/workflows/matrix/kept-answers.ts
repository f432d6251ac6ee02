import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 } from "../../host/files/digest.ts";
import { writeAtomically } from "../../host/files/files.ts";
import { fileMark } from "../../host/files/mark.ts";
import { cacheFolder } from "../../host/machine/cache.ts";
import { findProgram } from "../../host/process/program.ts";
import type { Cell, MatrixTarget } from "../../report/matrix/document.ts";
import { FACTS } from "../../target/document.ts";
import type { Target } from "../../target/target.ts";
import { filesBelow } from "../../tree/digest.ts";

/** An answer of an earlier run, and everything that it depends on and that may have changed since. */
interface Kept {
	row: MatrixTarget;
	cell: Cell;
	/** Path → size and time: the target's files, the tree's, the compiler, the modules that were made. */
	marks: Record<string, string>;
}

/** What is told by no file's time. */
export interface AnswerKey {
	/** Section, lock entry and toolchain mode, as they are used. */
	target: unknown;
	/** Path of the module, and sha256 of its sources (of the .ko). */
	module: string;
	sources: string;
}

/** The answer for exactly this, if every file that it depends on is as it was; null when there is none. */
export function keptAnswer(key: AnswerKey): Pick<Kept, "row" | "cell"> | null {
	const path = pathOf(key);
	if (!existsSync(path)) return null;
	try {
		const { row, cell, marks } = JSON.parse(readFileSync(path, "utf8")) as Kept;
		if (!Object.entries(marks).every(([file, mark]) => fileMark(file) === mark)) return null;
		return { row, cell: { ...cell, kept: true } };
	} catch {
		return null;
	}
}

/** Keeps a verdict for the next run. What never came to one is tried again each time. */
export async function keepAnswer(
	key: AnswerKey,
	row: MatrixTarget,
	cell: Cell,
	target: Target,
	compilers: readonly string[],
): Promise<void> {
	if (cell.verdict === "failed" || cell.stage === "boot") return;
	await keep(key, row, cell, filesOf(row, cell, target, compilers));
}

/** Keeps that a target's source cannot have its options (sync's "options-elsewhere"): its Kconfig files alone decide it. */
export async function keepRefusal(
	key: AnswerKey,
	row: MatrixTarget,
	cell: Cell,
	target: Target,
): Promise<void> {
	if (row.source === null) return;
	const { tree } = row.source;
	const kconfig = filesBelow(tree).filter((path) => /^Kconfig/.test(basename(path)));
	await keep(key, row, cell, [...filesOf(row, cell, target, []), ...kconfig.map((path) => join(tree, path))]);
}

function filesOf(row: MatrixTarget, cell: Cell, target: Target, compilers: readonly string[]): string[] {
	return [
		...FACTS.flatMap((fact) => {
			const known = target[fact];
			return known === null ? [] : [known.source.path, String(known.value)];
		}).filter((path) => path.startsWith("/")),
		...(row.source === null ? [] : [join(row.source.tree, "Makefile"), join(row.source.tree, "Kconfig")]),
		...(row.output === null
			? []
			: [".config", "Module.symvers", ".kprep/journal.json", "include/config/kernel.release"].map((name) =>
					join(row.output ?? "", name),
				)),
		...cell.modules.map(({ path }) => path),
		...compilers.map((name) => findProgram(name) ?? name),
	];
}

async function keep(key: AnswerKey, row: MatrixTarget, cell: Cell, files: string[]): Promise<void> {
	const marks = Object.fromEntries(files.map((file) => [file, fileMark(file)]));
	const path = pathOf(key);
	mkdirSync(join(path, ".."), { recursive: true });
	await writeAtomically(path, JSON.stringify({ row, cell, marks } satisfies Kept));
}

/** Another kprep may answer otherwise: its own file stands for it, which in a bundle names those that it imports by their content. */
function pathOf(key: AnswerKey): string {
	const own = import.meta.url.startsWith("file:") ? fileURLToPath(import.meta.url) : process.execPath;
	const text = JSON.stringify([sha256(readFileSync(own)), key.target, key.module, key.sources]);
	return join(cacheFolder(), "matrix", "answers", `${sha256(text).slice(0, 32)}.json`);
}
