import type { Progress } from "../../host/progress.ts";
import type { TargetSpec } from "../subject.ts";

/**
 * A way to name a kernel that is not on this machine: "apt:linux-image-amd64". A new one is one file here and one entry
 * in `index.ts`.
 */
export interface Scheme {
	/** What the word begins with. */
	readonly prefix: string;
	/** What to type, for messages. */
	readonly form: string;
	/**
	 * Brings the kernel's files into kprep's cache, where they may be from an earlier call, and says how to find them
	 * there. With `offline` only kept ones count. Throws KprepError for a word that is none, and for a kernel that cannot be had.
	 */
	bring(word: string, progress: Progress, offline: boolean): Promise<BroughtTarget>;
}

/** A kernel that was brought, and exactly which: what a lock file pins. */
export interface BroughtTarget extends TargetSpec {
	/** The word that brings this very one again: "apt:linux-image-6.1.0-56-amd64=6.1.192-2". */
	exact: string;
}
