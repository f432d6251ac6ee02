import type { CheckResult, CheckStatus, Effect } from "../../checks/check.ts";
import { printable } from "../../printable.ts";
import { hung } from "../wrap.ts";
import type { VerifyReport } from "./verify-report.ts";

const SIGN: Record<CheckStatus, string> = {
	match: "ok",
	note: "~",
	mismatch: "NO",
	unknown: "?",
	skipped: "-",
};
const WIDTH = 15;
const LONGEST = 100;
const SHOWN = 6;

/** What a report of checks says in the end. */
function endOf(verdict: VerifyReport["verdict"], checks: CheckResult[]): string {
	if (verdict === "match") return "match: a module built in this tree loads on the target";
	if (verdict === "unproven")
		return "unproven: nothing that counts differs, but release, config and vermagic could not all be compared";
	const effects = checks.flatMap(({ status, effect }) => (status === "mismatch" && effect ? [effect] : []));
	const kinds = new Set(effects.map(({ kind }) => kind));
	if (kinds.has("unbuilt")) return "mismatch: no module can be built in this tree";
	if (kinds.has("refused")) return "mismatch: the target refuses a module that is built in this tree";
	if (kinds.has("unsafe"))
		return "mismatch: the target may take a module that is built in this tree, and is not safe with it";
	return "mismatch: a module built in this tree would not be what the target needs";
}

/** What becomes of a module, in one line. */
function effectText(effect: Effect): string {
	if (effect.kind === "unbuilt") return effect.message;
	if (effect.kind === "refused") return `refused, ${effect.errno}: ${effect.message}`;
	const structs = effect.structs.map(({ name }) => `struct ${name}`);
	const symbols = effect.symbols.map((symbol) => `CONFIG_${symbol}`);
	const all = [...structs, ...symbols];
	const rest = all.length > SHOWN ? ` and ${all.length - SHOWN} more` : "";
	return `not safe: ${all.slice(0, SHOWN).join(", ")}${rest}`;
}

/** All checks as lines, what differs in full, and the verdict; the remedy that helps most comes last. */
export function checksText(
	verdict: VerifyReport["verdict"],
	checks: CheckResult[],
	tree: { path: string; output: string },
	release: string | null,
): string {
	const lines = [
		`${tree.path === tree.output ? tree.path : `${tree.path} -O ${tree.output}`} for ${release ?? "an unknown kernel"}`,
		"",
	];
	const said = new Set<string>();
	for (const check of checks) {
		if (check.status === "skipped" && check.expected === null) continue;
		lines.push(...checkLines(check, said));
	}
	lines.push("", endOf(verdict, checks));
	const next = checks.find(({ status, commands }) => status === "mismatch" && commands.length > 0)?.commands;
	if (next !== undefined) lines.push(`next: ${printable(next.join("; "))}`);
	return lines.join("\n");
}

/** `said`: remedies that stand further up already; each is told once. */
function checkLines(check: CheckResult, said: Set<string>): string[] {
	const { id, status, expected, actual, remedy, commands, diagnosis, why, effect } = check;
	const head = `  ${SIGN[status].padEnd(2)} ${id.padEnd(WIDTH)}`;
	if (status === "match" || status === "skipped") return [`${head} ${shown(actual ?? expected)}`];
	const below = (label: string, text: string) => `${" ".repeat(5 + WIDTH)} ${label.padEnd(8)} ${text}`;
	if (status === "note")
		return [
			`${head} ${shown(actual ?? expected)}`,
			hung(printable(why ?? "without effect on modules"), below("note", ""), LONGEST),
		];
	const words =
		remedy === null || said.has(remedy) ? [] : [hung(printable(remedy), below("try", ""), LONGEST)];
	if (remedy !== null) said.add(remedy);
	return [
		`${head} expected ${shown(expected)}`,
		below("found", shown(actual)),
		...(effect === null ? [] : [below("effect", printable(effectText(effect)))]),
		...(diagnosis === undefined
			? []
			: [below("about", `${diagnosis.title} (kprep explain ${diagnosis.id})`)]),
		...words,
		...commands.map((command) => below("type", printable(command))),
	];
}

/** Trailing spaces count in a vermagic, so a value that ends in one is quoted. */
function shown(value: string | null): string {
	if (value === null) return "nothing known";
	return value.endsWith(" ") ? `'${printable(value)}'` : printable(value);
}
