import { escaped } from "../html/escaped.ts";
import type { Cell, MatrixDocument } from "./document.ts";

/** The matrix as JUnit XML, as CI systems read it: a suite a target, a case a module. */
export function junitXml({ targets, cells, seconds }: MatrixDocument): string {
	const suites = targets.map(({ name, release }) => {
		const own = cells.filter(({ target }) => target === name);
		const attributes = [
			`name="${escaped(name)}"`,
			counts(own),
			`time="${time(own.reduce((sum, cell) => sum + cell.seconds, 0))}"`,
		].join(" ");
		const properties = `<properties><property name="release" value="${escaped(release ?? "")}"/></properties>`;
		return `  <testsuite ${attributes}>\n    ${properties}\n${own.map(testcase).join("")}  </testsuite>\n`;
	});
	return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kprep matrix" ${counts(cells)} time="${time(seconds)}">\n${suites.join("")}</testsuites>\n`;
}

function testcase(cell: Cell): string {
	const { target, module, seconds, log } = cell;
	const head = `    <testcase classname="${escaped(target)}" name="${escaped(module)}" time="${time(seconds)}">`;
	const output = log.length === 0 ? "" : `<system-out>${escaped(log.join("\n"))}</system-out>`;
	return `${head}${problem(cell)}${output}</testcase>\n`;
}

/** A verdict is a failure of the module; what never came to one is an error. */
function problem({ verdict, stage, errno, message, diagnosis }: Cell): string {
	if (verdict === "loads") return "";
	const tag = verdict === "failed" ? "error" : "failure";
	const type = verdict === "failed" ? stage : [verdict, errno].filter(Boolean).join(" ");
	const text = [diagnosis?.title, diagnosis?.cause, diagnosis?.remedy, ...(diagnosis?.commands ?? [])]
		.filter(Boolean)
		.join("\n");
	return `<${tag} type="${escaped(type)}" message="${escaped(message ?? type)}">${escaped(text)}</${tag}>`;
}

function counts(cells: Cell[]): string {
	const errors = cells.filter(({ verdict }) => verdict === "failed").length;
	const failures = cells.filter(({ verdict }) => !["loads", "failed"].includes(verdict)).length;
	return `tests="${cells.length}" failures="${failures}" errors="${errors}"`;
}

function time(seconds: number): string {
	return seconds.toFixed(3);
}
