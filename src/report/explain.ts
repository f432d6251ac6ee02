import type { EntryDocument, ExplainedDiagnosis, Explanation } from "../kernel/failures/document.ts";
import type { Entry } from "../kernel/failures/entry.ts";
import { isTail } from "../kernel/failures/reading/alarm.ts";
import { printable } from "../printable.ts";
import { hung, wrapped } from "./wrap.ts";

const MOST_LINES = 6;
const MOST_OTHERS = 3;

/** The diagnoses for people, most decisive first, then what is no cause. Never wider than `width` where words allow. */
export function explainText(explanation: Explanation, width: number): string {
	const { diagnoses, noise, harmless } = explanation;
	const parts = diagnoses.map((diagnosis, place) => diagnosisText(diagnosis, place, diagnoses.length, width));
	if (diagnoses.length === 0) parts.push(nothingText(explanation, width));
	else if (explanation.errors.length > 0) parts.push(othersText(explanation.errors, width));
	const only = diagnoses[0]?.id === "benign-noise";
	if (noise.length > 0 && !only)
		parts.push(
			[
				"Not the cause:",
				...noise
					.slice(0, MOST_LINES)
					.flatMap((line, at) => [cut(line, width, 2), wrapped(harmless[at] ?? "", 4, width)]),
			].join("\n"),
		);
	return parts.join("\n\n");
}

/** The whole catalogue: a line an entry. */
export function listText(entries: readonly Entry[]): string {
	const widest = Math.max(...entries.map(({ id }) => id.length));
	return entries.map(({ id, title }) => `${id.padEnd(widest)}  ${title}`).join("\n");
}

/** Everything that one entry says. */
export function entryText(entry: EntryDocument, width: number): string {
	const section = (label: string, text: string) => `${label}\n${wrapped(text, 2, width)}`;
	const list = (label: string, items: readonly string[]) =>
		items.length === 0 ? [] : [`${label}\n${items.map((item) => hung(item, "  - ", width)).join("\n")}`];
	return [
		`${entry.id}: ${entry.title}`,
		section("What it means", entry.cause),
		...list("Where it comes from", entry.causes),
		section("What to do", entry.remedy),
		...(entry.commands.length === 0
			? []
			: [`Commands\n${entry.commands.map((command) => `  ${command}`).join("\n")}`]),
		...(entry.unsafe === null ? [] : [section("Unsafe", entry.unsafe)]),
		section("How to be certain", entry.check),
		section("Printed by", entry.origin),
	].join("\n\n");
}

function diagnosisText(diagnosis: ExplainedDiagnosis, place: number, all: number, width: number): string {
	const { id, title, certainty, cause, remedy, commands, unsafe, machine, page } = diagnosis;
	const lines = diagnosis.lines.map(printable);
	const number = all > 1 ? `${place + 1}. ` : "";
	const sure = certainty === "certain" ? "" : `, ${certainty}`;
	const more = lines.length - MOST_LINES;
	return [
		`${number}${title}  [${id}${sure}]`,
		...lines.slice(0, MOST_LINES).map((line) => cut(line, width, 2, "> ")),
		...(more > 0 ? [`  > and ${more} more such lines`] : []),
		...diagnosis.files.slice(0, MOST_OTHERS).map((file) => `  in ${printable(file)}`),
		"",
		wrapped(printable(cause), 2, width),
		...machineText(machine, width),
		"",
		hung(printable(remedy), "  Do: ", width),
		...commands.map((command) => `      ${printable(command)}`),
		...(unsafe === null ? [] : [hung(unsafe, "  Unsafe: ", width)]),
		`  More: ${page}`,
	].join("\n");
}

function machineText(machine: ExplainedDiagnosis["machine"], width: number): string[] {
	if (machine === null || machine.evidence.length === 0) return [];
	const verdict = {
		confirmed: "confirmed",
		contradicted: "contradicted",
		"not-checkable": "not checkable here",
	};
	return [
		hung(`${verdict[machine.verdict]}: ${machine.evidence.map(printable).join("; ")}`, "  Here: ", width),
	];
}

/** What failed besides, and is not known: it may be the cause of the rest. */
function othersText(errors: readonly string[], width: number): string {
	return [
		"Not recognised, and it may matter:",
		...errors.slice(0, MOST_OTHERS).map((line) => cut(line, width, 2, "> ")),
	].join("\n");
}

function nothingText({ errors, above }: Explanation, width: number): string {
	const [first, ...more] = errors;
	if (first === undefined)
		return wrapped(
			"Nothing recognised. Give the lines around the first error: the kernel log (sudo dmesg | tail -50) for a module that does not load, the whole output of make for a build.",
			0,
			width,
		);
	return [
		"Not recognised. This line tells of a failure:",
		...(above === null ? [] : [cut(above, width, 2, "> ")]),
		cut(first, width, 2, "> "),
		...(more.length === 0 ? [] : [`  and ${more.length} more such line${more.length === 1 ? "" : "s"}`]),
		wrapped(
			/panic|\bOops\b|\bBUG: /.test(first)
				? "What led to it stands above: give the kernel log from the moment before (sudo dmesg | tail -80, or the console's)."
				: above !== null || !isTail(first)
					? "It may say the reason itself: kprep does not know these words, which are those of another program. Look for them in the documentation of the program that wrote them."
					: "Its reason stands in a line above it that is not here: give the whole output of make (make V=1 for the commands), or the kernel log from the moment before (sudo dmesg | tail -50).",
			2,
			width,
		),
	].join("\n");
}

/** One line that is never broken: what does not fit is left out. */
function cut(line: string, width: number, indent: number, mark = ""): string {
	const text = " ".repeat(indent) + mark + printable(line);
	return text.length <= width * 3 ? text : `${text.slice(0, width * 3 - 1)}…`;
}
