import { Config, flush, run } from "@oclif/core";

/** Runs `argv` with all of oclif: help, plugins' commands, did-you-mean. `bin` is the URL of the started file. */
export async function runWithPlugins(argv: string[], bin: string): Promise<void> {
	await run(argv, await Config.load({ root: new URL(".", bin).pathname }));
	await flush();
}
