import type { Conflict, Evidence, Fact, TargetFacts } from "../target.ts";
import { unclamped } from "./clamped.ts";
import { PRECEDENCE, reason } from "./precedence.ts";

type AnyFact = Fact<string | number>;

/** Facts whose values are compared as they are; of the others (files, folders) two places are no contradiction. */
const COMPARED: readonly (keyof TargetFacts)[] = [
	"release",
	"version",
	"arch",
	"vermagic",
	"compiler",
	"packageVersion",
	"randstructHash",
	"structModuleSize",
	"moduleLayoutCrc",
	"signatureCheck",
	"retpoline",
];

/** All voices on one fact, the most believable first; equal kinds keep the order of the evidence. */
export function ranked<F extends keyof TargetFacts>(
	fact: F,
	evidence: readonly Evidence[],
): NonNullable<TargetFacts[F]>[] {
	const order = PRECEDENCE[fact];
	const rank = (voice: AnyFact) => {
		const at = order.indexOf(voice.source.kind);
		return at === -1 ? order.length : at;
	};
	const voices = evidence.map((one) => one[fact]).filter((voice) => voice !== null && voice !== undefined);
	return (voices as AnyFact[]).sort((a, b) => rank(a) - rank(b)) as unknown as NonNullable<TargetFacts[F]>[];
}

/**
 * Takes the most believable voice on a fact and reports each other voice that says something different. Evidence
 * that speaks of another kernel (see `apart`) must be handed in behind the rest.
 */
export function weigh<F extends keyof TargetFacts>(
	fact: F,
	groups: readonly (readonly Evidence[])[],
	conflicts: Conflict[],
): TargetFacts[F] {
	const told = groups.flatMap((group) => ranked(fact, group)) as AnyFact[];
	const voices = fact === "version" ? unclamped(told as Fact[], groups.flat()) : told;
	const [first, ...others] = voices;
	if (first === undefined) return null as TargetFacts[F];
	const different = COMPARED.includes(fact)
		? others.filter((voice, at) => voice.value !== first.value && unlike(voice, others.slice(0, at)))
		: [];
	if (different.length > 0) {
		const agreeing = voices.filter((voice) => voice.value === first.value);
		const reasons = different.map(({ source }) => {
			const nearest = agreeing.find((voice) => voice.source.kind === source.kind) ?? first;
			return reason(fact, nearest.source.kind, source.kind);
		});
		conflicts.push({
			fact,
			values: [plain(first), ...different.map(plain)],
			why: [...new Set(reasons)].join("; "),
		});
	}
	return first as unknown as TargetFacts[F];
}

/**
 * Evidence that names another release than the target's (a vmlinuz whose banner is another kernel's, a build link
 * that leads to other headers) is kept apart: it is believed only where nothing else speaks.
 */
export function apart(
	evidence: readonly Evidence[],
	release: string,
): [own: Evidence[], foreign: Evidence[]] {
	const foreign = (one: Evidence) =>
		one.release != null && one.release.value !== release && onlyRelease(one) === false;
	return [evidence.filter((one) => !foreign(one)), evidence.filter(foreign)];
}

function onlyRelease(one: Evidence): boolean {
	return Object.entries(one).every(([fact, voice]) => fact === "release" || voice == null);
}

function unlike(voice: AnyFact, before: readonly AnyFact[]): boolean {
	return before.every((other) => other.value !== voice.value || other.source.path !== voice.source.path);
}

function plain({ value, source }: AnyFact): AnyFact {
	return { value, source };
}
