import { join } from "node:path";
import type { PlanContext, WriteAction } from "./action.ts";
import { write } from "./write.ts";

/** The target's Module.symvers in objtree: with it modpost knows every symbol and its CRC. null when the target's is not known. */
export function planSymvers(context: PlanContext): WriteAction | null {
	const { tree, facts } = context;
	if (facts.symvers === null) return null;
	return write(context, join(tree.output, "Module.symvers"), facts.symvers.content, {
		id: "symvers",
		summary: `take the target's Module.symvers from ${facts.symvers.source.path}`,
		reason: "modules_prepare never makes it, and without it symbols are unresolved and unversioned",
	});
}
