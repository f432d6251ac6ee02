import { existsSync } from "node:fs";
import { join } from "node:path";
import { thisMachine } from "../host/machine/fitness.ts";
import { type ForeignProgram, foreignPrograms } from "../tree/host-programs.ts";
import type { Advice, Check, CheckFinding } from "./check.ts";

/** Programs that a module build runs out of objtree; those that this tree has must start on this machine. */
const TOOLS = ["scripts/basic/fixdep", "scripts/mod/modpost", "tools/objtool/objtool"];

/** Whether the host tools can start here, by what they are: they are the tree's own code, and reading runs none of it. */
export const hostTools: Check = {
	id: "host-tools",
	run({ tree, syncCommand }): CheckFinding {
		const here = TOOLS.filter((tool) => existsSync(join(tree.output, tool)));
		const broken = foreignPrograms(tree.output, thisMachine(), TOOLS);
		const complete = here.includes("scripts/mod/modpost") && here.includes("scripts/basic/fixdep");
		return {
			id: "host-tools",
			status: broken.length > 0 ? "mismatch" : complete ? "match" : "unknown",
			expected: "fixdep and modpost that run here",
			actual: broken.length > 0 ? words(broken) : here.length > 0 ? here.join(", ") : null,
			evidence: here.map((tool) => ({ kind: "tree", path: join(tree.output, tool) })),
			advice: adviceOf(broken, complete, syncCommand),
		};
	},
};

function words(broken: ForeignProgram[]): string {
	const [{ why } = { why: "" }] = broken;
	return `${broken.map(({ path }) => path).join(", ")} cannot run here: ${why}`;
}

function adviceOf(broken: ForeignProgram[], complete: boolean, syncCommand: string): Advice | null {
	if (broken.length > 0) {
		const file = broken.map(({ path }) => path);
		const older = broken.every(({ why }) => why.includes("glibc"));
		const about = older ? "host-tools-newer-libc" : "host-tools-wrong-arch";
		return { about, facts: { file }, commands: [syncCommand] };
	}
	return complete ? null : { about: "host-tools-missing", commands: [syncCommand] };
}
