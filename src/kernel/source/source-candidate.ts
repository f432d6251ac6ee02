import { parseRelease, planRelease, type ReleaseParts, type ReleaseRules } from "../release/release.ts";

/** What `sync` could make of a tree: EXTRAVERSION is enough, the release must be pinned, or it is another kernel. */
export type Verdict = "fits" | "needs-pin" | "wrong-sublevel" | "wrong-series";

export interface CandidateTarget {
	/** `uname -r`. */
	release: string;
	/** V.P.S behind LINUX_VERSION_CODE; null when unknown. */
	version: string | null;
}

export interface Judgement {
	verdict: Verdict;
	/** One sentence: what decides. */
	why: string;
}

/** Rules of a present-day tree, for a tree that is not here yet (6.3 and later; FACTS section 1). */
export const RULES_NOW: ReleaseRules = { localversion: true, plus: true, scmversionFile: false };

/** The parts of a tree of which only V.P.S is known, built with the target's CONFIG_LOCALVERSION. */
export function partsOfVersion(version: string, extraversion = "", configLocalversion = ""): ReleaseParts {
	return {
		base: version,
		extraversion,
		localversionFiles: "",
		configLocalversion,
		localversion: null,
		auto: false,
		scm: { full: "", short: "" },
	};
}

/**
 * Says whether a tree can give modules for the target, as `sync` will then decide it (planRelease): the series and
 * the sublevel behind LINUX_VERSION_CODE must be the target's; the release text follows by EXTRAVERSION or a pin.
 */
export function judgeTree(target: CandidateTarget, parts: ReleaseParts, rules: ReleaseRules): Judgement {
	const tree = triple(parts.base);
	const named = parseRelease(target.release);
	const wanted = triple(target.version ?? named?.base ?? "");
	if (tree === null || wanted === null)
		return { verdict: "wrong-series", why: `${parts.base} is no kernel version that can be compared` };
	if (tree[0] !== wanted[0] || tree[1] !== wanted[1]) {
		const series = `${wanted[0]}.${wanted[1]}`;
		return { verdict: "wrong-series", why: `the target is a ${series} kernel, the tree is ${parts.base}` };
	}
	const plan = planRelease(target.release, parts, rules);
	if (tree[2] === wanted[2]) {
		if (plan.strategy === "pin") return { verdict: "needs-pin", why: plan.reason };
		const how =
			plan.extraversion === parts.extraversion
				? "the release comes out as it is"
				: `EXTRAVERSION = ${plan.extraversion || "(empty)"} gives the release`;
		return { verdict: "fits", why: `${plan.reason}, ${how}` };
	}
	if (target.version === null && wanted[2] === 0)
		return {
			verdict: "needs-pin",
			why: `${target.release} names no sublevel and the target's is not known: it may be another than ${tree[2]}`,
		};
	const version = wanted.join(".");
	return {
		verdict: "wrong-sublevel",
		why: `the target's LINUX_VERSION_CODE says ${version}, the tree is ${tree.join(".")}`,
	};
}

/** Another upload of the same source, whose version does not tell the sublevel inside (Ubuntu's 5.0.0-31.33). */
export function judgeUntold(wantedPackage: string | null): Judgement {
	return {
		verdict: "wrong-sublevel",
		why:
			wantedPackage === null
				? "its version does not tell the sublevel inside, and nothing tells which version the target came from"
				: `the target came from ${wantedPackage}, and this version does not tell the sublevel inside`,
	};
}

const ORDER: Verdict[] = ["fits", "needs-pin", "wrong-sublevel", "wrong-series"];

/** Sorts best first: by verdict, then by `rank` (smaller is nearer to what the target was built from). */
export function byVerdict(
	a: { verdict: Verdict; rank: number },
	b: { verdict: Verdict; rank: number },
): number {
	return ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || a.rank - b.rank;
}

/**
 * V.P.S in front of a package's version, as "6.1.192"; null when the version does not tell it. Debian "6.1.192-2",
 * Fedora "6.8.5-301.fc40", Arch "6.9.1.arch1-1", Alpine "6.6.31-r0" tell it; in the .deb world Ubuntu's
 * "5.0.0-27.28" (ABI and upload behind a sublevel that is always 0) does not.
 */
export function versionOfPackage(version: string, format: "deb" | "other"): string | null {
	const [, major, minor, sublevel = "0", rest = ""] =
		/^(?:\d+:)?(\d+)\.(\d+)(?:\.(\d+))?(.*)$/.exec(version) ?? [];
	if (major === undefined) return null;
	if (format === "deb" && sublevel === "0" && /^-\d+\.\d+(?:[~+.]|$)/.test(rest)) return null;
	return `${major}.${minor}.${sublevel}`;
}

/** Version, patchlevel and sublevel as numbers; a missing sublevel is 0, what follows ("2.6.32.71") is left out. */
function triple(version: string): [number, number, number] | null {
	const [, major, minor, sublevel = "0"] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
	return major === undefined ? null : [Number(major), Number(minor), Number(sublevel)];
}
