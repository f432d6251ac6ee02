/** The parts from which kbuild makes a release. Texts have no white space. */
export interface ReleaseParts {
	/** VERSION.PATCHLEVEL.SUBLEVEL. */
	base: string;
	extraversion: string;
	/** The localversion* files of objtree and then srctree, joined, white space removed. */
	localversionFiles: string;
	/** CONFIG_LOCALVERSION. */
	configLocalversion: string;
	/** LOCALVERSION of make or the environment; null when unset. */
	localversion: string | null;
	/** CONFIG_LOCALVERSION_AUTO=y. */
	auto: boolean;
	/** What git adds: the full suffix (`-g1234`, `-00003-g1234-dirty`) and the short one, a lone `+`; both "" on a clean tag. null: no git. */
	scm: { full: string; short: string } | null;
}

/** What this tree's Makefile and scripts/setlocalversion do: probed, because vendors backport. */
export interface ReleaseRules {
	/** localversion* files and CONFIG_LOCALVERSION count (2.6.9 and later). */
	localversion: boolean;
	/** A lone `+` is added when LOCALVERSION is unset (2.6.35 and later). */
	plus: boolean;
	/** `.scmversion` replaces what git says (2.6.35 to 6.2). */
	scmversionFile: boolean;
}

const MOST_LENGTH = 64;

/** A release that kbuild, make and a shell take as it is: at most 64 characters (the limit of utsrelease.h), digit first. */
export function isRelease(text: string): boolean {
	return text.length <= MOST_LENGTH && /^\d[\w.+~:@,%-]*$/.test(text);
}

/** The numbers in front of a release and the rest: "6.1.0-56-amd64" → base "6.1.0", tail "-56-amd64". null for anything else. */
export function parseRelease(text: string): { base: string; series: string; tail: string } | null {
	const match = /^(\d+)\.(\d+)(?:\.\d+)*/.exec(text);
	if (match === null || !isRelease(text)) return null;
	return { base: match[0], series: `${match[1]}.${match[2]}`, tail: text.slice(match[0].length) };
}

/** Probes the tree's own texts; `setlocalversion` is scripts/setlocalversion or null. */
export function releaseRules(makefile: string, setlocalversion: string | null): ReleaseRules {
	const script = setlocalversion ?? "";
	return {
		localversion: /localversion/.test(makefile) || script !== "",
		plus: /LOCALVERSION\+set/.test(script) || /LOCALVERSION\+set/.test(makefile),
		scmversionFile: /\.scmversion/.test(script),
	};
}

/** What a bare `make kernelrelease` prints (FACTS section 1; Makefile and scripts/setlocalversion). */
export function composeRelease(parts: ReleaseParts, rules: ReleaseRules): string {
	return parts.base + parts.extraversion + suffixOf(parts, rules);
}

/** How a tree gets the target's release: by EXTRAVERSION alone, or by a pin; with the reason. */
export type ReleasePlan =
	| { strategy: "extraversion"; extraversion: string; reason: string }
	| { strategy: "pin"; reason: string };

/**
 * Decides between the two strategies. EXTRAVERSION closes the gap when the release begins with the tree's base and
 * ends with what the localversion files and CONFIG_LOCALVERSION add; the lone `+` is left out of the sum, because an
 * exported LOCALVERSION suppresses it.
 */
export function planRelease(release: string, parts: ReleaseParts, rules: ReleaseRules): ReleasePlan {
	const { base } = parts;
	const rest = release.slice(base.length);
	// 2.6.32.71 is EXTRAVERSION = .71; without a SUBLEVEL the next number would be one.
	const isOther = base.split(".").length > 2 ? /^\d/ : /^\.?\d/;
	if (!release.startsWith(base) || isOther.test(rest)) {
		return {
			strategy: "pin",
			reason: `no EXTRAVERSION makes ${release} of ${base}, and SUBLEVEL must stay true`,
		};
	}
	if (parts.auto && parts.scm !== null) {
		return {
			strategy: "pin",
			reason: "CONFIG_LOCALVERSION_AUTO adds what git says, which changes with every commit and edit",
		};
	}
	const added = suffixOf({ ...parts, localversion: "" }, rules);
	if (!rest.endsWith(added)) {
		return { strategy: "pin", reason: `the tree itself adds '${added}', and ${release} does not end so` };
	}
	const extraversion = rest.slice(0, rest.length - added.length);
	return { strategy: "extraversion", extraversion, reason: `the base ${base} agrees` };
}

function suffixOf(parts: ReleaseParts, rules: ReleaseRules): string {
	const local = rules.localversion ? parts.localversionFiles + parts.configLocalversion : "";
	if (parts.auto) return local + (parts.localversion ?? "") + (parts.scm?.full ?? "");
	const plus = rules.plus && parts.localversion === null ? (parts.scm?.short ?? "") : "";
	return local + (parts.localversion ?? "") + plus;
}
