/** One line of kbuild's quiet output: two spaces, a word padded to 8 columns, what it works on. */
export interface ProgressLine {
	/** SPLIT, SYNC, UPD, HOSTCC, CC, DESCEND... */
	word: string;
	/** `true` for `[M]` lines. */
	module: boolean;
	/** The rest: usually a path. */
	what: string;
}

const LINE = /^ {2}([A-Z][A-Z0-9_+-]{1,15})(?: \[(M)\])? +(\S.*)$/;

/** Reads one line of make's output (scripts/Kbuild.include `quiet_cmd_*`, every era); null for any other line. */
export function parseProgressLine(line: string): ProgressLine | null {
	if (line.length > 4096) return null;
	const match = LINE.exec(line);
	return match === null
		? null
		: { word: match[1] as string, module: match[2] === "M", what: (match[3] as string).trimEnd() };
}

/** Whether this line says that a configuration was split into include/config: the SPLIT line, up to 2.6.17. */
export function isSplit(line: ProgressLine): boolean {
	return line.word === "SPLIT" && line.what.includes("autoconf.h");
}
