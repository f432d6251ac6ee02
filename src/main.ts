import { Config, run } from "@oclif/core";
import { asKprepError } from "./errors.ts";

/** Runs the command line of this process. `bin` is the URL of the started file inside the package. Never returns on failure. */
export async function main(bin: string): Promise<void> {
	const argv = process.argv.slice(2);
	const json = argv.includes("--json");
	process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 70));
	try {
		const config = await Config.load({ root: new URL(".", bin).pathname });
		await run(argv, config);
	} catch (error) {
		const status = oclifExit(error);
		if (status === 0) return;
		// Errors of oclif's own (unknown command, unknown flag) reach this place; those of kprep's commands are rendered there.
		const text = error instanceof Error ? error.message : String(error);
		if (status !== undefined) {
			if (text && !text.startsWith("EEXIT")) report(json, "usage", text, []);
			process.exitCode = text.startsWith("EEXIT") ? status : 2;
			return;
		}
		const failure = asKprepError(error);
		report(json, failure.code, failure.toText(), failure.suggestions);
		process.exitCode = failure.exitStatus;
	}
}

function oclifExit(error: unknown): number | undefined {
	return (error as { oclif?: { exit?: number } } | null)?.oclif?.exit;
}

function report(json: boolean, code: string, message: string, suggestions: string[]): void {
	if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, suggestions } })}\n`);
	else process.stderr.write(`${message}\n`);
}
