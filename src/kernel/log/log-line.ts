/** The most of a line that is looked at; longer ones are cut into pieces by the reader. */
export const MOST_LINE = 8192;

/**
 * What a line says without what surrounds it: escape sequences, control characters, quoting marks, dmesg, syslog,
 * journal, logcat and CI time stamps, log levels; quotes of every kind become ', runs of white space one space.
 */
export function normaliseLine(raw: string): string {
	let text = displayLine(raw)
		// Forums' and browsers' markup around a line.
		.replace(
			/^\s*(?:<\/?(?:pre|code|p|br|div|span|li|td|tr|samp)\b[^>]{0,200}>\s*){1,6}|(?:<\/?(?:pre|code|p|br|div|span|li|td|tr|samp)\b[^>]{0,40}>){1,6}\s*$/g,
			"",
		)
		// A whole line as code in a forum's markup; inside it, quotes stay as they are.
		.replace(/^\s*`([^`].*)`\s*$/, "$1")
		.replace(/[«‹]\s{0,4}|\s{0,4}[»›]/g, "'")
		.replace(/["‘’‚‛`´′“”„‟「」『』＂＇]/g, "'")
		.replace(/：/g, ": ")
		.replace(/[\s\u3000]+/g, " ")
		.trim();
	for (let round = 0; round < 8; round++) {
		const shorter = PREFIXES.reduce((rest, prefix) => rest.replace(prefix, ""), text);
		if (shorter === text) break;
		text = shorter;
	}
	return text;
}

/** Keys under which JSON keeps what a program printed: Ansible, journalctl -o json, docker's json-file. */
const PACKED =
	/\\n|\\["']|\\u20[12][0-9a-f]|^\s*"(?:[^"\\]|\\.){1,4000}",?\s*$|"(?:MESSAGE|log|msg|std(?:err|out)(?:_lines)?)": ?["[]/;

const MOST_UNPACKED = 400;

/** The lines that a line of JSON, or of a quoted string with escapes, holds; null when it holds none. */
export function unpackedLines(raw: string): string[] | null {
	if (!PACKED.test(raw)) return null;
	return raw
		.split(/(?:\\r)?\\n|(?<!\\)", ?"|(?<!\\)": ?\[?"|\{"/, MOST_UNPACKED)
		.map((part) =>
			part
				.replace(/^.{0,60}\bb'(?=\S)/, "")
				.replace(/^\s*"|(?<!\\)"[\],}]*\s*$/g, "")
				.replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
				.replace(/\\t/g, " ")
				.replace(/\\(["'\\/])/g, "$1"),
		)
		.filter((part) => part.trim() !== "");
}

/** The line as it may be shown: without escape sequences, control characters and marks that change the direction of text. */
export function displayLine(raw: string): string {
	const text = raw.includes("&") ? withoutEntities(raw) : raw;
	if (!UNSAFE.test(text)) return text.trimEnd();
	return text.replace(ESCAPES, "").replace(/\t/g, " ").replace(CONTROLS, "").trimEnd();
}

/** What a page showed: some are escaped twice. */
function withoutEntities(text: string): string {
	return text
		.replace(/&(?:amp;){0,2}(?=(?:quot|#(?:\d{1,6}|x[0-9a-fA-F]{1,6})|apos|lt|gt|nbsp);)/g, "&")
		.replace(/&(?:quot|apos|lt|gt|amp|nbsp|#(?:(\d{1,6})|x([0-9a-fA-F]{1,6})));/g, (entity, decimal, hex) => {
			const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
			// What is not printed stays as it was written.
			return ENTITIES[entity] ?? (code >= 0x20 && code < 0x10000 ? String.fromCharCode(code) : entity);
		});
}

/** True when the line begins with a time stamp of its own: it is no rest of the line before, wrapped by a terminal. */
export function isStamped(raw: string): boolean {
	return STAMP.test(raw);
}

const STAMP = /^\W{0,3}(?:\w{3} {1,2}\d{1,2} \d\d:|\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|\[ {0,12}\d{1,10}\.\d)/;

const ENTITIES: Record<string, string> = {
	"&quot;": '"',
	"&nbsp;": " ",
	"&apos;": "'",
	"&lt;": "<",
	"&gt;": ">",
	"&amp;": "&",
};

/** C0, C1 and the bidirectional and zero-width marks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;
const UNSAFE = new RegExp(CONTROLS.source);

/** CSI, OSC and string sequences (ECMA-48), then any other two-character escape; and what `cat -v` makes of them. */
const ESCAPES =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
	/(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]|\x1b[\]PX^_][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)?|\x1b[ -/]{0,4}[0-~]|\^\[\[[0-9;]{0,32}[A-Za-z]/g;

/** What may stand in front of a message, each removed once a round. */
const PREFIXES = [
	/^(?:>|\||#>|│|\*\*(?=[^*\s])|```\w*)\s*/,
	/^\+(?=[A-Za-z./])/,
	// dmesg -H; pssh and docker compose.
	/^\[(?:\s{0,4}\+\d{1,8}\.\d{1,9}|\w{3} {1,2}\d{1,2} \d\d:\d\d)\]\s*/,
	/^[A-Za-z][\w.-]{1,60} {1,4}\| /,
	/^##\[\w{1,20}\]/,
	// GitLab's stream marks, behind its time stamp.
	/^\d\d[OE][ +](?=\S|\s)/,
	// grep -n and its like over a file that is called a log.
	/^[\w./-]{1,200}\.(?:log|txt|out):\d{1,7}[:-]\s?/,
	// gh run view --log: the job, the step.
	/^[^\t:]{1,60} (?:UNKNOWN STEP|Run \S{1,60}|Build\w{0,10}) (?=\d{4}-\d\d-\d\dT)/,
	/^\[\.{3}\]\s*/,
	/^(?:#\d{1,4} \d{1,6}\.\d{1,3}|remote:)\s+/,
	/^<\d{1,3}>\s*/,
	/^(?:kern|user|daemon|syslog)\s{0,4}:(?:emerg|alert|crit|err|warn|notice|info|debug)\s{0,4}:\s*/,
	/^\[\s{0,12}\d{1,10}\.\d{3,9}\]\s*/,
	/^\[\s{0,4}[TC]\d{1,7}\]\s*/,
	/^\[(?:\w{3}\.? ){1,2}\s?\d{1,2} \d\d:\d\d:\d\d(?: \d{4})?\]\s*/,
	/^\[\w{1,5}\s{0,2}\d{4}-\d\d-\d\d[^\]]{0,40}\]\s*/,
	/^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d| (?:UTC|GMT|[A-Z]{2,4}T)(?= ))?\]?\s*/,
	/^\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\s{1,4}\d{1,6}\s{1,4}\d{1,6} [VDIWEF] (?:\S{1,40}\s{0,20}: )?/,
	/^(?:[^\s\d]{1,10}\.?|\d{1,2}月) {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d{1,9})? (?:(?!fatal |internal |module |cc1 )[\w.-]{1,64} (?=[\w.@/()-]{1,60}(?:\[\d{1,7}\])?: ))?(?=\S)/,
	/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?=\w{3} {1,2}\d|\d{4}-)/,
	// A program's tag of syslog; make counts its levels in the same way.
	/^(?!g?make\[)(?:[\w.-]{1,64} )?(?!g?make\[)[\w.@/-]{1,60}\[\d{1,7}\]: /,
	/^\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\s+/,
	/^(?:[\w.-]{1,64} )?kernel(?:\[\d{1,7}\])?: /,
];
