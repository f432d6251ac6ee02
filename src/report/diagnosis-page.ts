import { causeFor, commandsFor, remedyFor } from "../kernel/failures/catalogue.ts";
import type { Entry } from "../kernel/failures/entry.ts";
import { fillCommand } from "../kernel/failures/reading/text.ts";

/** The page of a diagnosis in Markdown: what docs/diagnoses/ID.md holds. `example`: lines that say it, or null. */
export function diagnosisPage(entry: Entry, example: string | null): string {
	const { id, title, causes = [], unsafe, check, origin } = entry;
	const commands = commandsFor(id, {}, (tools) => `# install what has: ${tools.join(", ")}`);
	return [
		`# ${id}: ${title}`,
		causeFor(id),
		...(example === null ? [] : ["## Example", fenced(example)]),
		...(causes.length === 0
			? []
			: ["## Where it comes from", causes.map((cause) => `- ${cause}`).join("\n")]),
		"## What to do",
		remedyFor(id),
		...(commands.length === 0 ? [] : [fenced(commands.join("\n"))]),
		...(unsafe === undefined ? [] : [`**Unsafe:** ${unsafe}`]),
		"## How to be certain",
		`\`${fillCommand(check, {}).replaceAll("`", "'")}\``,
		"## Printed by",
		origin,
	]
		.join("\n\n")
		.concat("\n");
}

/** The list of all pages: docs/diagnoses/README.md. */
export function diagnosisIndex(entries: readonly Entry[]): string {
	const rows = entries.map(({ id, title }) => `- [${id}](${id}.md): ${title}`).sort();
	return `# Diagnoses\n\nWhat \`kprep explain\` knows, one page each. Made from the catalogue by \`npm run docs\`.\n\n${rows.join("\n")}\n`;
}

/** A block that no line inside can end. */
function fenced(text: string): string {
	const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
	return `${fence}\n${text}\n${fence}`;
}
