import { KprepError } from "../../errors.ts";
import { Root } from "../../host/files/root.ts";
import { readDistribution } from "../../host/machine/distribution.ts";
import { installCommand, packageFor } from "../../host/packages/tools.ts";
import { asRoot } from "../../host/process/as-root.ts";
import { findProgram } from "../../host/process/program.ts";
import type { Progress } from "../../host/progress.ts";
import { quoted } from "../../kernel/shell-word.ts";
import type { ToolReport } from "../../report/doctor.ts";
import { diagnose } from "../doctor/index.ts";
import { installMissing } from "../doctor/install.ts";

/**
 * Makes sure that what the whole story needs is on this machine: what the target's config asks for, an emulator to
 * boot it, and what unpacks its source. Root installs what is missing; everybody else gets one command in the KprepError.
 */
export async function requireTools(sysroot: string, progress: Progress, signal: AbortSignal): Promise<void> {
	const report = await diagnose({ spec: { sysroot }, tree: undefined, output: undefined, progress });
	const tools = [...report.tools, ...EXTRA.map(asTool)].filter(({ name, ok }) => !ok && !OPTIONAL.has(name));
	const lacking = tools.filter(({ must }) => must);
	if (lacking.length === 0) return;
	const packages = [...new Set(tools.flatMap((it) => it.package ?? []))];
	const command = installCommand(packages, readDistribution(new Root()));
	const install = command === null ? null : asRoot(command).map(quoted).join(" ");
	if (process.getuid?.() !== 0 || install === null)
		throw new KprepError(
			"missing",
			"tool-missing",
			`not on this machine: ${lacking.map(({ name }) => name).join(", ")}`,
			{
				expected: "the tools that prepare and boot this kernel",
				suggestions: install === null ? ["kprep doctor"] : [install, "then kprep try again"],
			},
		);
	await installMissing({ ...report, tools, install }, async () => true, progress, signal);
}

/** Programs that the story needs and no kernel config asks for, by what for. */
const EXTRA: [program: string, neededFor: string][] = [
	[process.arch === "arm64" ? "qemu-system-aarch64" : "qemu-system-x86_64", "booting the kernel"],
	["xz", "unpacking its source"],
];

/** Useful for some, never needed here. */
const OPTIONAL = new Set(["ccache", "kmod", "git"]);

function asTool([name, neededFor]: [string, string]): ToolReport {
	const found = findProgram(name);
	return {
		...{ name, needed_for: neededFor, found, version: null, required: null, must: true, ok: found !== null },
		...{ package: packageFor(name, readDistribution(new Root())), available: null, bring: null },
	};
}
