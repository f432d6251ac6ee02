import type { Certainty, DetailName, Details, Diagnosis, Entry, Match } from "../entry.ts";
import { comparePlaces, firstPlace, isAboutLoading, LAST, type Place } from "../place.ts";

export const MOST_LINES = 40;
export const MOST_VALUES = 100;

/** What one line says about one entry. */
export interface Finding extends Match {
	/** null: a tool's line with an errno that is no diagnosis of its own. */
	entry: Entry | null;
	line: string;
	/** The errno of the tool's line that this finding rests on. */
	errno?: string;
	adds?: boolean;
	/** The log that the line is from; null when there is only one. */
	source?: string | null;
}

const CERTAINTIES: Certainty[] = ["certain", "likely", "possible"];

/** One diagnosis an entry, with all that its lines say; tools' lines belong to the refusal that they report. */
export function merged(findings: Finding[]): Diagnosis[] {
	const own = findings.filter(({ errno, adds }) => errno === undefined && !adds);
	const refusals = findings.filter(({ errno }) => errno !== undefined);
	const byEntry = new Map<Entry, Finding[]>();
	const put = (entry: Entry, finding: Finding) =>
		byEntry.set(entry, [...(byEntry.get(entry) ?? []), finding]);
	for (const finding of own) if (finding.entry !== null) put(finding.entry, finding);
	const kernel = [...byEntry.keys()].filter((entry) => isAboutLoading(placeOf(byEntry.get(entry) ?? [])));
	for (const finding of refusals) {
		const reported = kernel
			.filter((entry) => entry.returns?.includes(finding.errno ?? ""))
			.sort((a, b) => comparePlaces(placeOf(byEntry.get(a) ?? []), placeOf(byEntry.get(b) ?? [])));
		const [cause] = reported;
		if (finding.entry !== null && (cause === undefined || cause === finding.entry))
			put(finding.entry, finding);
		else if (cause !== undefined)
			put(cause, { ...reporting(finding, byEntry.get(cause) ?? []), entry: cause });
	}
	for (const finding of findings)
		if (finding.adds && finding.entry !== null && byEntry.has(finding.entry)) put(finding.entry, finding);
	return [...byEntry]
		.map(([entry, found]) => diagnosis(entry, found))
		.sort((a, b) => comparePlaces(a.place, b.place));
}

/** A tool's line as evidence of what the kernel said: it adds the module's name when that is not known, and nothing else. */
function reporting(finding: Finding, known: Finding[]): Finding {
	const { module } = finding.details;
	const named = known.some(({ details }) => details.module !== undefined);
	return { ...finding, details: named || module === undefined ? {} : { module }, place: LAST };
}

function diagnosis(entry: Entry, found: Finding[]): Diagnosis {
	const details: Details = {};
	for (const finding of found)
		for (const [name, values] of Object.entries(finding.details) as [DetailName, string[]][]) {
			const all = new Set([...(details[name] ?? []), ...values]);
			details[name] = [...all].slice(0, MOST_VALUES);
		}
	const certainties = found.map(({ certainty }) => CERTAINTIES.indexOf(certainty ?? "certain"));
	return {
		entry,
		details,
		certainty: CERTAINTIES[Math.min(...certainties)] as Certainty,
		place: placeOf(found),
		lines: [...new Set(found.map(({ line }) => line.trim()))].slice(0, MOST_LINES),
		files: [...new Set(found.flatMap(({ source }) => source ?? []))],
	};
}

function placeOf(found: Finding[]): Place {
	return firstPlace(found.map(({ place, entry }) => place ?? entry?.place ?? LAST));
}

/** Takes away what only follows: the same symbols named again by a later line. */
export function explained(diagnoses: Diagnosis[]): Diagnosis[] {
	const gone = new Set<Diagnosis>();
	for (const cause of diagnoses)
		for (const effect of diagnoses) {
			if (cause === effect || !cause.entry.explains?.includes(effect.entry.id)) continue;
			const left = (effect.details.symbol ?? []).filter((symbol) => !cause.details.symbol?.includes(symbol));
			if (left.length > 0) effect.details = { ...effect.details, symbol: left };
			else {
				gone.add(effect);
				cause.place = firstPlace([cause.place, effect.place]);
				cause.lines = [...new Set([...cause.lines, ...effect.lines])].slice(0, MOST_LINES);
				cause.files = [...new Set([...cause.files, ...effect.files])];
				if (cause.details.module === undefined && effect.details.module !== undefined)
					cause.details = { ...cause.details, module: effect.details.module };
			}
		}
	return diagnoses.filter((entry) => !gone.has(entry)).sort((a, b) => comparePlaces(a.place, b.place));
}
