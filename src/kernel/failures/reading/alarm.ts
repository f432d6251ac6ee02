/** Needles of lines that say that something went wrong, whatever it was. */
export const ALARM_NEEDLES = [
	"rror",
	"ERROR",
	"*** ",
	"panic",
	"Oops",
	"BUG: ",
	"exit code",
	"exit status",
	"FAILED",
	"FATAL",
];

const ALARM =
	/\b(?:fatal )?error:|\bERROR\b|\*\*\* |[Kk]ernel panic|\bOops\b|\bBUG: |exit(?:ed with|ing with)? (?:code|status):? [1-9]|\bError \d{1,3}$|\bFAILED\b|\bFATAL\b/;

/** Of what follows from a failure, or says that there is none. */
const NONE = /\b(?:0|no) errors?\b|Waiting for unfinished jobs|Deleting file|error: none/i;

/** True when a line tells of a failure: a log with such a line is not harmless. */
export function isAlarm(text: string): boolean {
	return ALARM.test(text) && !NONE.test(text);
}

/** A line that says that something failed, and nothing of what: make's last words, an exit status, a wrapper's report. */
const TAIL =
	/^g?make(?:\[\d+\])?: |\bError \d{1,3}$|exit(?:ed)? (?:with )?(?:code|status)|[Ee]rror(?:s)? (?:during|while) (?:\w+ )?(?:execution|running)|^Error! |(?:returned|with) (?:a )?(?:non-?zero|bad) |_FAILED$|aborting due to |Traceback \(most recent|^(?:\S{1,40}: )?(?:error|ERROR):$|\[? ?FAILED ?\]?$/;

/** True when a line tells of a failure and gives no reason for it: that stands above it. */
export function isTail(line: string): boolean {
	return TAIL.test(line);
}

/** Of several alarms the one to look at first: not a tail when there is another. */
export function worst<T extends { line: string }>(alarms: readonly T[]): T | undefined {
	return alarms.find(({ line }) => !isTail(line)) ?? alarms[0];
}

/** Lines that tell of progress or of places, never of a reason. */
const PLACE =
	/^ {2}[A-Z][A-Z0-9_]{1,14}(?: \[M\])? |(?:Entering|Leaving) directory|^\s*$|^\s*[~^|+-]+\s*$|^[#$>%] |Waiting for unfinished/;

/** The line above a failure, when it may be the reason; null when it only tells of progress. */
export function reasonAbove(line: string): string | null {
	return PLACE.test(line) || line.length > 1000 ? null : line.trim();
}
