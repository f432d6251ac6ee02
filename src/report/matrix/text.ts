import { printable } from "../../printable.ts";
import { hung } from "../wrap.ts";
import type { Cell, MatrixDocument, MatrixTarget } from "./document.ts";

/** Names that a cell's word is looked up by. */
type Row = { target: MatrixTarget; words: string[] };

/**
 * The matrix for people, in `width` columns: a line a target with a word a module, then the first cause of every cell that
 * does not load, alike ones together.
 */
export function matrixText(document: MatrixDocument, width = 80): string {
	const { modules, targets, cells } = document;
	if (modules.length === 0) return preparedText(document, width);
	const rows: Row[] = targets.map((target) => ({
		target,
		words: modules.map((module) => wordOf(cells.find((cell) => isOf(cell, target, module)))),
	}));
	return [
		...table(
			rows,
			modules.map(({ name }) => printable(name)),
			width,
		),
		...causes(cells, width),
		...failedInits(cells, width),
		"",
		summary(document),
	].join("\n");
}

function isOf(cell: Cell, target: MatrixTarget, module: { name: string }): boolean {
	return cell.target === target.name && cell.module === module.name;
}

/** "loads", "refused EINVAL", "no build". */
function wordOf(cell: Cell | undefined): string {
	if (cell === undefined) return "-";
	if (cell.verdict === "failed") return `no ${cell.stage}`;
	return [cell.verdict, cell.errno].filter(Boolean).join(" ");
}

/** Modules side by side as far as they fit; the table is repeated for the rest. */
function table(rows: Row[], names: string[], width: number): string[] {
	const left = rows.map(
		({ target }) => [printable(target.name), printable(target.release ?? "not known")] as const,
	);
	const sizes = [0, 1].map((at) => Math.max(6, ...left.map((pair) => (pair[at] as string).length))) as [
		number,
		number,
	];
	// A release that is the name again tells nothing.
	const releases = left.some(([name, release]) => name !== release);
	const head = (name: string, release: string) =>
		`${name.padEnd(sizes[0])}${releases ? `  ${release.padEnd(sizes[1])}` : ""}`;
	const columns = names.map((name, at) =>
		Math.max(name.length, ...rows.map(({ words }) => words[at]?.length ?? 0)),
	);
	const room = Math.max(24, width - head("", "").length);
	const lines: string[] = [];
	for (let from = 0; from < names.length; ) {
		let to = from;
		for (let used = 0; to < names.length; to++) {
			used += 2 + (columns[to] as number);
			if (used > room && to > from) break;
		}
		const part = (words: string[]) =>
			words
				.slice(from, to)
				.map((word, at) => `  ${word.padEnd(columns[from + at] as number)}`)
				.join("");
		if (from > 0) lines.push("");
		lines.push(`${head("target", "kernel")}${part(names)}`.trimEnd());
		for (const [at, { words }] of rows.entries())
			lines.push(`${head(...(left[at] as [string, string]))}${part(words)}`.trimEnd());
		from = to;
	}
	return lines;
}

/** Cells with the same cause stand together: a missing compiler is told once. */
function causes(cells: Cell[], width: number): string[] {
	const groups = new Map<string, Cell[]>();
	for (const cell of cells) {
		if (cell.verdict === "loads") continue;
		const key = JSON.stringify([cell.stage, cell.message, cell.diagnosis]);
		groups.set(key, [...(groups.get(key) ?? []), cell]);
	}
	return [...groups.values()].flatMap((group) => {
		const [cell] = group as [Cell];
		const where = group.map(({ target, module }) => printable(`${target} ${module}`));
		const shown = where.length > 4 ? [...where.slice(0, 3), `${where.length - 3} more`] : where;
		const lines = [
			"",
			hung(
				`${shown.join(", ")}: ${cell.verdict === "failed" ? `${cell.stage} failed` : cell.verdict}`,
				"",
				width,
			),
		];
		const add = (label: string, text: string) =>
			lines.push(hung(printable(text), `  ${label.padEnd(9)} `, width));
		if (cell.message !== null) add(cell.verdict === "failed" ? "error:" : "kernel:", cell.message);
		const { diagnosis } = cell;
		if (diagnosis === null) return lines;
		if (diagnosis.title !== cell.message) add("cause:", diagnosis.title);
		if (diagnosis.cause !== "") add("because:", diagnosis.cause);
		for (const command of new Set([diagnosis.remedy, ...diagnosis.commands].filter(Boolean).slice(0, 3)))
			add("try:", command);
		return lines;
	});
}

/** Cells that load, and whose init function found nothing to work with in the emulator. */
function failedInits(cells: Cell[], width: number): string[] {
	const failed = cells.filter(({ verdict, boot }) => verdict === "loads" && boot?.stage === "init");
	return failed.flatMap(({ target, module, boot }) => [
		"",
		hung(
			printable(`${target} ${module}: its init function failed in the emulator, ${boot?.errno}`),
			"",
			width,
		),
	]);
}

function preparedText({ targets, seconds }: MatrixDocument, width: number): string {
	const lines = targets.flatMap(({ name, release, failed, verify, source, output }) => {
		const what = printable(`${name} (${release ?? "not known"})`);
		if (failed === null)
			return [
				`${what}: ready${verify === null || verify === "match" ? "" : `, ${verify}`}`,
				`  ${printable(`${source?.tree} -O ${output}`)}`,
			];
		return [
			`${what}: ${failed.stage} failed`,
			hung(printable(failed.message), "  error:    ", width),
			...(failed.diagnosis.remedy === ""
				? []
				: [hung(printable(failed.diagnosis.remedy), "  try:      ", width)]),
		];
	});
	const ready = targets.filter(({ failed }) => failed === null).length;
	return [...lines, "", `${ready} of ${targets.length} targets are ready (${seconds.toFixed(1)} s)`].join(
		"\n",
	);
}

function summary({ cells, seconds }: MatrixDocument): string {
	const loads = cells.filter(({ verdict }) => verdict === "loads").length;
	const kept = cells.filter((cell) => cell.kept).length;
	const old = kept === 0 ? "" : `, ${kept} unchanged since an earlier run`;
	return `${loads} of ${cells.length} cells load${old} (${seconds.toFixed(1)} s)`;
}
