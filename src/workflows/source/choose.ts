import { statSync } from "node:fs";
import { resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import type { Verdict } from "../../kernel/source/source-candidate.ts";
import type { Candidate, Found, Way } from "./candidate.ts";

export interface Chosen {
	where: string;
	/** null for an archive that the user named. */
	candidate: Candidate | null;
	way: Way;
}

const GOOD: Verdict[] = ["fits", "needs-pin"];

/**
 * The tree to fetch: the first that fits and is a source tree, or the one that `where` names by its kind or by its
 * whole address. null when nothing fits. Throws `no-such-source` and `nothing-to-fetch`.
 */
export function chooseSource(found: Found[], where: string | undefined): Chosen | null {
	const fetchable = found.flatMap(({ candidate, way }) => {
		const headers = way?.by === "package" && way.offer.kind === "headers";
		return way === null ? [] : [{ where: candidate.where, candidate, way, headers }];
	});
	if (where === undefined)
		return fetchable.find(({ candidate, headers }) => !headers && GOOD.includes(candidate.verdict)) ?? null;
	const exact = fetchable.find((one) => one.where === where);
	if (exact !== undefined) return exact;
	const ofKind = fetchable.filter(({ candidate, headers }) =>
		where === "headers" ? headers : candidate.kind === where,
	);
	if (where === "headers" && ofKind[0] !== undefined) return ofKind[0];
	const best = ofKind.find(({ candidate, headers }) => !headers && GOOD.includes(candidate.verdict));
	if (ofKind.length > 0) return best ?? null;
	const here = found.find(({ candidate }) => candidate.where === where || candidate.kind === where);
	if (here !== undefined)
		throw new KprepError("usage", "nothing-to-fetch", `${where} cannot be fetched by kprep`, {
			found: here.candidate.why,
			suggestions: ["kprep sync DIR, for a tree that is here already", "kprep source list"],
		});
	throw new KprepError("usage", "no-such-source", `'${where}' is none of the sources for this target`, {
		expected: "headers, package, git, upstream, an archive's path, or one of the list",
		found: fetchable.map((one) => one.where).join(", ") || "nothing that can be fetched",
		suggestions: ["kprep source list"],
	});
}

/** The archive on this machine that `where` is the path of; null when it is none. */
export function archiveAt(where: string): Chosen | null {
	const archive = resolve(where);
	const status = statSync(archive, { throwIfNoEntry: false });
	return status?.isFile()
		? { where: archive, candidate: null, way: { by: "archive", archive, patches: [] } }
		: null;
}
