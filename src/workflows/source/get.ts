import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import { applyPatch } from "../../host/archive/apply-patch.ts";
import { requireSpace } from "../../host/archive/room.ts";
import { makeFolder, unpackArchive, unpackOutput, withStaging } from "../../host/archive/unpack.ts";
import { cacheFolder } from "../../host/machine/cache.ts";
import { timed } from "../../host/machine/durations.ts";
import { archiveCommand, fetchTag } from "../../host/network/git-clone.ts";
import { fetchTarball, type Trust } from "../../host/network/kernel-org.ts";
import type { FetchedTree } from "../../host/packages/package-source.ts";
import { neededForModules } from "../../kernel/kbuild/module-parts.ts";
import { unplainIn } from "../../kernel/kbuild/plain-path.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { type Judgement, judgeTree, type Verdict } from "../../kernel/source/source-candidate.ts";
import { type TargetSpec, targetWords } from "../../target/subject.ts";
import { readTree } from "../../tree/read.ts";
import type { Candidate, SourceContext, Wanted, Way } from "./candidate.ts";
import { archiveAt, type Chosen, chooseSource } from "./choose.ts";
import { type ConfigBeside, configBeside } from "./config-beside.ts";
import { listSources, wantedFor } from "./list.ts";
import { partsOf } from "./local-trees.ts";
import { unpackMinimal } from "./minimal.ts";

export interface GetOptions {
	/** A kind, or the `where` of a candidate, or the path of an archive; undefined: the best that can be fetched. */
	where?: string | undefined;
	/** Default: linux-VERSION in the working folder. */
	dest?: string | undefined;
	minimal: boolean;
}

/** What was made; null stands for: nothing that could be fetched fits. */
export interface GotTree {
	tree: string;
	from: string;
	version: string;
	verdict: Verdict;
	why: string;
	files: number | null;
	minimal: boolean;
	/** How far the origin is proven: kernel.org's signature or checksum; "packages" by the package system; null: not. */
	trust: Trust | "packages" | null;
	/** The target's .config, which was nowhere and came along in a package of its own; null when it was known. */
	config: ConfigBeside | null;
	/** The next command to type. */
	next: string;
}

/**
 * Fetches the best candidate, or the one that is named, and unpacks it as a new folder, all or nothing. Throws what
 * listSources, the download and the unpacking throw, and `no-such-source` for a WHERE that is none.
 */
export async function getSource(
	spec: TargetSpec,
	{ where, dest, minimal }: GetOptions,
	context: SourceContext,
): Promise<{ got: GotTree | null; candidates: Candidate[] }> {
	const named = where === undefined ? null : archiveAt(where);
	const { wanted, found } =
		named === null
			? await listSources(spec, context)
			: { wanted: await wantedFor(spec, context, {}, null), found: [] };
	const candidates = found.map(({ candidate }) => candidate);
	const chosen = named ?? chooseSource(found, where);
	if (chosen === null) return { got: null, candidates };
	const name = chosen.candidate?.version ?? basename(chosen.where).replace(/\.tar\..*$/, "");
	const folder = resolve(dest ?? `linux-${name.replace(/^linux-/, "")}`);
	const got = await getChosen(chosen, wanted, { folder, minimal }, context);
	const words = targetWords(got.config === null ? spec : { ...spec, config: got.config.path });
	const next = ["kprep sync", quoted(folder), ...words].join(" ");
	return { got: { ...got, next }, candidates };
}

/** Fetches one candidate as the new folder, all or nothing. Throws what the download and the unpacking throw. */
export async function getChosen(
	chosen: Chosen,
	wanted: Wanted,
	{ folder, minimal }: { folder: string; minimal: boolean },
	context: SourceContext,
): Promise<Omit<GotTree, "next">> {
	checkFolder(folder);
	requireSpace(folder, leastSpace(chosen.way, minimal));
	const part = minimal ? { arch: wanted.arch } : undefined;
	const { files, trust } = await fetchInto(folder, chosen.way, part, context);
	const { version, verdict, why } = await judged(folder, wanted);
	if (verdict === "wrong-series" || verdict === "wrong-sublevel") context.progress.warn(why);
	const config = wanted.config === null ? await configBeside(folder, wanted, chosen.way, context) : null;
	return { tree: folder, from: chosen.where, version, verdict, why, files, minimal, trust, config };
}

/** What the smallest kernel trees (2.6) take, known before anything is fetched; a package lies beside its tarball beside the tree. */
function leastSpace(way: Way, minimal: boolean): number {
	if (way.by === "git" || (way.by === "package" && way.offer.kind === "headers")) return 0;
	return (way.by === "package" ? (minimal ? 192 : 512) : minimal ? 64 : 256) * 1024 * 1024;
}

/** Only what building modules for an architecture reads; undefined: the whole tree. */
type Part = { arch: string | null } | undefined;
interface Fetched {
	files: number | null;
	trust: GotTree["trust"];
}

async function fetchInto(folder: string, way: Way, part: Part, context: SourceContext): Promise<Fetched> {
	const { progress, signal } = context;
	if (way.by === "archive") {
		const fetched = { form: "archive", archive: way.archive, patches: way.patches } as const;
		return { files: await unpackFetched(fetched, folder, part, context), trust: null };
	}
	if (way.by === "upstream") {
		const downloads = join(cacheFolder(), "downloads");
		mkdirSync(downloads, { recursive: true });
		// A part stays there, so that the next run goes on where this one was cut.
		const { archive, trust } = await timed(`download ${new URL(way.url).host}`, progress, () =>
			fetchTarball(way.url, downloads, { progress, signal }),
		);
		const { files } = await unpacked(archive, folder, part, context);
		rmSync(archive);
		return { files, trust };
	}
	return withStaging(folder, async (staging) => {
		if (way.by === "git") {
			let { repository } = way.clone;
			if (!way.present) {
				progress.step("fetch", `${way.commit} from ${way.clone.remote}`);
				const remote = way.clone.remote ?? way.clone.path;
				repository = await timed(`fetch ${remote}`, progress, () =>
					fetchTag(remote, way.commit, join(staging, "git"), { progress, signal }),
				);
			}
			progress.step("unpack", way.commit);
			const { command, env } = archiveCommand(repository, way.commit);
			const { files } = await timed(`unpack git ${part !== undefined}`, progress, () =>
				unpackPart(folder, part, (to, wanted) =>
					unpackOutput(command, to, { progress, signal, wanted, env }),
				),
			);
			return { files, trust: null };
		}
		const fetched = await way.system.fetch(way.offer, staging, context);
		signal?.throwIfAborted();
		const some = way.offer.kind === "headers" ? undefined : part;
		return { files: await unpackFetched(fetched, folder, some, context), trust: "packages" };
	});
}

async function unpackFetched(
	fetched: FetchedTree,
	folder: string,
	part: Part,
	context: SourceContext,
): Promise<number | null> {
	const { progress, signal } = context;
	if (fetched.form === "tree") {
		await makeFolder(folder, async (temporary) => {
			progress.step("move", folder);
			if (part === undefined) await rename(fetched.tree, temporary);
			else await unpackMinimal((to, wanted) => copyPart(fetched.tree, to, wanted), temporary, part.arch);
		});
		return null;
	}
	return makeFolder(folder, async (temporary) => {
		const { files } = await unpacked(fetched.archive, temporary, part, context);
		const wanted = (path: string) =>
			part === undefined || neededForModules(path, part.arch) || existsSync(join(temporary, path));
		for (const patch of fetched.patches) {
			progress.step("patch", basename(patch));
			await applyPatch(patch, temporary, wanted, { progress, signal });
		}
		// A program that was stopped returns normally: half a patched tree must not get the final name.
		signal?.throwIfAborted();
		return files;
	});
}

/** As unpackArchive, with its step, and how long that took before. */
function unpacked(
	archive: string,
	folder: string,
	part: Part,
	{ progress, signal }: SourceContext,
): Promise<{ files: number }> {
	progress.step("unpack", basename(archive));
	const kind = `unpack ${extname(archive)} ${part === undefined ? "all" : "minimal"}`;
	return timed(kind, progress, () =>
		unpackPart(folder, part, (to, wanted) => unpackArchive(archive, to, { progress, signal, wanted })),
	);
}

function unpackPart(
	folder: string,
	part: Part,
	unpack: (folder: string, wanted?: (path: string) => boolean) => Promise<{ files: number }>,
): Promise<{ files: number }> {
	return part === undefined ? unpack(folder) : unpackMinimal(unpack, folder, part.arch);
}

async function copyPart(
	from: string,
	to: string,
	wanted: (path: string) => boolean,
): Promise<{ files: number }> {
	let files = 0;
	for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
		const path = join(entry.parentPath, entry.name).slice(from.length + 1);
		if (entry.isDirectory() || path.startsWith(".git/") || !wanted(path)) continue;
		mkdirSync(dirname(join(to, path)), { recursive: true });
		cpSync(join(from, path), join(to, path), { verbatimSymlinks: true, preserveTimestamps: true });
		files++;
	}
	return { files };
}

function checkFolder(folder: string): void {
	const found = unplainIn(folder);
	if (found !== null)
		throw new KprepError("usage", "bad-path", `kbuild does not take a path with ${found}`, {
			where: folder,
			suggestions: ["name another folder with --dest DIR"],
		});
	if (existsSync(folder) && readdirSync(folder).length > 0)
		throw new KprepError("usage", "exists", `${folder} exists already`, {
			expected: "a new or empty folder",
			suggestions: [`kprep sync ${quoted(folder)}`, "name another folder with --dest DIR"],
		});
}

/** The verdict on what was really unpacked: a package's version may not have told it. Headers are no source tree. */
async function judged(folder: string, wanted: Wanted): Promise<Judgement & { version: string }> {
	const tree = await readTree(folder);
	if (tree.prepared?.release === wanted.release)
		return { version: tree.base, verdict: "fits", why: "prepared for exactly this kernel" };
	return { version: tree.base, ...judgeTree(wanted, partsOf(tree, wanted.config), tree.rules) };
}
