import type { Limit } from "../host/machine/limits.ts";
import { remedyFor } from "../kernel/failures/catalogue.ts";
import { quoted } from "../kernel/shell-word.ts";
import { printable } from "../printable.ts";
import { sizeText } from "../size.ts";
import type { ForeignProgram } from "../tree/host-programs.ts";

/** A needed thing and what of it is on this machine, as --json prints it. */
export interface ToolReport {
	name: string;
	needed_for: string;
	/** Path; null when it is not here. */
	found: string | null;
	version: string | null;
	required: string | null;
	/** The package that has it on this distribution; null when the tables do not know. */
	package: string | null;
	/** This machine's own package lists have that package; null: there are none to ask. */
	available: boolean | null;
	/** What `kprep toolchain get` brings where they do not, and the bytes of the download. */
	bring: { package: string; from: string; size: number } | null;
	/** Here, and new enough. */
	ok: boolean;
	/** false: something is possible without it. */
	must: boolean;
}

/** Something that this machine's tools do to the tree. */
export interface TreeTrouble {
	id: string;
	title: string;
	reason: string;
	/** A sync cures it. */
	cured: boolean;
	/** How the cure can change code; null when it cannot. */
	code: string | null;
	/** What to do where there is no cure. */
	remedy: string | null;
}

/** The whole answer of `kprep doctor`, as --json prints it. */
export interface DoctorReport {
	/** Release of the target; null when none was found, and the tree or nothing was asked instead. */
	target: string | null;
	tree: string | null;
	distribution: string | null;
	tools: ToolReport[];
	/** Names of tools that must be there and are not. */
	missing: string[];
	/** The line that installs all that is missing, the useful included; null when nothing is, or no package is known. */
	install: string | null;
	limits: Limit[];
	/** Compiled programs in the tree that cannot run here. */
	foreign: ForeignProgram[];
	/** What this machine's tools do to the tree. */
	troubles: TreeTrouble[];
	/** Development aids that the target kernel lacks. */
	aids: { symbol: string; what: string }[];
}

/**
 * One line a tool, what is missing first; then what else stands in the way, and what to type next: for the target that
 * `target`, words of a shell, names.
 */
export function doctorText(report: DoctorReport, target: string[]): string {
	const rank = (tool: ToolReport) => (tool.ok ? 2 : tool.must ? 0 : 1);
	const tools = [...report.tools].sort((a, b) => rank(a) - rank(b));
	const rows = tools.map((tool) => [STATES[rank(tool)] ?? "", nameOf(tool), hereOf(tool), tool.needed_for]);
	const about = [
		report.target ?? "no kernel",
		report.tree ?? "no tree",
		report.distribution ?? "unknown system",
	];
	return [
		printable(`for ${about[0]}, ${about[1]}, on ${about[2]}`),
		...table(rows),
		...section(
			"in the way:",
			[
				...report.limits.map(({ problem, remedy }) => `${problem}: ${remedy}`),
				...report.foreign.map(({ path, why }) => `${path}: ${why}`),
				...(report.foreign.length === 0 ? [] : [remedyFor("host-tools-wrong-arch")]),
			].map(printable),
		),
		...section("this machine does to this tree, and kprep sync cures:", troubleLines(report.troubles, true)),
		...section("this machine does to this tree, and there is no cure:", troubleLines(report.troubles, false)),
		...section(
			"this kernel lacks, and only another kernel has:",
			report.aids.map(({ symbol, what }) => `CONFIG_${symbol}: ${what}`),
		),
		...section("next:", [next(report, target)]),
	].join("\n");
}

function troubleLines(troubles: TreeTrouble[], cured: boolean): string[] {
	return troubles
		.filter((one) => one.cured === cured)
		.map(({ id, reason, code, remedy }) =>
			printable(
				[`${id}: ${reason}`, code === null ? "" : "(can change code)", remedy ?? ""]
					.filter(Boolean)
					.join(" "),
			),
		);
}

const STATES = ["missing", "advised", "ok"];

function nameOf({ name, required }: ToolReport): string {
	return required === null || name.endsWith(`-${required}`) ? name : `${name} >= ${required}`;
}

function hereOf(tool: ToolReport): string {
	const { found, version, ok } = tool;
	const here = found === null ? "" : printable(`${version ?? ""} ${found}`.trim());
	return [here, ok ? "" : hadFrom(tool)].filter(Boolean).join("; ");
}

function hadFrom({ package: holder, available, bring }: ToolReport): string {
	if (bring !== null) return printable(`kprep brings ${bring.package}, ${sizeText(bring.size)}`);
	if (holder === null) return "no known package";
	return available === false ? `no package here (${holder} is not in the lists)` : `package ${holder}`;
}

function next({ missing, install, tree, limits, tools }: DoctorReport, target: string[]): string {
	const command = (...words: string[]) => ["kprep", ...words, ...target].join(" ");
	if (missing.length > 0 && install !== null)
		return `${command("doctor", ...(tree === null ? [] : [quoted(tree)]), "--fix")}   (runs: ${install})`;
	if (tools.some(({ ok, bring }) => !ok && bring !== null)) return command("toolchain", "get");
	if (limits.some(({ certain }) => certain)) return "what stands in the way, then kprep doctor again";
	return tree === null ? command("source", "list") : command("sync", quoted(tree));
}

function table(rows: string[][]): string[] {
	const width = (column: number) => Math.min(40, Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	const widths = [0, 1, 2].map(width);
	return rows.map((row) =>
		row
			.map((cell, at) => cell.padEnd(widths[at] ?? 0))
			.join("  ")
			.trimEnd(),
	);
}

function section(title: string, lines: string[]): string[] {
	return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}
