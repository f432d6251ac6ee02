import { Flags } from "@oclif/core";
import { type Answer, KprepCommand } from "../cli/command.ts";
import { treeArgs, treeFlags } from "../cli/flags.ts";
import { undoText } from "../report/undo.ts";
import { findTree } from "../tree/find.ts";
import type { Undone } from "../tree/undo.ts";
import { undoTree } from "../workflows/undo/index.ts";

export default class Undo extends KprepCommand<Undone> {
	static override summary = "Put every file of a tree back as it was before the first sync";
	static override description =
		"Works after any number of syncs, and after one that was killed. With -O it undoes that build folder. What may be your own work is never removed: it stays, and is listed.";
	static override examples = [
		"<%= config.bin %> undo /usr/src/linux",
		"<%= config.bin %> undo -n linux-6.1",
		"<%= config.bin %> undo linux-6.1 -O build",
	];
	static override args = treeArgs;
	static override flags = {
		...treeFlags,
		"dry-run": Flags.boolean({ char: "n", description: "print what it would do; change nothing" }),
	};

	protected override async answer(): Promise<Answer<Undone>> {
		const { flags, args } = await this.read(Undo);
		const dryRun = flags["dry-run"];
		const undone = await undoTree(flags.output ?? findTree(args.tree), this.progress, dryRun);
		return { json: undone, text: undoText(undone, dryRun), yes: true };
	}
}
