import type { CheckResult, CheckStatus } from "../../checks/check.ts";
import { printable } from "../printable.ts";
import { hung } from "../wrap.ts";

const SIGN: Record<CheckStatus, string> = { match: "ok", mismatch: "NO", unknown: "?", skipped: "-" };
const WIDTH = 15;
const LONGEST = 100;

/** What a report of checks says in the end. */
const ENDS = {
	match: "match: a module built in this tree loads on the target",
	mismatch: "mismatch: a module built in this tree would not be what the target needs",
	unproven: "unproven: nothing differs, but release, config and vermagic could not all be compared",
} as const;

/** All checks as lines, what differs in full, and the verdict; the remedy that helps most comes last. */
export function checksText(
	verdict: keyof typeof ENDS,
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
	lines.push("", ENDS[verdict]);
	const next = checks.find(({ status, commands }) => status === "mismatch" && commands.length > 0)?.commands;
	if (next !== undefined) lines.push(`next: ${printable(next.join("; "))}`);
	return lines.join("\n");
}

/** `said`: remedies that stand further up already; each is told once. */
function checkLines(check: CheckResult, said: Set<string>): string[] {
	const { id, status, expected, actual, remedy, commands, diagnosis } = check;
	const head = `  ${SIGN[status].padEnd(2)} ${id.padEnd(WIDTH)}`;
	if (status === "match" || status === "skipped") return [`${head} ${shown(actual ?? expected)}`];
	const below = (label: string, text: string) => `${" ".repeat(5 + WIDTH)} ${label.padEnd(8)} ${text}`;
	const words =
		remedy === null || said.has(remedy) ? [] : [hung(printable(remedy), below("try", ""), LONGEST)];
	if (remedy !== null) said.add(remedy);
	return [
		`${head} expected ${shown(expected)}`,
		below("found", shown(actual)),
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
