/** What a boot said to one module, as --json prints it. */
export interface BootResult {
	loaded: boolean;
	/** Name of the errno, such as "ENOEXEC"; null when it loaded, or when the load took the kernel down. */
	errno: string | null;
	stage: BootStage;
	/** It crashed in its init function, which the loader had called. */
	inInit?: boolean;
	/** The kernel's own line of a panic or oops that the load ended in; null when none was seen. */
	panic: string | null;
	/** A module that had to be loaded first and was not: the failure is its own. */
	dependency: { name: string; errno: string | null; stage: BootStage; log: string[] } | null;
	/** "none": user-mode Linux, a process of this machine. */
	accelerator: "kvm" | "tcg" | "none";
	seconds: number;
	/** What the kernel logged during the load, without times. */
	log: string[];
}

/**
 * How far a module came: loaded; `init`: the loader took it and its own init function failed; `loader`: the loader refused
 * it; `crashed`: the kernel did not survive, or never came back from the load.
 */
export type BootStage = "loaded" | "init" | "loader" | "crashed";

/** A call of a module's init function, as initcall_debug shows it. */
export interface InitCall {
	/** null: the kernel has no names for its symbols. */
	module: string | null;
	/** null: it did not come back. */
	returned: number | null;
}

/** One request_module() during a load: for what, and which files were loaded for it with which result. */
export interface AskedModule {
	name: string;
	loaded: { file: string; returned: number }[];
}

/** What the kernel said to one module. */
export interface LoadResult {
	/** As it was named in the list. */
	file: string;
	/** 0, or the negative errno of finit_module. */
	returned: number;
	/** "killed": the kernel ended the process that loaded (an oops); "stuck": no answer in time. */
	state: "done" | "killed" | "stuck";
	/**
	 * What the kernel logged during this load, without level and time, bytes outside of ASCII as \xHH; not what its
	 * timers and drivers say by themselves in the first seconds.
	 */
	log: string[];
	/** Name under which it was unloaded again; null when it was not. */
	unloaded: string | null;
	/** Calls of init functions during the load, in order; empty when the loader refused it before. */
	inits: InitCall[];
	asked: AskedModule[];
}

export interface BootTranscript {
	/** `uname -r` of the kernel that ran; null when templates/init.c never spoke. */
	release: string | null;
	loads: LoadResult[];
	/** The file whose load had begun when the machine went silent; null when the run came to its end. */
	unfinished: string | null;
	/** True when templates/init.c came to its end. */
	complete: boolean;
	/** Files of /sys and /proc that were asked for, with their first line. */
	shown: Map<string, string>;
	/** Everything that the kernel logged and that it printed by itself, in order. */
	log: string[];
	/** The kernel's line that begins a panic or an oops, anywhere on the port; null when there is none. */
	panic: string | null;
}

/**
 * Reads what templates/init.c (its comment has the grammar) printed on the serial port. `word` starts each of its
 * lines; everything else on the port is the kernel's own, and may have cut a line of ours in two: such a line is lost,
 * not misread.
 */
export function readTranscript(lines: readonly string[], word: string): BootTranscript {
	const transcript: BootTranscript = {
		...{
			release: null,
			loads: [],
			unfinished: null,
			complete: false,
			shown: new Map(),
			log: [],
			panic: null,
		},
	};
	let during: string[] = [];
	let inits: InitCall[] = [];
	let remembered = false;
	for (const raw of lines) {
		const line = plain(raw);
		transcript.panic ??= PANIC.exec(line)?.[0] ?? null;
		if (!line.startsWith(`${word} `)) {
			if (line.trim() !== "") transcript.log.push(line);
			continue;
		}
		const [, what = "", rest = ""] = /^(\w+) ?(.*)$/.exec(line.slice(word.length + 1)) ?? [];
		const [first = "", second = "", third = ""] = rest.split(" ");
		switch (what) {
			case "start":
				transcript.release = first;
				break;
			case "sysctl":
				transcript.shown.set(first, rest.slice(first.length + 1));
				break;
			case "log":
				// The kernel's own memory of its log has what it printed until now, and whole lines.
				if (!remembered) transcript.log = [];
				remembered = true;
				if (noteInit(withoutStamp(rest), inits)) break;
				if (!FROM_ELSEWHERE.test(withoutStamp(rest))) during.push(withoutStamp(rest));
				transcript.log.push(rest.replace(/^<\d+>/, ""));
				break;
			case "try":
				during = [];
				inits = [];
				transcript.unfinished = first;
				break;
			case "result":
				if (!/^-?\d+$/.test(second) || !STATES.has(third)) break;
				transcript.loads.push({
					...{ file: first, returned: Number(second), state: third as LoadResult["state"] },
					...{ log: during, unloaded: null, inits, asked: [] },
				});
				during = [];
				transcript.unfinished = null;
				break;
			case "asked":
				transcript.loads.at(-1)?.asked.push(askedModule(rest.split(" ")));
				break;
			case "unloaded": {
				const load = transcript.loads.findLast((it) => it.file === first);
				if (load !== undefined && third === "0") load.unloaded = second;
				break;
			}
			case "end":
				transcript.complete = true;
		}
	}
	return transcript;
}

/** The first line of what ends a kernel or a process in it, without its stamp (kernel/panic.c, lib/bug.c, mm/fault.c). */
const PANIC =
	/(?:Kernel panic - not syncing|BUG: |Oops(?::|\b.*\[#)|general protection fault|Unable to handle kernel|Internal error: |kernel BUG at |watchdog: BUG|invalid opcode: |stack segment: |double fault).*/;

/** initcall_debug (init/main.c: trace_initcall_start_cb(), _finish_cb()), and what drivers/base/dd.c says with it. */
const CALLING = /^calling {2}\S+(?: \[([\w-]+)\])? @ \d+$/;
const CALLED = /^initcall \S+(?: \[([\w-]+)\])? returned (-?\d+) (?:after \d+ usecs|with )/;
const PROBED = /^(?:probe of \S+ returned|entering initcall)/;

/** True when the line is one of initcall_debug's; calls are noted. */
function noteInit(line: string, inits: InitCall[]): boolean {
	const calling = CALLING.exec(line);
	const called = calling === null ? CALLED.exec(line) : null;
	if (calling !== null) inits.push({ module: calling[1] ?? null, returned: null });
	const open =
		called && inits.findLast(({ module, returned }) => returned === null && module === (called[1] ?? null));
	if (open) open.returned = Number(called?.[2]);
	return calling !== null || called !== null || PROBED.test(line);
}

/** "NAME FILE RETURN FILE RETURN". */
function askedModule([name = "", ...words]: string[]): AskedModule {
	const loaded: AskedModule["loaded"] = [];
	for (let at = 0; at + 1 < words.length; at += 2)
		loaded.push({ file: words[at] as string, returned: Number(words[at + 1]) });
	return { name, loaded };
}

/** "hello: version magic ..." of "<3>[    1.234567] hello: version magic ...", with or without CONFIG_PRINTK_CALLER. */
export function withoutStamp(line: string): string {
	return line.replace(/^<\d+>/, "").replace(/^\[\s*\d+\.\d+\](?:\[\s*[TC]\d+\])? ?/, "");
}

/**
 * What a freshly booted machine logs from its own timers, whichever module is being loaded just then: arch/x86/kernel/
 * tsc.c (the calibration that is refined a second after boot), kernel/time/{clocksource,sched_clock,hrtimer}.c,
 * kernel/events/core.c, kernel/workqueue.c, drivers/char/random.c, drivers/input/input.c; 5.10 to 7.2.
 */
const FROM_ELSEWHERE =
	/^(?:tsc: (?:Refined|Fast|Unable|Marking)|clocksource: (?!module )|sched_clock: |hrtimer: interrupt took |perf: interrupt took too long|workqueue: .+ hogged CPU|random: (?:crng|fast|\d+ )|input: .+ as \/devices\/)/;

const STATES = new Set(["done", "killed", "stuck"]);

/** Serial lines end in \r\n, and firmware prints escape sequences. */
function plain(line: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed here
	return line.replace(/\x1b\[[\d;?]*[A-Za-z]|\x1b[^[]/g, "").replace(/[\x00-\x1f\x7f-\x9f]+/g, "");
}
