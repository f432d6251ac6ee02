import { type Answer, KprepCommand } from "../../cli/command.ts";
import { targetFlags } from "../../cli/flags.ts";
import { type ToolchainReport, toolchainText } from "../../report/toolchain.ts";
import { resolveTarget } from "../../target/resolve.ts";
import { targetWords } from "../../target/subject.ts";
import { aboutToolchain } from "../../workflows/toolchain/about.ts";

export default class ToolchainList extends KprepCommand<ToolchainReport> {
	static override summary =
		"List what the target was built with, what of it is here, and where the rest can be had";
	static override description =
		"Compiler with its binutils, pahole, Rust with bindgen: each in the version that the target's own texts name. What this machine lacks is looked for in the package lists of its distribution's other suites (in lists of kprep's own, some ten MiB a suite; the system's stay as they are). here: on this machine; kept: brought by kprep before; to get: in a suite of the mirrors; nowhere: in none.";
	static override examples = [
		"<%= config.bin %> toolchain list",
		"<%= config.bin %> toolchain list --sysroot /mnt/board --json",
	];
	static override flags = targetFlags;

	protected override async answer(): Promise<Answer<ToolchainReport>> {
		const { flags } = await this.read(ToolchainList);
		const target = await resolveTarget(flags, this.progress);
		const context = { offers: true, progress: this.progress, signal: this.signal };
		const report = await aboutToolchain(target, context);
		return {
			json: report,
			text: toolchainText(report, targetWords(flags)),
			yes: report.missing.length === 0,
		};
	}
}
