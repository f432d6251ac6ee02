import type { CheckResult, CheckStatus } from "../checks/check.ts";
import { printable } from "./printable.ts";

const SIGN: Record<CheckStatus, string> = { match: "ok", mismatch: "NO", unknown: "?", skipped: "-" };
const WIDTH = 15;

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
	for (const check of checks) {
		if (check.status === "skipped" && check.expected === null) continue;
		lines.push(...checkLines(check));
	}
	lines.push("", ENDS[verdict]);
	const remedy = checks.find(({ status, remedy }) => status === "mismatch" && remedy !== null)?.remedy;
	if (remedy) lines.push(`next: ${printable(remedy)}`);
	return lines.join("\n");
}

function checkLines({ id, status, expected, actual, remedy, diagnosis }: CheckResult): string[] {
	const head = `  ${SIGN[status].padEnd(2)} ${id.padEnd(WIDTH)}`;
	if (status === "match" || status === "skipped") return [`${head} ${shown(actual ?? expected)}`];
	return [
		`${head} expected ${shown(expected)}`,
		`${" ".repeat(5 + WIDTH)} found    ${shown(actual)}`,
		...(diagnosis === undefined
			? []
			: [`${" ".repeat(5 + WIDTH)} about    ${diagnosis.title} (kprep explain ${diagnosis.id})`]),
		...(remedy === null ? [] : [`${" ".repeat(5 + WIDTH)} try      ${printable(remedy)}`]),
	];
}

/** Trailing spaces count in a vermagic, so a value that ends in one is quoted. */
function shown(value: string | null): string {
	if (value === null) return "nothing known";
	return value.endsWith(" ") ? `'${printable(value)}'` : printable(value);
}
