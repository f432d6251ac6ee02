import { lstatSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { cacheFolder } from "../../host/machine/cache.ts";
import { hasLists } from "../../host/packages/apt-private.ts";
import type { CacheEntry, CacheReport } from "../../report/cache.ts";
import { forget } from "../../toolchain/keep/keep.ts";

export interface PruneRequest {
	/** Names of entries as list has them; empty: by the other two. */
	names: string[];
	/** Everything that kprep keeps. */
	all: boolean;
	/** Whatever was kept more than so many days ago. */
	olderThan: number | undefined;
	dryRun: boolean;
}

/** Folders of the cache: what they hold, whether each thing in them stands for itself, and whether prune takes it unasked. */
const KINDS: readonly { folder: string; kind: CacheEntry["kind"]; each: boolean; spare: boolean }[] = [
	{ folder: "toolchains", kind: "toolchain", each: true, spare: true },
	{ folder: "kernels", kind: "kernel", each: true, spare: true },
	{ folder: "hosts", kind: "kernel", each: true, spare: true },
	{ folder: "try", kind: "kernel", each: true, spare: true },
	{ folder: "trees", kind: "tree", each: true, spare: true },
	{ folder: "objtrees", kind: "objtree", each: true, spare: true },
	{ folder: "store", kind: "prepared", each: false, spare: true },
	{ folder: "matrix", kind: "build", each: false, spare: false },
	{ folder: "build", kind: "build", each: false, spare: false },
	{ folder: "apt", kind: "package lists", each: true, spare: false },
	{ folder: "apt-suites", kind: "package lists", each: false, spare: false },
	{ folder: "packages", kind: "download", each: false, spare: false },
	{ folder: "downloads", kind: "download", each: false, spare: false },
	{ folder: "durations.json", kind: "timings", each: false, spare: true },
];

/** What kprep keeps between runs, the largest first. What it does not know is listed as "other", and never pruned. */
export function listCache(folder = cacheFolder()): CacheReport {
	const entries = [...KINDS.flatMap((it) => entriesOf(folder, it)), ...others(folder)];
	entries.sort((a, b) => b.bytes - a.bytes);
	return { path: folder, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0), entries, removed: [] };
}

/**
 * Removes what the request names; without any name only downloads and package lists, which nothing refers to. Trees
 * refer to kept toolchains, so these go only when they are named, with --all, or by age. Throws "usage" for a name that
 * is none.
 */
export function pruneCache(request: PruneRequest, folder = cacheFolder()): CacheReport {
	const { names, all, olderThan, dryRun } = request;
	const { entries } = listCache(folder);
	const unknown = names.find((name) => !entries.some((it) => it.name === name && it.kind !== "other"));
	if (unknown !== undefined)
		throw new KprepError("usage", "no-such-entry", `nothing that is kept is called ${unknown}`, {
			expected:
				entries
					.filter(({ kind }) => kind !== "other")
					.map(({ name }) => name)
					.join(", ") || "an empty cache",
			suggestions: ["kprep cache list"],
		});
	const before = olderThan === undefined ? null : Date.now() - olderThan * 86_400_000;
	const removed = entries.filter((it) => {
		if (it.kind === "other") return false;
		if (names.length > 0) return names.includes(it.name);
		if (before !== null) return Date.parse(it.since) < before;
		return all || !KINDS.some(({ kind, spare }) => kind === it.kind && spare);
	});
	if (!dryRun) {
		for (const entry of removed) remove(entry, folder);
		for (const it of KINDS) removeEmpty(it, folder);
	}
	return { ...listCache(folder), removed };
}

function remove({ kind, path, name }: CacheEntry, folder: string): void {
	if (kind === "toolchain" && lstatSync(path).isSymbolicLink()) forget(name, join(folder, "toolchains"));
	else rmSync(path, { recursive: true, force: true });
}

/** What holds nothing any more, and where lists were to come and none came. */
function removeEmpty({ folder: name, kind }: (typeof KINDS)[number], folder: string): void {
	const top = join(folder, name);
	if (!isFolder(top)) return;
	for (const inner of readdirSync(top)) {
		const path = join(top, inner);
		if (!isFolder(path)) continue;
		const held = readdirSync(path);
		if (
			held.length === 0 ||
			(kind === "package lists" && !hasLists(path) && !held.some((it) => BUSY.has(it)))
		)
			rmSync(path, { recursive: true, force: true });
	}
	if (readdirSync(top).length === 0) rmdirSync(top);
}

/** What a kprep at work has in a folder: its lock, and the note of who holds it. */
const BUSY: ReadonlySet<string> = new Set(["lock", "holder.json"]);

function entriesOf(folder: string, { folder: name, kind, each }: (typeof KINDS)[number]): CacheEntry[] {
	const top = join(folder, name);
	if (!each) return lstatSync(top, { throwIfNoEntry: false }) === undefined ? [] : [entryOf(name, kind, top)];
	if (!isFolder(top)) return [];
	return readdirSync(top)
		.filter((it) => !it.startsWith(".") && !BUSY.has(it))
		.map((it) => entryOf(kind === "package lists" ? `${name}/${it}` : it, kind, join(top, it)))
		.filter(({ path }) => kind !== "package lists" || hasLists(path));
}

function others(folder: string): CacheEntry[] {
	if (!isFolder(folder)) return [];
	return readdirSync(folder)
		.filter((it) => !KINDS.some((known) => known.folder === it))
		.map((it) => entryOf(it, "other", join(folder, it)));
}

function entryOf(name: string, kind: CacheEntry["kind"], path: string): CacheEntry {
	return {
		name,
		kind,
		path,
		bytes: bytesOf(path, kind === "toolchain"),
		since: lstatSync(path).mtime.toISOString(),
	};
}

/** A kept toolchain is a link to its folder, and the only link that is followed. */
function bytesOf(path: string, linked: boolean): number {
	if (!linked && !isFolder(path)) return lstatSync(path).size;
	let bytes = 0;
	for (const entry of readdirSync(`${path}/`, { recursive: true, withFileTypes: true }))
		if (entry.isFile())
			bytes += lstatSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
	return bytes;
}

function isFolder(path: string): boolean {
	return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
