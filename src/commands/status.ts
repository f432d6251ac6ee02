import { type Answer, KprepCommand } from "../cli/command.ts";
import { treeArgs, treeFlags } from "../cli/flags.ts";
import { statusText, type TreeStatus } from "../report/status.ts";
import { findTree } from "../tree/find.ts";
import { readStatus } from "../workflows/status/index.ts";

export default class Status extends KprepCommand<TreeStatus> {
	static override summary = "What a tree was made ready for, by which kprep, and whether a sync was cut off";
	static override description = "Only reads. Exit 1: no sync is on record there.";
	static override examples = [
		"<%= config.bin %> status /usr/src/linux",
		"<%= config.bin %> status linux-6.1 -O build --json",
	];
	static override args = treeArgs;
	static override flags = treeFlags;

	protected override async answer(): Promise<Answer<TreeStatus>> {
		const { flags, args } = await this.read(Status);
		const tree = flags.output !== undefined && args.tree === undefined ? flags.output : findTree(args.tree);
		const status = readStatus(tree, flags.output);
		return { json: status, text: statusText(status), yes: status.state !== "none" };
	}
}
