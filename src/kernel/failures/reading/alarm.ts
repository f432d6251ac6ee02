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
];

const ALARM =
	/\b(?:fatal )?error:|\bERROR\b|\*\*\* |[Kk]ernel panic|\bOops\b|\bBUG: |exit(?:ed with|ing with)? (?:code|status):? [1-9]|\bError \d{1,3}$|\bFAILED\b/;

/** Of what follows from a failure, or says that there is none. */
const NONE = /\b(?:0|no) errors?\b|Waiting for unfinished jobs|Deleting file|error: none/i;

/** True when a line tells of a failure: a log with such a line is not harmless. */
export function isAlarm(text: string): boolean {
	return ALARM.test(text) && !NONE.test(text);
}

/** Of several lines the one to look at first: not make's own tail when there is another. */
export function worst(lines: readonly string[]): string | undefined {
	return (
		lines.find((line) => !/^make(?:\[\d+\])?: |\bError \d{1,3}$|exit (?:code|status)/.test(line)) ?? lines[0]
	);
}
