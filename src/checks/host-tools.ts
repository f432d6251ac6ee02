import { existsSync } from "node:fs";
import { join } from "node:path";
import { starts } from "../host/process/program.ts";
import type { Advice, Check, CheckFinding } from "./check.ts";

/** Programs that a module build runs out of objtree; those that this tree has must start on this machine. */
const TOOLS = ["scripts/basic/fixdep", "scripts/mod/modpost", "tools/objtool/objtool"];

/** Runs the host tools without arguments: built on another machine or architecture they do not start at all. */
export const hostTools: Check = {
	id: "host-tools",
	async run({ tree, syncCommand }): Promise<CheckFinding> {
		const here = TOOLS.filter((tool) => existsSync(join(tree.output, tool)));
		const started = await Promise.all(here.map((tool) => starts(join(tree.output, tool))));
		const broken = here.filter((_, at) => !started[at]);
		const complete = here.includes("scripts/mod/modpost") && here.includes("scripts/basic/fixdep");
		return {
			id: "host-tools",
			status: broken.length > 0 ? "mismatch" : complete ? "match" : "unknown",
			expected: "fixdep and modpost that run here",
			actual:
				broken.length > 0 ? `${broken.join(", ")} cannot run here` : here.length > 0 ? here.join(", ") : null,
			evidence: here.map((tool) => ({ kind: "tree", path: join(tree.output, tool) })),
			advice: adviceOf(broken, complete, syncCommand),
		};
	},
};

function adviceOf(broken: string[], complete: boolean, syncCommand: string): Advice | null {
	if (broken.length > 0)
		return { about: "host-tools-wrong-arch", facts: { file: broken }, commands: [syncCommand] };
	return complete ? null : { about: "host-tools-missing", commands: [syncCommand] };
}
