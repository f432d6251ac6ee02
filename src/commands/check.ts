import { Args, Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { htmlFlags, targetFlags, verdictFlags } from "../cli/flags.ts";
import { KprepError } from "../errors.ts";
import { writeReport } from "../host/files/write-report.ts";
import { type CheckDocument, passes } from "../kernel/loader/verdict.ts";
import { identifier } from "../kernel/module-name.ts";
import { checkText } from "../report/check.ts";
import { checkHtml } from "../report/html/check.ts";
import { checkModules } from "../workflows/check/index.ts";

export default class Check extends KprepCommand<CheckDocument> {
	static override summary = "Predict what the target kernel will say to a module";
	static override description =
		"Walks the loader's own decisions in the loader's order, without loading anything; --boot asks the kernel itself, in an emulator. Modules that are named together may need one another. Exit status 1: not all of them load: one would be refused, is unsafe, or cannot be decided (the last not with --lenient); with --boot the kernel's own answer counts.";
	static override examples = [
		"<%= config.bin %> check hello.ko",
		"<%= config.bin %> check *.ko -t 6.1.0-56-amd64 --json",
		"<%= config.bin %> check hello.ko --sysroot /mnt/board --boot",
	];
	static override strict = false;
	static override args = {
		module: Args.string({
			required: true,
			name: "MODULE...",
			description: "kernel modules (.ko, .ko.xz, .ko.zst, .ko.gz)",
		}),
	};
	static override flags = {
		...targetFlags,
		...verdictFlags,
		params: Flags.string({
			multiple: true,
			helpValue: "'NAME KEY=VALUE...'",
			dependsOn: ["boot"],
			description: "parameters for the module NAME when it is booted; may be given several times",
		}),
		...htmlFlags,
		boot: Flags.boolean({ description: "boot the target's image in QEMU and load the modules there" }),
	};

	protected override async answer(): Promise<Answer<CheckDocument>> {
		const { argv, flags } = await this.read(Check);
		const document = await checkModules(argv as string[], flags, this.progress, {
			boot: flags.boot,
			enforce: flags.enforce,
			parameters: moduleParameters(flags.params ?? []),
			signal: this.signal,
		});
		if (flags.html !== undefined) await writeReport(flags.html, checkHtml(document));
		const yes = document.modules.every((module) => passes(module, flags));
		return { json: document, text: checkText(document), yes };
	}
}

/** "NAME KEY=VALUE..." by name. Throws KprepError "usage" for one without both. */
function moduleParameters(given: readonly string[]): Map<string, string> {
	const parameters = new Map<string, string>();
	for (const text of given) {
		const [, name, words] = /^\s*([\w-]+)\s+(\S[^\n]*)$/.exec(text) ?? [];
		if (name === undefined || words === undefined)
			throw new KprepError(
				"usage",
				"usage",
				`--params ${JSON.stringify(text)} names no module and parameter`,
				{
					expected: "--params 'NAME KEY=VALUE'",
				},
			);
		parameters.set(identifier(name), words);
	}
	return parameters;
}
