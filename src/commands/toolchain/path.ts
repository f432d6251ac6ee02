import { type Answer, KprepCommand } from "../../cli/command.ts";
import { targetFlags } from "../../cli/flags.ts";
import { type ToolchainReport, toolchainPaths } from "../../report/toolchain.ts";
import { resolveTarget } from "../../target/resolve.ts";
import { aboutToolchain } from "../../workflows/toolchain/about.ts";

export default class ToolchainPath extends KprepCommand<ToolchainReport> {
	static override summary =
		"Print where the target's toolchain lies: folders of kept parts, programs of this machine";
	static override description = "Asks no package list. Exit status 1 when a part is neither here nor kept.";
	static override examples = ["<%= config.bin %> toolchain path --sysroot /mnt/board"];
	static override flags = targetFlags;

	protected override async answer(): Promise<Answer<ToolchainReport>> {
		const { flags } = await this.read(ToolchainPath);
		const target = await resolveTarget(flags, this.progress);
		const context = { offers: false, progress: this.progress, signal: this.signal };
		const report = await aboutToolchain(target, context);
		return { json: report, text: toolchainPaths(report), yes: report.missing.length === 0 };
	}
}
