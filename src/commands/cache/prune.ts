import { Args, Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../../cli/command.ts";
import { type CacheReport, prunedText } from "../../report/cache.ts";
import { pruneCache } from "../../workflows/cache/index.ts";

export default class CachePrune extends KprepCommand<CacheReport> {
	static override summary = "Remove what kprep keeps";
	static override description =
		"Without a name: downloads and package lists, which nothing refers to. Kernels and toolchains go when they are named, with --all, or by age; a tree that was synced with a kept toolchain needs another sync then. What kprep does not know is never touched.";
	static override examples = [
		"<%= config.bin %> cache prune",
		"<%= config.bin %> cache prune gcc-16.2.0-4_x86_64-linux-gnu",
		"<%= config.bin %> cache prune --older-than 30 -n",
	];
	static override strict = false;
	static override args = {
		names: Args.string({ name: "NAME", description: "what to remove, as cache list names it" }),
	};
	static override flags = {
		all: Flags.boolean({ description: "everything that kprep keeps" }),
		"older-than": Flags.integer({
			helpValue: "DAYS",
			min: 0,
			description: "what was kept longer ago than that",
		}),
		"dry-run": Flags.boolean({ char: "n", description: "say what would go; remove nothing" }),
	};

	protected override async answer(): Promise<Answer<CacheReport>> {
		const { flags, argv } = await this.read(CachePrune);
		const dryRun = flags["dry-run"];
		const report = pruneCache({
			names: argv as string[],
			all: flags.all,
			olderThan: flags["older-than"],
			dryRun,
		});
		return { json: report, text: prunedText(report, dryRun), yes: true };
	}
}
