import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { baseOf, includedFiles, parseVersionBlock, setExtraversion } from "../../kernel/release/makefile.ts";
import type { PlanContext, WriteAction } from "./action.ts";
import { write } from "./write.ts";

/**
 * The tree's top-level Makefile: the target's own copied when that is asked for or safe, and EXTRAVERSION set when
 * that strategy was chosen. null when the Makefile stays as it is: with -O the source tree is never touched.
 */
export function planMakefile(context: PlanContext): WriteAction | null {
	const { tree, facts, release } = context;
	const copy = copiedMakefile(context);
	const text = copy ?? tree.makefile;
	const wanted = release.strategy === "extraversion" ? setExtraversion(text, release.extraversion) : text;
	if (tree.output !== tree.path || wanted === tree.makefile) return null;
	const copied = copy !== null && copy !== tree.makefile;
	const parts = [
		copied ? `copy the target's own Makefile from ${facts.makefile?.source.path}` : "",
		release.strategy === "extraversion" ? `set EXTRAVERSION to '${release.extraversion}'` : "",
	].filter(Boolean);
	return write(context, join(tree.path, "Makefile"), wanted, {
		id: copied ? "makefile" : "extraversion",
		summary: parts.join(", "),
		reason: release.reason,
	});
}

/** The target's Makefile when it is to be used; null to keep the tree's. */
function copiedMakefile({ tree, facts, options, exists }: PlanContext): string | null {
	if (options.makefile === "edit") return null;
	const reasons: string[] = [];
	const block = facts.makefile === null ? null : parseVersionBlock(facts.makefile.text);
	if (facts.makefile === null) reasons.push("the target has no Makefile here");
	else if (block === null) reasons.push("the target's Makefile is a wrapper");
	else {
		if (baseOf(block) !== tree.base) reasons.push(`it is of ${baseOf(block)}, the tree of ${tree.base}`);
		const lacking = includedFiles(facts.makefile.text).find((file) => !exists(join(tree.path, file)));
		if (lacking !== undefined) reasons.push(`it needs ${lacking}, which the tree lacks`);
	}
	if (reasons.length === 0) return facts.makefile?.text ?? null;
	if (options.makefile === "auto") return null;
	throw new KprepError(
		"missing",
		"makefile-not-copyable",
		"the target's Makefile cannot be copied into this tree",
		{
			found: reasons.join("; "),
			where: facts.makefile?.source.path ?? "no Makefile",
			suggestions: ["the same command with --makefile auto"],
		},
	);
}
