import { posixQuoted } from "../../kernel/shell-word.ts";
import { findProgram } from "./program.ts";

/** Who runs a command, and what there is to become root with; tests name both. */
export interface Caller {
	uid: number | undefined;
	/** PATH. */
	path: string | undefined;
}

/**
 * `command` as this user has to type it: as it is for root, else with sudo or doas in front, else (a Debian without
 * sudo) as the argument of `su -c`. With none of them sudo stands there, for want of a better word.
 */
export function asRoot(command: string[], caller: Caller = thisUser()): string[] {
	if (caller.uid === 0) return command;
	const way = ["sudo", "doas", "su"].find((name) => findProgram(name, caller.path ?? "") !== null);
	return way === "su" ? ["su", "-c", command.map(posixQuoted).join(" ")] : [way ?? "sudo", ...command];
}

function thisUser(): Caller {
	return { uid: process.getuid?.(), path: process.env.PATH };
}
