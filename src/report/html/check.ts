import {
	answerOf,
	type CheckDocument,
	type CheckedModule,
	foretoldWrong,
} from "../../kernel/loader/verdict.ts";
import { bootText } from "../check.ts";
import { escaped } from "./escaped.ts";
import { cell, facts, foldable, page, preformatted, table } from "./page.ts";

/** The verdicts of check as one page: each module opens to what the kernel would say, and why. */
export function checkHtml({ target, modules }: CheckDocument): string {
	const loads = modules.filter((module) => answerOf(module).verdict === "loads").length;
	return page(
		`${loads} of ${modules.length} modules load on ${target}`,
		table(["module", "verdict", "why"], modules.map(moduleRow)),
	);
}

function moduleRow(module: CheckedModule): string {
	const { path, message, messages, reasons, taints, warnings, needs, caveats, boot } = module;
	const { verdict, errno } = answerOf(module);
	const foretold = [module.verdict, module.errno].filter(Boolean).join(", ");
	const inner = [
		preformatted(messages),
		...reasons.map(({ id, expected, actual, remedy }) =>
			facts([
				["reason", id],
				["expected", expected],
				["found", actual],
				["try", remedy],
			]),
		),
		facts([
			["loaded before it", needs.join(", ")],
			["taints", taints.map(({ flag, message: line }) => `${flag}  ${line}`).join("\n")],
			["warnings", warnings.join("\n")],
			["open", caveats.map(({ text, remedy }) => `${text} (${remedy})`).join("\n")],
		]),
		boot === undefined
			? ""
			: `<p>in the booted kernel: ${escaped(bootText(boot))}</p>${preformatted(boot.log)}`,
	].join("");
	const wrong = foretoldWrong(module) ? `the boot shows it; foretold was: ${foretold}` : null;
	const summary = wrong ?? message ?? reasons[0]?.id ?? (verdict === "loads" ? "nothing against it" : "more");
	return `<tr><th>${escaped(path)}</th>${cell([verdict, errno].filter(Boolean).join(", "), verdict)}<td>${foldable(summary, inner, verdict !== "loads")}</td></tr>`;
}
