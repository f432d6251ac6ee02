import { Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { confirmOnTerminal } from "../cli/confirm.ts";
import { targetFlags, treeArgs, treeFlags } from "../cli/flags.ts";
import { type DoctorReport, doctorText } from "../report/doctor.ts";
import { targetWords } from "../target/subject.ts";
import { diagnose } from "../workflows/doctor/index.ts";
import { installMissing } from "../workflows/doctor/install.ts";

export default class Doctor extends KprepCommand<DoctorReport> {
	static override summary = "Check this machine for the tools and packages that the target's config needs";
	static override description =
		"What is needed follows from the target's config and from the tree: compilers, headers, pahole of at least the version the kernel asks for, certificates, compression. Each is shown with what needs it and the package that has it here.";
	static override examples = [
		"<%= config.bin %> doctor",
		"<%= config.bin %> doctor /usr/src/linux-source-6.1 -t 6.1.0-56-amd64",
		"<%= config.bin %> doctor --sysroot /mnt/board --fix",
		"<%= config.bin %> doctor --fix --yes",
	];
	static override args = treeArgs;
	static override flags = {
		...targetFlags,
		...treeFlags,
		fix: Flags.boolean({ description: "install what is missing, after showing the command" }),
		yes: Flags.boolean({ char: "y", description: "do not ask", dependsOn: ["fix"] }),
	};

	protected override async answer(): Promise<Answer<DoctorReport>> {
		const { args, flags } = await this.read(Doctor);
		const request = { spec: flags, tree: args.tree, output: flags.output, progress: this.progress };
		let report = await diagnose(request);
		if (flags.fix) {
			const confirm = flags.yes ? async () => true : confirmOnTerminal;
			if (await installMissing(report, confirm, this.progress, this.signal)) report = await diagnose(request);
		}
		const blocked = report.limits.some(({ certain }) => certain) || report.foreign.length > 0;
		return {
			json: report,
			text: doctorText(report, targetWords(flags)),
			yes: report.missing.length === 0 && !blocked,
		};
	}
}
