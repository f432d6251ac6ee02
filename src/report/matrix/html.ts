import { escaped } from "../html/escaped.ts";
import { page } from "../html/page.ts";
import type { Cell, CellBoot, MatrixDocument, MatrixTarget } from "./document.ts";

/** The matrix as one page that needs nothing else: no script, no font, no picture; each cell opens to its causes and log. */
export function matrixHtml(document: MatrixDocument, written = new Date()): string {
	const { modules, targets, cells, seconds } = document;
	const loads = cells.filter(({ verdict }) => verdict === "loads").length;
	const head = modules.map(({ name }) => `<th>${escaped(name)}</th>`).join("");
	const rows = targets.map((target) => {
		const own = modules.map(({ name }) => {
			const cell = cells.find((one) => one.target === target.name && one.module === name);
			return cell === undefined ? "<td>-</td>" : cellHtml(cell);
		});
		return `<tr><th>${escaped(target.name)}<br><small>${escaped(target.release ?? "not known")}</small></th>${own.join("")}</tr>`;
	});
	return page(
		"kprep matrix",
		`<p>${loads} of ${cells.length} cells load; ${seconds.toFixed(1)} s; ${escaped(written.toISOString())}</p>
<table><thead><tr><th>target</th>${head}</tr></thead><tbody>
${rows.join("\n")}
</tbody></table>
${targets.map(targetHtml).join("\n")}`,
	);
}

const STAGES: Readonly<Record<CellBoot["stage"], string>> = {
	loaded: "loaded",
	init: "taken by the loader; its init function failed",
	loader: "refused by the loader",
	crashed: "the kernel did not survive it",
};

function cellHtml(cell: Cell): string {
	const { verdict, stage, errno, message, diagnosis, boot, kept, seconds } = cell;
	const word = verdict === "failed" ? `no ${stage}` : [verdict, errno].filter(Boolean).join(" ");
	const facts: [string, string | null][] = [
		["said", message],
		["cause", diagnosis?.title ?? null],
		["because", diagnosis?.cause || null],
		["try", [diagnosis?.remedy, ...(diagnosis?.commands ?? [])].filter(Boolean).join("\n") || null],
		[
			"boot",
			boot === null
				? null
				: `${STAGES[boot.stage]}${boot.errno === null ? "" : `, ${boot.errno}`} (${boot.accelerator}, ${boot.seconds.toFixed(1)} s)`,
		],
		["modules", cell.modules.map((one) => `${one.name}: ${one.verdict}`).join("\n") || null],
		["took", kept ? "unchanged since an earlier run" : `${seconds.toFixed(1)} s`],
	];
	const log = [...cell.log, ...(boot?.log ?? [])];
	return `<td class="${escaped(verdict)}"><details><summary>${escaped(word)}</summary>${list(facts)}${preformatted(log)}</details></td>`;
}

function targetHtml({
	name,
	release,
	source,
	verify,
	toolchain,
	drift,
	failed,
	exact,
	output,
	machine,
}: MatrixTarget): string {
	const facts: [string, string | null][] = [
		["kernel", [release, exact].filter(Boolean).join(", ") || null],
		["source", source === null ? null : `${source.from} (${source.version})`],
		["tree", source === null ? null : `${source.tree} -O ${output}`],
		["compiler", toolchain],
		["verified", verify],
		["made on", machine],
		["failed", failed === null ? null : `${failed.stage}: ${failed.message}`],
	];
	const lines = drift.map(
		({ symbol, target, tree, cause }) =>
			`CONFIG_${symbol}=${target} here ${tree ?? "n"}${cause === null ? "" : ` (${cause})`}`,
	);
	const options =
		lines.length === 0
			? ""
			: `<details><summary>${lines.length} options differ</summary>${preformatted(lines)}</details>`;
	return `<section><h2>${escaped(name)}</h2>${list(facts)}${options}</section>`;
}

function list(facts: [string, string | null][]): string {
	const known = facts.filter((pair): pair is [string, string] => pair[1] !== null);
	return `<dl>${known.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value).replaceAll("\n", "<br>")}</dd>`).join("")}</dl>`;
}

function preformatted(lines: string[]): string {
	return lines.length === 0 ? "" : `<pre>${escaped(lines.join("\n"))}</pre>`;
}
