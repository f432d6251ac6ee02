import { sha256OfFile } from "../../host/files/digest.ts";
import type { Progress } from "../../host/progress.ts";
import type { ProjectTarget } from "../../kernel/project/targets.ts";
import type { Cell, MatrixTarget } from "../../report/matrix/document.ts";
import { isElsewhere } from "../../target/subject.ts";
import type { Target } from "../../target/target.ts";
import { bootCells } from "./boot.ts";
import { runCell } from "./cell.ts";
import { type AnswerKey, keepAnswer, keepRefusal, keptAnswer } from "./kept-answers.ts";
import { entryOf, type LockEntry, type LockFile } from "./lock-file.ts";
import type { MatrixModule } from "./modules.ts";
import { failureOf, prepareTarget, type Ready, type Shared } from "./prepare.ts";
import { copyRoot, digestOf } from "./sources.ts";
import { recorded, StageFailure } from "./stage.ts";

/** What all rows of a matrix share. */
export interface Matrix extends Shared {
	lock: LockFile;
	modules: readonly MatrixModule[];
	boot: boolean;
	prepare: boolean;
	/** Files in the project that are no sources. */
	left: ReadonlySet<string>;
}

/** A section, as it is used and as it is written, and what the lock file has for it. */
export interface Section {
	section: ProjectTarget;
	written: ProjectTarget;
	entry: LockEntry | null;
}

export interface Row {
	target: MatrixTarget;
	cells: Cell[];
}

/** One target: made ready, its modules built and checked, or their kept answers taken. Only an interruption is thrown. */
export async function runTarget(section: Section, matrix: Matrix, progress: Progress): Promise<Row> {
	try {
		return (await keptRow(section, matrix, progress)) ?? (await freshRow(section, matrix, progress));
	} finally {
		await progress.done();
	}
}

/** The row as an earlier run had it, when none of its cells has to be looked at again. */
async function keptRow(section: Section, matrix: Matrix, progress: Progress): Promise<Row | null> {
	const { entry } = section;
	if (entry === null || matrix.modules.length === 0) return null;
	const found: NonNullable<ReturnType<typeof keptAnswer>>[] = [];
	for (const module of matrix.modules) {
		const answer = keptAnswer(await keyOf(module, section, entry, matrix));
		if (answer === null) return null;
		found.push(answer);
	}
	const cells = found.map(({ cell }) => cell);
	const [{ row }] = found as [(typeof found)[number]];
	if (matrix.boot && row.failed === null) {
		const ready = await prepareTarget(followed(section), { ...row }, false, matrix, progress);
		await bootCells(cells, ready, matrix, progress);
	}
	return { target: row, cells };
}

async function freshRow(section: Section, matrix: Matrix, progress: Progress): Promise<Row> {
	const { name } = section.section;
	const started = Date.now();
	const prepared = recorded(progress);
	const target = blank(section.section);
	const cells: Cell[] = [];
	const seen: Seen = { target: null, entry: null };
	try {
		const { ready, entry } = await readied(section, target, matrix, prepared.progress, seen);
		target.seconds = (Date.now() - started) / 1000;
		for (const module of matrix.modules) {
			const begun = Date.now();
			const own = recorded(progress);
			const outcome = await runCell(module, ready, matrix, own.progress);
			const cell: Cell = {
				...{ target: name, module: module.name, ...outcome, kept: false, boot: null },
				...{ seconds: (Date.now() - begun) / 1000, log: own.lines() },
			};
			cells.push(cell);
			const key = await keyOf(module, section, entry, matrix);
			await keepAnswer(key, target, cell, ready.target, ready.compilers);
		}
		if (matrix.boot) await bootCells(cells, ready, matrix, progress);
	} catch (error) {
		if (!(error instanceof StageFailure)) throw error;
		target.seconds = (Date.now() - started) / 1000;
		const row = failedRow(target, error, matrix.modules, cells, prepared.lines());
		if (error.stage === "sync" && error.error.code === "options-elsewhere")
			await keepRefused(row, section, matrix, seen);
		return row;
	}
	return { target, cells };
}

/** A row that will fail again as long as the target and its source are the same. */
async function keepRefused(row: Row, section: Section, matrix: Matrix, seen: Seen): Promise<void> {
	if (seen.target === null || seen.entry === null) return;
	for (const [at, cell] of row.cells.entries()) {
		const key = await keyOf(matrix.modules[at] as MatrixModule, section, seen.entry, matrix);
		await keepRefusal(key, row.target, cell, seen.target);
	}
}

/** The row of a target that could not be made ready: the modules that have no cell yet fail with it. */
export function failedRow(
	target: MatrixTarget,
	failure: StageFailure,
	modules: readonly MatrixModule[],
	cells: readonly Cell[] = [],
	log: string[] = [],
): Row {
	const failed = failureOf(failure, target);
	const rest = modules.slice(cells.length).map(
		({ name }): Cell => ({
			...{ target: target.name, module: name, ...failed, verdict: "failed", errno: null },
			...{ seconds: target.seconds, kept: false, modules: [], boot: null, log },
		}),
	);
	return { target: { ...target, failed }, cells: [...cells, ...rest] };
}

/** What is known of a target before anything is built for it. */
interface Seen {
	target: Target | null;
	entry: LockEntry | null;
}

/** The target made ready and held against the lock file: the kernel before anything is built for it, the rest at the end. */
async function readied(
	section: Section,
	row: MatrixTarget,
	matrix: Matrix,
	progress: Progress,
	seen: Seen,
): Promise<{ ready: Ready; entry: LockEntry }> {
	const build = matrix.prepare || matrix.modules.some(({ kind }) => kind === "folder");
	const { written } = section;
	const exact = () => (isElsewhere(section.section) ? row.exact : null);
	const ready = await prepareTarget(followed(section), row, build, matrix, progress, async (target) => {
		const known = await entryOf(written, target, { target: exact(), source: null, toolchain: null });
		seen.target = target;
		seen.entry = matrix.lock.resolved(section.section.name, known);
	});
	const found = seen.entry as LockEntry;
	if (row.source === null) return { ready, entry: found };
	const { tree, from, version } = row.source;
	const source = tree === from ? null : { from, version };
	return {
		ready,
		entry: matrix.lock.resolved(section.section.name, { ...found, source, toolchain: row.toolchain }),
	};
}

/** The section with what the lock file pins in the place of what it asks for. */
function followed({ section, entry }: Section): ProjectTarget {
	if (entry === null) return section;
	return {
		...section,
		...(entry.target === null ? {} : { target: entry.target }),
		...(entry.source === null ? {} : { source: entry.source.from }),
	};
}

async function keyOf(
	{ path, kind }: MatrixModule,
	{ section }: Section,
	entry: LockEntry,
	{ left, once, targetsFile, toolchain }: Matrix,
): Promise<AnswerKey> {
	const root = copyRoot(path, targetsFile);
	const sources = await once.do(`digest ${path}`, async () =>
		kind === "ko" ? sha256OfFile(path) : digestOf(root, left),
	);
	return { target: { section, entry, toolchain }, module: path, sources };
}

/** A target of which nothing is known yet. */
export function blank({ name, target, sysroot, config }: ProjectTarget): MatrixTarget {
	return {
		...{ name, spec: { target, sysroot, config }, release: null, exact: null, source: null, output: null },
		...{ verify: null, toolchain: null, drift: [], seconds: 0, failed: null, machine: null },
	};
}
