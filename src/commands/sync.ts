import { availableParallelism } from "node:os";
import { Flags } from "@oclif/core";
import { byTree } from "../cli/by-tree.ts";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { confirmOnTerminal } from "../cli/confirm.ts";
import {
	jobsFlag,
	makeFlags,
	projectFlags,
	proofFlags,
	proofMode,
	storeFlags,
	storesOf,
	targetFlags,
	toolchainFlags,
	treeArgs,
	treeFlags,
} from "../cli/flags.ts";
import { lockMode, matrixAnswer } from "../cli/matrix-answer.ts";
import type { MatrixDocument } from "../report/matrix/document.ts";
import { syncText } from "../report/sync/index.ts";
import { resolveTarget } from "../target/resolve.ts";
import { findTree } from "../tree/find.ts";
import { STAGES, type Stage } from "../tree/plan/action.ts";
import { runMatrix } from "../workflows/matrix/index.ts";
import { type SyncDocument, syncDocument } from "../workflows/sync/document.ts";
import { sync } from "../workflows/sync/index.ts";
import { makeVariables } from "../workflows/sync/settle.ts";

export default class Sync extends KprepCommand<SyncDocument | MatrixDocument> {
	static override summary = "Make a kernel source tree ready for the target, then verify it";
	static override description =
		"Takes the target's configuration, release and Module.symvers into the tree, runs kbuild's modules_prepare, and checks the result. `kprep undo` puts every file back.";
	static override examples = [
		"<%= config.bin %> sync /usr/src/linux",
		"<%= config.bin %> sync linux-6.1 -t 6.1.0-56-amd64 --dry-run",
		"<%= config.bin %> sync linux-6.1 --sysroot /mnt/board -O build",
		"<%= config.bin %> sync linux-6.1 -t vmlinuz-6.1.0-56-amd64 --config config-6.1.0-56-amd64",
	];
	static override longSteps = true;
	static override args = treeArgs;
	static override flags = {
		...targetFlags,
		...treeFlags,
		"dry-run": Flags.boolean({
			char: "n",
			description: "print the plan with diffs; change nothing, run no make",
		}),
		until: byTree(
			Flags.option({ options: STAGES, description: "stop after this stage" })({
				default: "modules_prepare" as Stage,
			}),
		),
		jobs: jobsFlag,
		...makeFlags,
		...toolchainFlags,
		makefile: byTree(
			Flags.option({
				options: ["auto", "copy", "edit"] as const,
				description: "the top-level Makefile: copy the target's own, or edit the tree's",
			})({ default: "auto" as const }),
		),
		make: Flags.boolean({
			allowNo: true,
			default: true,
			description: "--no-make writes the files only and runs no make",
		}),
		all: Flags.boolean({
			exclusive: ["target", "sysroot", "config", "output", "dry-run"],
			description:
				"make this machine ready for every target of kprep-targets.ini: kernels, sources, trees in the cache",
		}),
		...projectFlags,
		...storeFlags,
		...proofFlags,
		force: Flags.boolean({ description: "go on where options are lost that change structures" }),
	};

	protected override async answer(): Promise<Answer<SyncDocument | MatrixDocument>> {
		const { flags, args } = await this.read(Sync);
		if (flags.all) {
			const { targets, offline, toolchain, jobs = availableParallelism() } = flags;
			const [lock, progress] = [lockMode(flags), await this.rows(flags)];
			const stores = storesOf(flags.store);
			const made = { what: [], targets, boot: false, prepare: true, lock, offline, toolchain, jobs, stores };
			return matrixAnswer(await runMatrix({ ...made, progress, signal: this.signal }));
		}
		const tree = findTree(args.tree);
		this.progress.step("target", flags.target ?? flags.sysroot ?? "the running kernel");
		const target = await resolveTarget(flags, this.progress);
		const report = await sync({
			...{
				tree,
				output: flags.output,
				target,
				spec: flags,
				dryRun: flags["dry-run"],
				until: flags.until,
				make: flags.make,
			},
			...{
				makefile: flags.makefile,
				jobs: flags.jobs ?? availableParallelism(),
				cc: flags.cc,
				arch: flags.arch,
			},
			...{
				crossCompile: flags["cross-compile"],
				// What is kept is used; nothing is brought, and nobody asked.
				toolchain: flags.offline && flags.toolchain === "fetch" ? "auto" : flags.toolchain,
				confirm:
					!flags.offline && process.stdin.isTTY && process.stderr.isTTY ? confirmOnTerminal : undefined,
				force: flags.force,
				stores: storesOf(flags.store),
				proof: proofMode(flags.deep),
				cures: flags.cures,
				makeVariables: makeVariables(flags["make-var"] ?? []),
				progress: this.progress,
				signal: this.signal,
			},
		});
		return {
			json: syncDocument(report),
			text: await syncText(report),
			yes: report.verify?.verdict !== "mismatch",
		};
	}
}
