import { tarballUrl } from "../../host/network/kernel-org.ts";
import { stringOf } from "../../kernel/config/config.ts";
import { composeRelease, parseRelease } from "../../kernel/release/release.ts";
import { judgeTree, partsOfVersion, RULES_NOW } from "../../kernel/source/source-candidate.ts";
import { type Found, RANK, type SourceContext, type Wanted } from "./candidate.ts";

/** kernel.org's tarball of the target's V.P.S; none when that is not known and the release does not tell it. */
export function upstreamTree(wanted: Wanted, { mirror }: SourceContext): Found[] {
	const version = wanted.version ?? sublevelTold(wanted.release);
	if (version === null) return [];
	const local = wanted.config === null ? "" : (stringOf(wanted.config, "LOCALVERSION") ?? "");
	const parts = partsOfVersion(version, "", local);
	const { verdict, why } = judgeTree(wanted, parts, RULES_NOW);
	const url = tarballUrl(version, mirror);
	return [
		{
			candidate: {
				kind: "upstream",
				where: url,
				version,
				release: composeRelease(parts, RULES_NOW),
				verdict,
				why: `${why}; without the patches of a distribution, so structures may differ`,
			},
			rank: RANK.upstream,
			way: { by: "upstream", url },
		},
	];
}

/** A release that begins with a sublevel other than 0 tells it: distributions that hide theirs write 0. */
function sublevelTold(release: string): string | null {
	const base = parseRelease(release)?.base ?? "";
	return /^\d+\.\d+\.[1-9]\d*$/.test(base) ? base : null;
}
