import { Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { targetFlags } from "../cli/flags.ts";
import { targetText } from "../report/target.ts";
import type { TargetDocument } from "../target/document.ts";
import { describeTarget } from "../workflows/target/index.ts";

export default class TargetCommand extends KprepCommand<TargetDocument> {
	static override summary = "Show what is known about the target kernel, and where each fact comes from";
	static override description =
		"The target is the kernel that must load the modules. Where two sources disagree, both are shown, with the reason for the one that is believed.";
	static override examples = [
		"<%= config.bin %> target",
		"<%= config.bin %> target -t 6.1.0-56-amd64 --json",
		"<%= config.bin %> target --sysroot /mnt/board",
		"<%= config.bin %> target -t /boot/vmlinuz-6.1.0-56-amd64 --extract facts",
	];
	static override flags = {
		...targetFlags,
		extract: Flags.string({
			helpValue: "DIR",
			description: "also write config, Module.symvers, Makefile, btf and vermagic into this folder",
		}),
	};

	protected override async answer(): Promise<Answer<TargetDocument>> {
		const { flags } = await this.read(TargetCommand);
		const document = await describeTarget(flags, flags.extract, this.progress);
		return { json: document, text: targetText(document), yes: true };
	}
}
