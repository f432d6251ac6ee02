import { type Answer, KprepCommand } from "../cli/command.ts";
import { treeArgs, treeFlags } from "../cli/flags.ts";
import { undoText } from "../report/undo.ts";
import { findTree } from "../tree/find.ts";
import type { Undone } from "../tree/undo.ts";
import { undoTree } from "../workflows/undo/index.ts";

export default class Undo extends KprepCommand<Undone> {
	static override summary = "Put every file of a tree back as it was before the first sync";
	static override description =
		"Works after any number of syncs, and after one that was killed. With -O it undoes that build folder.";
	static override examples = [
		"<%= config.bin %> undo /usr/src/linux",
		"<%= config.bin %> undo linux-6.1 -O build",
	];
	static override args = treeArgs;
	static override flags = treeFlags;

	protected override async answer(): Promise<Answer<Undone>> {
		const { flags, args } = await this.read(Undo);
		const undone = await undoTree(flags.output ?? findTree(args.tree), this.progress);
		return { json: undone, text: undoText(undone), yes: true };
	}
}
