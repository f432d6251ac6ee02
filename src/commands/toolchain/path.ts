import { type Answer, KprepCommand } from "../../cli/command.ts";
import { targetFlags } from "../../cli/flags.ts";
import { type ToolchainReport, toolchainLacks, toolchainPaths } from "../../report/toolchain.ts";
import { resolveTarget } from "../../target/resolve.ts";
import { targetWords } from "../../target/subject.ts";
import { aboutToolchain } from "../../workflows/toolchain/about.ts";

export default class ToolchainPath extends KprepCommand<ToolchainReport> {
	static override summary =
		"Print the target's compiler, pahole and rustc as they would be used: this machine's, or kept ones";
	static override description =
		"One program a line, to run by hand or to give to other tools (CC=...). Asks no package list. A part that is neither here nor kept is told on stderr, with exit status 1. A tree needs none of this: its GNUmakefile knows its compiler.";
	static override examples = ["<%= config.bin %> toolchain path --sysroot /mnt/board"];
	static override flags = targetFlags;

	protected override async answer(): Promise<Answer<ToolchainReport>> {
		const { flags } = await this.read(ToolchainPath);
		const target = await resolveTarget(flags, this.progress);
		const context = { offers: false, progress: this.progress, signal: this.signal };
		const report = await aboutToolchain(target, context);
		for (const line of toolchainLacks(report)) this.progress.warn(line);
		const yes = report.missing.length === 0;
		if (!yes) this.progress.warn(`next: ${["kprep toolchain get", ...targetWords(flags)].join(" ")}`);
		return { json: report, text: toolchainPaths(report), yes };
	}
}
