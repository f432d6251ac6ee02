import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import type { PlanContext, WriteAction } from "./action.ts";
import type { Cured, FileCure } from "./cures/cure.ts";
import { write } from "./write.ts";

/**
 * The files that cures change, put on top of what the plan writes already: a path keeps one action. Throws `cure-in-source`
 * when the source tree itself would have to change and -O keeps it untouched.
 */
export function planCures(context: PlanContext, writes: WriteAction[]): WriteAction[] {
	const { tree, cures = [] } = context;
	const actions = [...writes];
	for (const cure of cures)
		for (const file of cure.files ?? []) {
			if (tree.output !== tree.path && file.header !== true) throw inSource(cure, file, tree.path);
			const path = join(tree.output, file.path);
			const at = actions.findIndex((action) => action.path === path);
			const earlier = actions[at];
			if (earlier === undefined) actions.push(fresh(context, cure, file));
			else actions[at] = onTop(earlier, cure, file);
		}
	return actions;
}

function fresh(context: PlanContext, { id, reason }: Cured, { path, edit, summary }: FileCure): WriteAction {
	const { tree, read } = context;
	const present = read(join(tree.path, path));
	const content = edit(present === null ? null : new TextDecoder().decode(present));
	return write(context, join(tree.output, path), content, {
		id: `cure-${id}`,
		summary: `${path}: ${summary}`,
		reason,
	});
}

function onTop(action: WriteAction, { id, reason }: Cured, { edit, summary }: FileCure): WriteAction {
	const text = typeof action.content === "string" ? action.content : new TextDecoder().decode(action.content);
	const content = edit(text);
	return {
		...action,
		content,
		summary: `${action.summary}; cure ${id}: ${summary}`,
		reason: `${action.reason}; ${reason}`,
		changed: content !== action.before,
	};
}

function inSource({ title, reason }: Cured, { path }: FileCure, srctree: string): KprepError {
	return new KprepError("missing", "cure-in-source", `${title}, and -O keeps the source tree untouched`, {
		expected: `${path} changed: ${reason}`,
		where: join(srctree, path),
		suggestions: [
			"the same command without -O: the change is undone by kprep undo",
			"--no-cures goes on without it",
		],
	});
}
