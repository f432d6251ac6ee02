import type { Root } from "../../host/files/root.ts";
import type { GitClone } from "../../host/network/git-clone.ts";
import type { KernelOrigin, PackageSource, TreeOffer } from "../../host/packages/package-source.ts";
import type { Progress } from "../../host/progress.ts";
import type { Config } from "../../kernel/config/config.ts";
import type { Verdict } from "../../kernel/source/source-candidate.ts";

/** A tree that could serve the target, as `kprep source list` shows it (CONTRACT). */
export interface Candidate {
	kind: "headers" | "package" | "tree" | "git" | "upstream";
	/** Path, package or address; what `kprep source get` takes as WHERE. */
	where: string;
	/** V.P.S; null when only unpacking tells. */
	version: string | null;
	/** What the tree's own `make kernelrelease` prints with the target's .config; null when not known beforehand. */
	release: string | null;
	verdict: Verdict;
	why: string;
}

/** How a candidate that is not a tree yet becomes one. */
export type Way =
	| { by: "package"; system: PackageSource; offer: TreeOffer }
	| { by: "git"; clone: GitClone; commit: string; present: boolean }
	| { by: "upstream"; url: string }
	/** A tarball on this machine, and patches that the target was built with. */
	| { by: "archive"; archive: string; patches: string[] };

export interface Found {
	candidate: Candidate;
	/** Smaller: nearer to the source that the target was built from. */
	rank: number;
	/** null: it is there already, or only its package's installation brings it. */
	way: Way | null;
}

/** Ranks within a verdict. */
export const RANK = { headers: 0, exact: 1, tag: 2, tree: 3, package: 4, git: 5, upstream: 6 };

/** What candidates are looked for and judged by. */
export interface Wanted {
	release: string;
	/** V.P.S behind LINUX_VERSION_CODE. */
	version: string | null;
	/** The word below arch/. */
	arch: string | null;
	config: Config | null;
	origin: KernelOrigin | null;
	/** CRC of module_layout, "0x" and 8 hex digits, where it is known. */
	layoutCrc?: string | null;
	root: Root;
}

export interface SourceContext {
	progress: Progress;
	signal?: AbortSignal | undefined;
	/** Package systems to ask; those without their programs on PATH are passed over. */
	systems: readonly PackageSource[];
	/** Folders that are trees or hold some. */
	folders: string[];
	/** Address of kernel.org or a mirror of it. */
	mirror: string;
}
