/** What a boot said to one module, as --json prints it. */
export interface BootResult {
	loaded: boolean;
	/** Name of the errno, such as "ENOEXEC"; null when it loaded, or when the load took the kernel down. */
	errno: string | null;
	/** "none": user-mode Linux, a process of this machine. */
	accelerator: "kvm" | "tcg" | "none";
	seconds: number;
	/** What the kernel logged during the load, without times. */
	log: string[];
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
}

/**
 * Reads what templates/init.c (its comment has the grammar) printed on the serial port. `word` starts each of its
 * lines; everything else on the port is the kernel's own, and may have cut a line of ours in two: such a line is lost,
 * not misread.
 */
export function readTranscript(lines: readonly string[], word: string): BootTranscript {
	const transcript: BootTranscript = {
		...{ release: null, loads: [], unfinished: null, complete: false, shown: new Map(), log: [] },
	};
	let during: string[] = [];
	let remembered = false;
	for (const raw of lines) {
		const line = plain(raw);
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
				if (!FROM_ELSEWHERE.test(withoutStamp(rest))) during.push(withoutStamp(rest));
				transcript.log.push(rest.replace(/^<\d+>/, ""));
				break;
			case "try":
				during = [];
				transcript.unfinished = first;
				break;
			case "result":
				if (!/^-?\d+$/.test(second) || !STATES.has(third)) break;
				transcript.loads.push({
					...{ file: first, returned: Number(second), state: third as LoadResult["state"] },
					...{ log: during, unloaded: null },
				});
				during = [];
				transcript.unfinished = null;
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
	/^(?:tsc: (?:Refined|Fast|Unable|Marking)|clocksource: |sched_clock: |hrtimer: interrupt took |perf: interrupt took too long|workqueue: .+ hogged CPU|random: (?:crng|fast|\d+ )|input: .+ as \/devices\/)/;

const STATES = new Set(["done", "killed", "stuck"]);

/** Serial lines end in \r\n, and firmware prints escape sequences. */
function plain(line: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed here
	return line.replace(/\x1b\[[\d;?]*[A-Za-z]|\x1b[^[]/g, "").replace(/[\x00-\x1f\x7f-\x9f]+/g, "");
}
