import { instrumentationOf } from "../../kernel/config/instrumentation.ts";
import type { JudgedDrift } from "../../kernel/config/judge.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { printable } from "../../printable.ts";
import { targetWords } from "../../target/subject.ts";
import type { Action, WriteAction } from "../../tree/plan/action.ts";
import { checksText } from "../verify/checks.ts";
import type { SyncReport } from "./sync-report.ts";

const MOST_DRIFT = 20;
/** Diffs of longer files are counted, not shown. */
const MOST_LINES = 400;

/** A sync for people: the plan with what was done, drift, and the checks. */
export async function syncText(report: SyncReport): Promise<string> {
	const lines = [
		`strategy: ${report.strategy} (${report.reason})`,
		...cureLines(report),
		...report.plan.map(planLine),
	];
	if (report.verify === null) {
		for (const action of report.plan) lines.push(...(await diffLines(action)));
		return [...lines, "", "dry run: nothing was changed"].join("\n");
	}
	for (const { name, seconds } of report.stages) lines.push(`  make ${name}: ${seconds.toFixed(1)} s`);
	lines.push(...driftLines(report.drift));
	if (!report.applied) lines.push("", "nothing to do: the tree is in sync already");
	const { verdict, checks, tree, target } = report.verify;
	const head = [
		"",
		checksText(verdict, checks, tree, target.release === null ? null : String(target.release.value)),
	];
	const next =
		verdict === "mismatch"
			? []
			: [`next: make -C ${quoted(tree.output)} M=YOUR-MODULE modules, or ${buildCommand(report)}`];
	return [...lines, ...head, ...next].join("\n");
}

function buildCommand({ verify, spec }: SyncReport): string {
	return ["kprep build YOUR-MODULE", quoted(verify?.tree.path ?? "TREE"), ...targetWords(spec)].join(" ");
}

function cureLines({ cures }: SyncReport): string[] {
	return cures.flatMap(({ id, reason, code, cc = [], hostcc = [], variables = {} }) => {
		const settings = [
			cc.length === 0 ? "" : `CC with ${cc.join(" ")}`,
			hostcc.length === 0 ? "" : `HOSTCC with ${hostcc.join(" ")}`,
			...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
		].filter((words) => words !== "");
		const what = settings.length === 0 ? "" : ` (${settings.join(", ")})`;
		return [
			`  cure ${printable(`${id}: ${reason}${what}`)}`,
			...(code === null ? [] : [`       this can change code: ${printable(code)}`]),
		];
	});
}

function planLine({ id, summary, changed }: Action): string {
	return `  ${changed ? "*" : "="} ${id.padEnd(21)} ${printable(summary)}`;
}

/** What a difference can do, in a few words. */
function effectOf({ symbol, class: kind }: JudgedDrift): string {
	if (kind === "code") return instrumentationOf(symbol)?.stake ?? "";
	return {
		host: "a fact about this machine's tools",
		rust: "only modules in Rust feel it",
		options: "no module feels it",
		felt: "headers or build rules of modules ask for it",
	}[kind];
}

function driftLines(drift: JudgedDrift[]): string[] {
	if (drift.length === 0) return [];
	const rows = drift.slice(0, MOST_DRIFT).map((one) => {
		const { symbol, target, tree, cause } = one;
		const why = [effectOf(one), cause ?? ""].filter(Boolean).join("; ");
		return `  CONFIG_${symbol}: target ${target ?? "n"}, tree ${tree ?? "n"}${why ? ` (${printable(why)})` : ""}`;
	});
	const rest =
		drift.length > MOST_DRIFT ? [`  and ${drift.length - MOST_DRIFT} more (--json lists all)`] : [];
	return ["", `drift: ${drift.length} options differ from the target's`, ...rows, ...rest];
}

async function diffLines(action: Action): Promise<string[]> {
	if (action.kind !== "write" || !action.changed) return [];
	const { path, before, content } = action as WriteAction;
	if (typeof content !== "string" || (before !== null && typeof before !== "string"))
		return ["", `${path}: ${content.length} bytes`];
	if (Math.max(lineCount(before ?? ""), lineCount(content)) > MOST_LINES && !closeTo(before, content)) {
		return [
			"",
			`${path}: ${lineCount(content)} lines${before === null ? ", new" : `, instead of ${lineCount(before)}`}`,
		];
	}
	const { createTwoFilesPatch } = await import("diff");
	const patch = createTwoFilesPatch(
		before === null ? "/dev/null" : path,
		path,
		before ?? "",
		content,
		"",
		"",
		{ context: 2 },
	);
	return ["", ...patch.split("\n").slice(1).map(printable)];
}

/** A long file with few changes is worth its diff; a wholly new one is not. */
function closeTo(before: string | null, content: string): boolean {
	return before !== null && Math.abs(before.length - content.length) < 4096;
}

function lineCount(text: string): number {
	return text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
