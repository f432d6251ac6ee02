import { KprepError } from "../../errors.ts";
import { Root } from "../../host/files/root.ts";
import type { KernelOrigin } from "../../host/packages/package-source.ts";
import { parseConfig } from "../../kernel/config/config.ts";
import { byVerdict } from "../../kernel/source/source-candidate.ts";
import { type ResolveOptions, resolveTarget } from "../../target/resolve.ts";
import type { TargetSpec } from "../../target/subject.ts";
import type { Target } from "../../target/target.ts";
import { boardTrees } from "./board-trees.ts";
import { builtAs } from "./built-as.ts";
import { type Found, RANK, type SourceContext, type Wanted } from "./candidate.ts";
import { gitTrees } from "./git-trees.ts";
import { localArchives } from "./local-archives.ts";
import { installedHeaders, localTrees } from "./local-trees.ts";
import { archivedTree, packageTrees } from "./package-trees.ts";
import { upstreamTree } from "./upstream.ts";

/**
 * Every tree that could serve the target, best first: installed headers, local trees, packages, git, the makers'
 * repositories, kernel.org.
 * Reads only; the package system's own lists may be refreshed in kprep's cache folder. Throws as resolveTarget does.
 */
export async function listSources(
	spec: TargetSpec,
	context: SourceContext,
	options: ResolveOptions = {},
): Promise<{ wanted: Wanted; found: Found[] }> {
	const wanted = await wantedFor(spec, context, options);
	const headers = installedHeaders(wanted);
	const found = [
		...headers,
		...(await localTrees(wanted, context)),
		...localArchives(wanted, context),
		...(await packageTrees(wanted, context)).filter(
			({ way }) => headers.length === 0 || way?.by !== "package" || way.offer.kind !== "headers",
		),
		...(await gitTrees(wanted, context)),
		...upstreamTree(wanted, context),
	];
	// Where the very source is at hand, its makers' repository tells nothing more.
	if (!found.some(({ rank }) => rank === RANK.exact)) found.push(...boardTrees(wanted));
	found.push(...archivedTree(wanted, found, context));
	found.sort((a, b) => byVerdict({ ...a.candidate, rank: a.rank }, { ...b.candidate, rank: b.rank }));
	return { wanted, found };
}

/** What the target is, and which package it came from, unless that is given. Throws as resolveTarget does, and `release-unknown`. */
export async function wantedFor(
	spec: TargetSpec,
	context: SourceContext,
	options: ResolveOptions = {},
	origin?: KernelOrigin | null,
): Promise<Wanted> {
	context.progress.step("target", spec.target ?? "");
	const target = await resolveTarget(spec, context.progress, options);
	return wantedBy(target, new Root(spec.sysroot), context, origin);
}

/** True for a candidate that can give modules for the target. */
export function serves({ candidate: { verdict } }: Found): boolean {
	return verdict === "fits" || verdict === "needs-pin";
}

async function wantedBy(
	target: Target,
	root: Root,
	context: SourceContext,
	origin: KernelOrigin | null | undefined,
): Promise<Wanted> {
	const { release, version, arch, config } = target;
	if (release === null)
		throw new KprepError("missing", "release-unknown", "the target's release is not known", {
			suggestions: ["kprep target", "the same command with --target RELEASE"],
		});
	const text = config === null ? null : new TextDecoder().decode(await config.read());
	return {
		release: release.value,
		version: version?.value ?? null,
		arch: arch?.value ?? null,
		config: text === null ? null : parseConfig(text),
		origin: origin === undefined ? await originOf(target, release.value, root, context) : origin,
		layoutCrc: target.moduleLayoutCrc?.value ?? (await target.symvers?.layoutCrc()) ?? null,
		root,
	};
}

/** Asked of every system, its programs there or not: a foreign root is read by its files. Last, the kernel itself. */
async function originOf(
	target: Target,
	release: string,
	root: Root,
	context: SourceContext,
): Promise<KernelOrigin | null> {
	for (const system of context.systems) {
		const origin = await system.origin(root, release, context);
		if (origin !== null) return origin;
	}
	return builtAs(target, release);
}
