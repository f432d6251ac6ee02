import { readBoards } from "../../host/machine/boards.ts";
import { readDistribution } from "../../host/machine/distribution.ts";
import { parseRelease } from "../../kernel/release/release.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { type BoardAnswer, type BoardSource, boardsOf } from "../../kernel/source/board.ts";
import {
	type Judgement,
	judgeTree,
	partsOfVersion,
	RULES_NOW,
} from "../../kernel/source/source-candidate.ts";
import { type Found, RANK, type Wanted } from "./candidate.ts";

/**
 * Where the makers of boards and distributions keep the source of a kernel with this release (templates/boards): known
 * without network, and brought by hand, with the command in `why`.
 */
export function boardTrees(wanted: Wanted): Found[] {
	const { release, version, arch, origin, root } = wanted;
	const answers = boardsOf(
		{
			...{ release, version, arch, sourceVersion: origin?.sourceVersion ?? null },
			os: readDistribution(root)?.family ?? [],
		},
		readBoards(),
	);
	return answers.flatMap((answer) => answer.sources.map((source) => found(source, answer, wanted)));
}

function found(source: BoardSource, answer: BoardAnswer, wanted: Wanted): Found {
	const version = wanted.version ?? toldBy(wanted.release);
	const { verdict, why } = judged(source, version, wanted);
	const config = answer.config === null ? "" : `; its config: ${answer.config}`;
	return {
		candidate: {
			kind: source.kind === "git" ? "git" : "package",
			where: source.ref === null ? source.where : `${source.where}#${source.ref}`,
			version: source.exact ? version : null,
			release: null,
			verdict,
			why: `${answer.board.name}: ${byHand(source)}${config}; ${why}`,
		},
		rank: source.exact ? RANK.tag : RANK.git,
		way: null,
	};
}

/** A branch has the source somewhere, its tip is later; a tag that the maker gave this very release is believed. */
function judged(source: BoardSource, version: string | null, wanted: Wanted): Judgement {
	if (!source.exact)
		return {
			verdict: "wrong-sublevel",
			why: `the release does not tell which of its commits it was built from`,
		};
	if (version === null) return { verdict: "needs-pin", why: "named by the release; its V.P.S is not known" };
	return judgeTree(wanted, partsOfVersion(version), RULES_NOW);
}

function byHand({ kind, where, ref, exact, note }: BoardSource): string {
	const hint = note === null ? "" : ` (${note})`;
	if (kind === "archive") return `download ${quoted(where)}${hint}`;
	if (kind === "package") return `source package ${quoted(where)} ${ref ?? ""}${hint}`;
	if (ref === null || ref.includes("*"))
		return `git ls-remote --tags ${quoted(where)} ${quoted(ref ?? "*")}${hint}`;
	// An abbreviated commit cannot be fetched alone.
	if (/^[0-9a-f]{7,39}$/.test(ref))
		return `git clone --filter=blob:none ${quoted(where)}, then git checkout ${quoted(ref)}${hint}`;
	const depth = exact ? "--depth 1 " : "--filter=blob:none ";
	return `git clone ${depth}--branch ${quoted(ref)} ${quoted(where)}${hint}`;
}

/** A release that begins with a sublevel other than 0 tells it: distributions that hide theirs write 0. */
function toldBy(release: string): string | null {
	const base = parseRelease(release)?.base ?? "";
	return /^\d+\.\d+\.[1-9]\d*/.exec(base)?.[0] ?? null;
}
