/** What failureText needs to know of a finished program. */
export interface Failed {
	command: string[];
	status: number | null;
	stdout: string;
	stderr: string;
	timedOut: boolean;
}

const LAST_LINES = 12;

/** The one wording for a program that failed: its command line, how it ended, its last lines (stderr, else stdout). */
export function failureText({ command, status, stdout, stderr, timedOut }: Failed, timeout?: number): string {
	const how = timedOut
		? `took longer than ${Math.round((timeout ?? 0) / 1000)} s and was stopped`
		: status === null
			? "was ended by a signal"
			: `ended with status ${status}`;
	const output = (stderr.trim() === "" ? stdout : stderr).trimEnd().split("\n").slice(-LAST_LINES);
	const tail = output.filter((line) => line !== "").map((line) => `    ${line}`);
	return [`${command.join(" ")} ${how}`, ...tail].join("\n");
}
