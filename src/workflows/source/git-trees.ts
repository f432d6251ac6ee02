import { fileAt, firstCommit, type GitClone, namesAt, openClone } from "../../host/network/git-clone.ts";
import { type Config, isOn, stringOf } from "../../kernel/config/config.ts";
import { baseOf, parseVersionBlock } from "../../kernel/release/makefile.ts";
import {
	composeRelease,
	type ReleaseParts,
	type ReleaseRules,
	releaseRules,
} from "../../kernel/release/release.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { judgeTree, partsOfVersion, RULES_NOW } from "../../kernel/source/source-candidate.ts";
import { commitIn, tagsFor } from "../../kernel/source/source-tags.ts";
import { type Found, RANK, type SourceContext, type Wanted } from "./candidate.ts";
import { treesIn } from "./local-trees.ts";

/** The target's commit or tag in the git clones among the local trees, or what a shallow clone of them lacks. */
export async function gitTrees(wanted: Wanted, context: SourceContext): Promise<Found[]> {
	const found: Found[] = [];
	for (const path of treesIn(context.folders)) {
		const clone = openClone(path);
		if (clone === null) continue;
		context.progress.step("git", path);
		context.signal?.throwIfAborted();
		const hash = commitIn(wanted.release);
		const tags = tagsFor(wanted.release, wanted.version, wanted.origin?.sourceVersion ?? null);
		const names = [...(hash === null ? [] : [hash]), ...tags.map((tag) => `refs/tags/${tag}`)];
		const commit = await firstCommit(clone, names);
		if (commit !== null) found.push(await present(clone, commit, hash, wanted));
		else if (clone.shallow) found.push(...lacking(clone, hash, tags, wanted));
	}
	return found;
}

async function present(clone: GitClone, commit: string, hash: string | null, wanted: Wanted): Promise<Found> {
	const name = commit.replace("refs/tags/", "");
	const { parts, rules } = await partsAt(clone, commit, wanted.config);
	const { verdict, why } = judgeTree(wanted, parts, rules);
	const what = commit === hash ? "the very commit that the release names" : `the tag ${name}`;
	return {
		candidate: {
			kind: "git",
			where: `${clone.path}#${name}`,
			version: parts.base,
			release: composeRelease(parts, rules),
			verdict,
			why: `${what}; ${why}`,
		},
		rank: commit === hash || !name.endsWith(parts.base) ? RANK.tag : RANK.git,
		way: { by: "git", clone, commit, present: true },
	};
}

/** A shallow clone without the commit: a tag can be fetched alone, an abbreviated commit can not. */
function lacking(clone: GitClone, hash: string | null, tags: string[], wanted: Wanted): Found[] {
	const tag = tags.at(-1);
	if (wanted.version === null || tag === undefined) return [];
	const parts = partsOfVersion(wanted.version);
	const { verdict, why } = judgeTree(wanted, parts, RULES_NOW);
	const git = `git -C ${quoted(clone.path)} fetch`;
	const step = hash === null ? `${git} --depth 1 origin tag ${quoted(tag)}` : `${git} --unshallow`;
	return [
		{
			candidate: {
				kind: "git",
				where: `${clone.path}#${hash ?? tag}`,
				version: wanted.version,
				release: null,
				verdict,
				why: `this shallow clone lacks ${hash ?? tag}: ${step}; ${why}`,
			},
			rank: RANK.git,
			way: hash === null ? { by: "git", clone, commit: tag, present: false } : null,
		},
	];
}

/** The tree of a commit, exported without .git, so that git adds nothing to its release. */
async function partsAt(
	clone: GitClone,
	commit: string,
	config: Config | null,
): Promise<{ parts: ReleaseParts; rules: ReleaseRules }> {
	const makefile = (await fileAt(clone, commit, "Makefile")) ?? "";
	const block = parseVersionBlock(makefile);
	const names = (await namesAt(clone, commit)).filter((name) => /^localversion[^~]*$/.test(name)).sort();
	const texts = await Promise.all(names.map((name) => fileAt(clone, commit, name)));
	const parts = {
		...partsOfVersion(block === null ? "" : baseOf(block), block?.extraversion ?? ""),
		localversionFiles: texts.map((text) => (text ?? "").replace(/\s+/g, "")).join(""),
		configLocalversion: config === null ? "" : (stringOf(config, "LOCALVERSION") ?? ""),
		auto: config !== null && isOn(config, "LOCALVERSION_AUTO"),
	};
	return { parts, rules: releaseRules(makefile, await fileAt(clone, commit, "scripts/setlocalversion")) };
}
