/**
 * Where in the life of a module a failure stands, the decisive first: the kernel refuses it; insmod and its like report
 * that it was not loaded; a build stops; what follows from something else; what only informs.
 */
export const STAGES = ["refused", "reported", "building", "follows", "informs"] as const;

export type Stage = (typeof STAGES)[number];

/**
 * Which of several diagnoses comes first: by stage, then the smaller rank. Within `refused` ranks follow the order in
 * which the kernel's loader checks, within `building` causes come before what follows from them.
 */
export interface Place {
	stage: Stage;
	rank: number;
}

export const refused = (rank: number): Place => ({ stage: "refused", rank });
export const reported = (rank: number): Place => ({ stage: "reported", rank });
export const building = (rank: number): Place => ({ stage: "building", rank });
export const follows = (rank: number): Place => ({ stage: "follows", rank });
export const informs = (rank: number): Place => ({ stage: "informs", rank });

/** Behind everything else: evidence that decides nothing by itself. */
export const LAST: Place = informs(Number.MAX_SAFE_INTEGER);

/** For sort: negative when `a` comes before `b`. */
export function comparePlaces(a: Place, b: Place): number {
	return STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) || a.rank - b.rank;
}

/** The first of some places; LAST when there is none. */
export function firstPlace(places: Iterable<Place>): Place {
	let first = LAST;
	for (const place of places) if (comparePlaces(place, first) < 0) first = place;
	return first;
}

/** True when a module was not loaded, rather than a build stopped. */
export function isAboutLoading({ stage }: Place): boolean {
	return stage === "refused" || stage === "reported";
}
