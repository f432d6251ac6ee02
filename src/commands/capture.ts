import { Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { targetFlags } from "../cli/flags.ts";
import { type Captured, captureText } from "../report/capture.ts";
import { capture } from "../workflows/capture/index.ts";

export default class Capture extends KprepCommand<Captured> {
	static override summary = "Write the target's facts into one portable profile";
	static override description =
		"Run it on the machine that runs the kernel (an ordinary user can), then use the profile elsewhere: kprep sync TREE -t FILE. It decides all that this machine itself would decide. It holds no host names, users or private keys.";
	static override examples = [
		"<%= config.bin %> capture -o box.kprep",
		"<%= config.bin %> capture -o board.kprep --sysroot /mnt/board --no-btf",
		"<%= config.bin %> sync linux-6.1 -t box.kprep",
	];
	static override flags = {
		...targetFlags,
		out: Flags.string({ char: "o", helpValue: "FILE", required: true, description: "the profile to write" }),
		btf: Flags.boolean({
			allowNo: true,
			default: true,
			description:
				"take the kernel's type information in (BTF, a few megabytes): modules that carry BTF are judged by it",
		}),
	};

	protected override async answer(): Promise<Answer<Captured>> {
		const { flags } = await this.read(Capture);
		const captured = await capture(flags, flags.out, flags.btf, this.progress);
		return { json: captured, text: captureText(captured), yes: true };
	}
}
