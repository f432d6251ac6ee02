import { errnoName } from "../../kernel/errno/errno.ts";
import type { AskedModule, BootStage, BootTranscript, LoadResult } from "../../kernel/log/bootlog.ts";
import { identifier } from "../../kernel/module-name.ts";
import { type BootModule, fileOf } from "./initramfs.ts";

export interface ModuleVerdict {
	name: string;
	loaded: boolean;
	/** Why not: errno of finit_module; null when it loaded, or when the load ended the process or the machine. */
	errno: { number: number; name: string } | null;
	/** "answered"; "killed", "stuck": the load oopsed or never returned; "crashed": the machine went down with it. */
	state: "answered" | "killed" | "stuck" | "crashed";
	stage: BootStage;
	/** The load ended in its init function: the loader had taken it. */
	inInit: boolean;
	/** Lines that the kernel logged during this load, without level and time. */
	log: string[];
	/** True when it was unloaded again after it had loaded. */
	unloaded: boolean;
	/** The line of a panic or oops that it ended in; null when none was seen. */
	panic: string | null;
	/** What the kernel asked for during the load. */
	asked: AskedModule[];
}

/** The verdicts that a boot came to, the last of them on the module that took the machine down, if one did. */
export function verdictsOf(modules: readonly BootModule[], transcript: BootTranscript): ModuleVerdict[] {
	const { loads, unfinished, log, panic } = transcript;
	const found: ModuleVerdict[] = [];
	for (const [index, { name }] of modules.entries()) {
		const load = loads.find((it) => it.file === fileOf(index));
		if (load !== undefined) found.push(verdict(name, load, panic));
		else if (unfinished !== fileOf(index)) break;
		else
			found.push({
				...{ name, loaded: false, errno: null, state: "crashed", stage: "crashed", unloaded: false },
				...{ inInit: isIn(name, log), log: log.slice(-40), panic, asked: [] },
			});
	}
	return found;
}

/** Whether a second boot should confirm it: an emulated machine on a busy host may stop, or be slow, by itself. */
export function doubtful({ state }: ModuleVerdict): boolean {
	return state === "crashed" || state === "stuck";
}

function verdict(name: string, load: LoadResult, panic: string | null): ModuleVerdict {
	const { returned, state, log, unloaded, asked } = load;
	const answered = state === "done";
	return {
		...{ name, log, asked, unloaded: unloaded !== null },
		loaded: answered && returned === 0,
		errno: answered && returned !== 0 ? { number: -returned, name: errnoName(returned) } : null,
		state: answered ? "answered" : state,
		stage: answered ? stageOf(load) : "crashed",
		inInit: !answered && (load.inits.some((call) => call.returned === null) || isIn(name, log)),
		panic: answered ? null : panic,
	};
}

/** The loader gives back what the init function returned, so a call with just that result was the module's own. */
function stageOf({ returned, inits }: LoadResult): BootStage {
	if (returned === 0) return "loaded";
	return inits.some((call) => call.returned === returned) ? "init" : "loader";
}

/** Whether the trace of a crash begins in the module itself: "RIP: 0010:f+0x5/0x10 [name]", "pc : f+0x5/0x10 [name]". */
function isIn(name: string, log: readonly string[]): boolean {
	const own = identifier(name.replace(/\.ko.*$/, ""));
	const at = log.map(
		(line) => /\b(?:[ER]?IP|pc|epc|PC is at|NIP)\b.*\+0x[\da-f]+\/0x[\da-f]+ \[([\w-]+)\]/.exec(line)?.[1],
	);
	return identifier(at.find((it) => it !== undefined) ?? "") === own;
}
