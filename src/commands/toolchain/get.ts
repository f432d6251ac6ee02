import { type Answer, KprepCommand } from "../../cli/command.ts";
import { targetFlags } from "../../cli/flags.ts";
import { type ToolchainReport, toolchainText } from "../../report/toolchain.ts";
import { resolveTarget } from "../../target/resolve.ts";
import { targetWords } from "../../target/subject.ts";
import { aboutToolchain } from "../../workflows/toolchain/about.ts";

export default class ToolchainGet extends KprepCommand<ToolchainReport> {
	static override summary = "Bring the target's own toolchain along, as far as this machine lacks it";
	static override description =
		"Downloads compiler, pahole and Rust from the suite that has them (signatures checked), makes them run in the user's cache folder, and tries them before they are trusted. Needs no root and no container; nothing of the system is changed. Every later sync for such a target uses them.";
	static override examples = ["<%= config.bin %> toolchain get --sysroot /mnt/board"];
	static override longSteps = true;
	static override flags = targetFlags;

	protected override async answer(): Promise<Answer<ToolchainReport>> {
		const { flags } = await this.read(ToolchainGet);
		const target = await resolveTarget(flags, this.progress);
		const context = { offers: true, bring: true, progress: this.progress, signal: this.signal };
		const report = await aboutToolchain(target, context);
		return {
			json: report,
			text: toolchainText(report, targetWords(flags)),
			yes: report.missing.length === 0,
		};
	}
}
