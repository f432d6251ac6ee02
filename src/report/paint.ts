const [BOLD, RED, GREEN, YELLOW, CYAN] = ["1", "31", "32", "33", "36"];

/** What stands at the beginning of a line of a report, and its colour. */
const SIGNS: [pattern: RegExp, colour: string | undefined][] = [
	[/^( *)(ok)(?= )/, GREEN],
	[/^( *)(NO)(?= )/, RED],
	[/^( *)(note)(?= )/, YELLOW],
	[/^( *)(\?)(?= {2})/, YELLOW],
	[/^()(match)(?=: )/, GREEN],
	[/^()(mismatch)(?=: )/, RED],
	[/^()(unproven)(?=: )/, YELLOW],
	[/^()(next)(?=: )/, BOLD],
	[/^( +)(type)(?= )/, CYAN],
	[/^(.*: )(loads|loaded)(?=$|[,. ])/, GREEN],
	[/^(.*: )(refused|unsafe)(?=$|[,. ])/, RED],
	[/^(.*: )(unknown)$/, YELLOW],
];

/** A report with its signs (ok, note, NO) and verdicts (loads, refused) in colour; not a letter of it changes. */
export function painted(text: string): string {
	return text
		.split("\n")
		.map((line) => {
			const sign = SIGNS.find(([pattern]) => pattern.test(line));
			return sign === undefined ? line : line.replace(sign[0], `$1\x1b[${sign[1]}m$2\x1b[0m`);
		})
		.join("\n");
}

/**
 * Whether to paint: as --color or --no-color says, else on a terminal that is not dumb, unless NO_COLOR is set and
 * not empty (no-color.org).
 */
export function paints(
	asked: boolean | undefined,
	terminal: boolean,
	environment: NodeJS.ProcessEnv = process.env,
): boolean {
	if (asked !== undefined) return asked;
	return terminal && environment.TERM !== "dumb" && (environment.NO_COLOR ?? "") === "";
}
