import { printable } from "../printable.ts";
import { sizeText } from "../size.ts";

/** One thing that is kept. */
export interface CacheEntry {
	name: string;
	kind:
		| "toolchain"
		| "kernel"
		| "tree"
		| "objtree"
		| "prepared"
		| "build"
		| "package lists"
		| "download"
		| "timings"
		| "other";
	path: string;
	bytes: number;
	/** When it was kept, ISO 8601. */
	since: string;
}

/** The answer of `kprep cache list` and `prune`. */
export interface CacheReport {
	path: string;
	bytes: number;
	entries: CacheEntry[];
	/** What prune took away, or would take with -n. */
	removed: CacheEntry[];
}

/** One line an entry, the largest first, and the sum. */
export function cacheText({ path, bytes, entries }: CacheReport): string {
	const rows = entries.map(({ name, kind, bytes, since }) => [
		sizeText(bytes).padStart(8),
		since.slice(0, 10),
		kind,
		printable(name),
	]);
	const width = Math.max(0, ...rows.map(([, , kind = ""]) => kind.length));
	return [
		...rows.map(([much, since, kind = "", name]) => `${much}  ${since}  ${kind.padEnd(width)}  ${name}`),
		`${sizeText(bytes).padStart(8)}  in ${printable(path)}`,
	].join("\n");
}

/** What was taken away, and what is left. */
export function prunedText({ removed, bytes, path }: CacheReport, dryRun: boolean): string {
	const sum = removed.reduce((all, entry) => all + entry.bytes, 0);
	if (removed.length === 0) return `nothing to remove; ${sizeText(bytes)} in ${printable(path)}`;
	return [
		...removed.map(
			(entry) => `${dryRun ? "would remove" : "removed"} ${printable(entry.name)} (${sizeText(entry.bytes)})`,
		),
		`${dryRun ? "would free" : "freed"} ${sizeText(sum)}; ${sizeText(bytes)} in ${printable(path)}`,
	].join("\n");
}
