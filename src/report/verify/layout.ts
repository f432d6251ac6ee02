import { findingText, type LayoutFinding, type RowSide, symbolText } from "../../kernel/layout/finding.ts";
import { printable } from "../../printable.ts";

const WIDTH = 80;
const HALF = (WIDTH - 3) / 2;
const MOST_STRUCTS = 4;
const MOST_ROWS = 40;

/** Structures that differ, for people: the sentence, the members side by side in 80 columns, the options behind them. */
export function layoutText(findings: readonly LayoutFinding[]): string {
	const first = findings.slice(0, MOST_STRUCTS).map(oneText);
	const others = findings.slice(MOST_STRUCTS).map((finding) => wrapped(findingText(finding)).join("\n"));
	return [...first, ...others].join("\n\n");
}

function oneText(finding: LayoutFinding): string {
	const { name, within, size, rows, symbols, unexplained, header } = finding;
	const lines = [
		...wrapped(findingText(finding)),
		...(within.length > 0 ? wrapped(`(inside ${held(within)})`) : []),
		"",
		`${pad(`target: struct ${name}, ${size.target} bytes`)} | tree: ${size.tree} bytes`,
		`${"-".repeat(Math.floor(HALF))}-+-${"-".repeat(Math.floor(HALF))}`,
	];
	for (const { target, tree, gap } of rows.slice(0, MOST_ROWS)) {
		if (gap !== undefined) lines.push(`${pad(`     ... ${gap} more`)} |`);
		else
			lines.push(`${pad(cell(target))} ${target && tree ? "|" : target ? "<" : ">"} ${cell(tree)}`.trimEnd());
	}
	if (rows.length > MOST_ROWS)
		lines.push(`${pad(`     ... ${rows.length - MOST_ROWS} more rows (--json)`)} |`);
	if (symbols.length > 0) lines.push("");
	for (const one of symbols) {
		lines.push(...wrapped(symbolText(one)));
		lines.push(...wrapped(`  it guards ${one.members.join(", ")}${header === null ? "" : ` (${header})`}`));
	}
	if (unexplained.length > 0)
		lines.push(
			...wrapped(
				`No option that differs explains ${unexplained.slice(0, 8).join(", ")}: is the tree of the same source?`,
			),
		);
	return lines.join("\n");
}

function held(within: string[]): string {
	const some = within.slice(0, 6).map((one) => `struct ${one}`);
	return some.join(", ") + (within.length > some.length ? ` and ${within.length - some.length} more` : "");
}

function cell(side: RowSide | null): string {
	if (side === null) return "";
	const text = `${String(side.offset).padStart(5)} ${printable(side.name)}  ${printable(side.type)}`;
	return text.length > HALF ? `${text.slice(0, Math.floor(HALF) - 1)}~` : text;
}

function pad(text: string): string {
	return text.slice(0, Math.floor(HALF)).padEnd(Math.floor(HALF));
}

function wrapped(text: string): string[] {
	const lines: string[] = [];
	let line = "";
	for (const word of printable(text).split(" ")) {
		if (line !== "" && line.length + 1 + word.length > WIDTH) {
			lines.push(line);
			line = `  ${word}`;
		} else line = line === "" ? word : `${line} ${word}`;
	}
	return [...lines, line];
}
