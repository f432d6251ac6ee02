import { readFileSync } from "node:fs";
import { Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { targetFlags } from "../cli/flags.ts";
import { KprepError } from "../errors.ts";
import { templatePath } from "../host/machine/templates.ts";
import { type Captured, captureText } from "../report/capture.ts";
import { capture } from "../workflows/capture/index.ts";

export default class Capture extends KprepCommand<Captured | { script: string }> {
	static override summary = "Write the target's facts into one portable profile";
	static override description =
		"Run it on the machine that runs the kernel (an ordinary user can), then use the profile elsewhere: kprep sync TREE -t FILE. It decides all that this machine itself would decide. It holds no host names, users or private keys.";
	static override examples = [
		"<%= config.bin %> capture -o box.kprep",
		"<%= config.bin %> capture -o board.kprep --sysroot /mnt/board --no-btf",
		"<%= config.bin %> capture -t ssh://root@board -o board.kprep",
		"<%= config.bin %> sync linux-6.1 -t box.kprep",
	];
	static override flags = {
		...targetFlags,
		out: Flags.string({ char: "o", helpValue: "FILE", description: "the profile to write" }),
		script: Flags.boolean({
			exclusive: ["out"],
			description:
				"print the POSIX sh script that reads a machine without kprep: a tar of its facts, or, with the word identity, a line that tells kernels apart",
		}),
		btf: Flags.boolean({
			allowNo: true,
			default: true,
			description:
				"take the kernel's type information in (BTF, a few megabytes): modules that carry BTF are judged by it",
		}),
	};

	protected override async answer(): Promise<Answer<Captured | { script: string }>> {
		const { flags } = await this.read(Capture);
		if (flags.script) {
			const script = readFileSync(templatePath("capture", "facts.sh"), "utf8");
			return { json: { script }, text: script.trimEnd(), yes: true };
		}
		if (flags.out === undefined)
			throw new KprepError("usage", "no-output", "no file is named for the profile", {
				suggestions: ["kprep capture -o machine.kprep"],
			});
		const captured = await capture(flags, flags.out, flags.btf, this.progress);
		return { json: captured, text: captureText(captured), yes: true };
	}
}
