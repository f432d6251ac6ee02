import { delimiter, isAbsolute } from "node:path";
import { closest } from "./cli/closest.ts";
import { commandNames, findCommand } from "./cli/find-command.ts";
import { asKprepError, KprepError } from "./errors.ts";
import { answerJson, outliveReaders, say } from "./report/output.ts";

/** Runs the command line of this process. `bin` is the URL of the started file inside the package. Sets the exit status. */
export async function main(bin: string): Promise<void> {
	const argv = process.argv.slice(2);
	outliveReaders();
	dropRelativePath();
	try {
		const found = asksForHelp(argv) ? null : findCommand(argv);
		if (found !== null) {
			const { default: Found } = await import(found.file.href);
			await Found.start(found.id, found.rest);
		} else {
			if (!process.stdin.isTTY || argv.includes("--json")) refuseUnknown(argv);
			const { runWithPlugins } = await import("./cli/plugins.ts");
			await runWithPlugins(argv, bin);
		}
	} catch (error) {
		report(error, argv.includes("--json"));
	}
}

/** An empty or relative folder on PATH is one of the tree in which kprep, or what it runs, happens to be. */
function dropRelativePath(): void {
	if (process.env.PATH === undefined) return;
	process.env.PATH = process.env.PATH.split(delimiter).filter(isAbsolute).join(delimiter);
}

function asksForHelp(argv: string[]): boolean {
	const end = argv.indexOf("--");
	const words = end === -1 ? argv : argv.slice(0, end);
	return words.includes("--help") || words.includes("-h");
}

/** On a terminal oclif's not-found plugin asks whether the nearest command was meant; elsewhere this says it. */
function refuseUnknown(argv: string[]): void {
	const [first] = argv;
	const names = commandNames();
	const topics = names.map((name) => name.split(" ")[0]);
	if (first === undefined || asksForHelp(argv) || ["help", "--version"].includes(first)) return;
	const typed = topics.includes(first) ? argv.slice(0, 2).join(" ") : first;
	if (topics.includes(typed)) return;
	const near = closest(typed, names);
	throw new KprepError("usage", "unknown-command", `'${typed}' is not a kprep command`, {
		suggestions: [...(near === null ? [] : [`kprep ${near}`]), "kprep help"],
	});
}

function report(error: unknown, json: boolean): void {
	const exit = (error as { oclif?: { exit?: number } } | null)?.oclif?.exit;
	if (exit === 0) return;
	const failure =
		exit === undefined ? asKprepError(error) : new KprepError("usage", "usage", (error as Error).message);
	const { code, message, suggestions } = failure;
	if (json) void answerJson({ error: { code, message, suggestions } });
	else say(`kprep: ${failure.toText()}\n`);
	process.exitCode = failure.exitStatus;
}
