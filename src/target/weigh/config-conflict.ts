import type { Conflict, FileFact } from "../target.ts";
import { reason } from "./precedence.ts";

const MOST_NAMES = 5;
const LINE = /^(?:CONFIG_\w+=.*|# CONFIG_\w+ is not set)$/;

/**
 * Compares the .config that was taken with the others, symbol for symbol (comments and order do not count), and
 * reports each that differs, with the symbols by which it does.
 */
export async function configConflicts(taken: FileFact, others: readonly FileFact[]): Promise<Conflict[]> {
	if (others.length === 0) return [];
	const bytes = Buffer.from(await taken.read());
	let ours: Set<string> | null = null;
	const conflicts: Conflict[] = [];
	for (const other of others) {
		const theirs = Buffer.from(await other.read());
		if (bytes.equals(theirs)) continue;
		ours ??= linesOf(bytes);
		const names = differing(ours, linesOf(theirs));
		if (names.length === 0) continue;
		const shown = names.slice(0, MOST_NAMES).join(", ");
		const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
		conflicts.push({
			fact: "config",
			values: [taken, other].map(({ value, source }) => ({ value, source })),
			why: `${reason("config", taken.source.kind, other.source.kind)}; they differ in ${shown}${more}`,
		});
	}
	return conflicts;
}

function linesOf(text: Buffer): Set<string> {
	return new Set(text.toString("latin1").split("\n"));
}

/** Names of the symbols that only one side has, or that have another value there. */
function differing(ours: ReadonlySet<string>, theirs: ReadonlySet<string>): string[] {
	const names = new Set<string>();
	for (const [side, other] of [
		[ours, theirs],
		[theirs, ours],
	] as const) {
		for (const line of side) {
			if (other.has(line) || !LINE.test(line)) continue;
			names.add(/CONFIG_\w+/.exec(line)?.[0] as string);
		}
	}
	return [...names].filter((name) => !absentAndUnset(name, ours, theirs)).sort();
}

/** "is not set" on one side and no line on the other mean the same to the C code. */
function absentAndUnset(name: string, ours: ReadonlySet<string>, theirs: ReadonlySet<string>): boolean {
	const unset = `# ${name} is not set`;
	const set = (side: ReadonlySet<string>) => {
		for (const line of side) if (line.startsWith(`${name}=`)) return true;
		return false;
	};
	return (ours.has(unset) || theirs.has(unset)) && !set(ours) && !set(theirs);
}
