import { Args, Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { targetFlags } from "../cli/flags.ts";
import type { CheckDocument } from "../kernel/loader/verdict.ts";
import { checkText } from "../report/check.ts";
import { checkModules } from "../workflows/check/index.ts";

export default class Check extends KprepCommand<CheckDocument> {
	static override summary = "Predict what the target kernel will say to a module";
	static override description =
		"Walks the loader's own decisions in the loader's order, without loading anything; --boot asks the kernel itself, in an emulator. Exit status 1: at least one module would be refused (with --strict: or cannot be decided; with --boot: or was refused).";
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
		strict: Flags.boolean({ description: "a module that cannot be decided counts as refused" }),
		boot: Flags.boolean({ description: "boot the target's image in QEMU and load the modules there" }),
	};

	protected override async answer(): Promise<Answer<CheckDocument>> {
		const { argv, flags } = await this.read(Check);
		const document = await checkModules(argv as string[], flags, this.progress, {
			boot: flags.boot,
			signal: this.signal,
		});
		const bad = flags.strict ? ["refused", "unknown"] : ["refused"];
		// What the kernel itself said stands above the prediction.
		const yes = document.modules.every(({ verdict, boot }) => boot?.loaded ?? !bad.includes(verdict));
		return { json: document, text: checkText(document), yes };
	}
}
