import type { CheckResult, Effect } from "../../checks/check.ts";
import { findingText, type LayoutFinding, type RowSide, symbolText } from "../../kernel/layout/finding.ts";
import type { VerifyReport } from "../verify/verify-report.ts";
import { escaped } from "./escaped.ts";
import { cell, facts, foldable, page, preformatted, table } from "./page.ts";

/** A report of verify as one page: each check opens to what stands behind it, structures lie side by side. */
export function verifyHtml({ verdict, target, tree, checks, boot }: VerifyReport): string {
	const where = tree.path === tree.output ? tree.path : `${tree.path} -O ${tree.output}`;
	const compared = checks.filter(({ status, expected }) => status !== "skipped" || expected !== null);
	const layouts = checks.flatMap(({ layouts = [] }) => layouts);
	return page(
		`${verdict}: ${where} for ${target.release?.value ?? "an unknown kernel"}`,
		[
			facts([
				["kernel", [target.release?.value, target.version?.value].filter(Boolean).join(", ")],
				["its vermagic", target.vermagic === null ? null : String(target.vermagic.value)],
				["its compiler", target.compiler === null ? null : String(target.compiler.value)],
				["tree", `${tree.version}${tree.release === null ? "" : `, prepared as ${tree.release}`}`],
			]),
			table(["check", "status", "what stands behind it"], compared.map(checkRow)),
			...layouts.map(layoutSection),
			boot === null ? "" : `<section><h2>Boot</h2>${preformatted(boot.log)}</section>`,
		].join("\n"),
	);
}

function checkRow(check: CheckResult): string {
	const { id, status, expected, actual, evidence, remedy, commands, why, effect, diagnosis } = check;
	const short = actual ?? expected ?? "";
	const inner = facts([
		["expected", expected],
		["found", actual],
		["why it does not count", why],
		["effect", effect === null ? null : effectText(effect)],
		["about", diagnosis === undefined ? null : `${diagnosis.title} (kprep explain ${diagnosis.id})`],
		["try", remedy],
		["read in", evidence.map(({ kind, path }) => `${path} (${kind})`).join("\n")],
	]);
	const summary = short.length > 90 ? `${short.slice(0, 90)}…` : short || "more";
	const body = foldable(summary, `${inner}${preformatted(commands)}`, status === "mismatch");
	return `<tr><th>${escaped(id)}</th>${cell(status, status)}<td>${body}</td></tr>`;
}

/** From a refusal or danger down to the options behind it. */
function effectText(effect: Effect): string {
	if (effect.kind === "unbuilt") return effect.message;
	if (effect.kind === "refused") return `refused, ${effect.errno}: ${effect.message}`;
	const structs = effect.structs.map(
		({ name, size: [target, tree], members, symbols }) =>
			`struct ${name}: ${target} bytes in the target, ${tree} here${members.length > 0 ? `; ${members.join(", ")}` : ""}${symbols.length > 0 ? ` <- ${symbols.map((one) => `CONFIG_${one}`).join(", ")}` : ""}`,
	);
	return ["not safe", ...structs, ...effect.symbols.map((symbol) => `CONFIG_${symbol}`)].join("\n");
}

function layoutSection(finding: LayoutFinding): string {
	const { name, size, rows, symbols, header, unexplained } = finding;
	const side = (one: RowSide | null) =>
		one === null ? cell("-", "differs") : cell(`${one.offset}  ${one.type} ${one.name}`);
	const members = rows.map(({ target, tree, gap }) =>
		gap !== undefined
			? `<tr><td colspan="2">… ${gap} more</td></tr>`
			: `<tr${target?.offset === tree?.offset ? "" : ' class="differs"'}>${side(target)}${side(tree)}</tr>`,
	);
	return `<section><h2>struct ${escaped(name)}</h2><p>${escaped(findingText(finding))}</p>${facts([
		["options", symbols.map(symbolText).join("\n")],
		["members that no option explains", unexplained.join(", ")],
		["declared in", header],
	])}${table([`target: ${size.target} bytes`, `tree: ${size.tree} bytes`], members)}</section>`;
}
