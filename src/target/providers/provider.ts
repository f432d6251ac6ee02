import type { Root } from "../../host/files/root.ts";
import type { Progress } from "../../host/progress.ts";
import type { Evidence } from "../target.ts";

/** Who the evidence is about, and where it may be looked for. */
export interface Subject {
	/** All reads for facts about the target go through it; nothing outside a given sysroot is read. */
	root: Root;
	/** `uname -r` of the target; null while only an image or profile is named. */
	release: string | null;
	/** True when the target is the kernel that runs here, so that /proc and /sys speak of it. */
	running: boolean;
	/** Path of an image that the user named (outside of any sysroot rule: the user typed it). */
	image: string | null;
	/** Path of a profile that the user named. */
	profile: string | null;
	/** Path of a config that the user named with --config. */
	config: string | null;
	progress: Progress;
	/** Called with one line for whatever exists and cannot be read. */
	unreadable(what: string): void;
}

/**
 * One source of facts about a target. A new distribution or source is one new file and one entry in
 * `providers.ts`. gather() reads, never writes, never runs code of the target; it returns one Evidence
 * a place it looked in, and none for a place that is not there. Expensive facts are left to FileFact.read().
 */
export interface EvidenceProvider {
	readonly name: string;
	/**
	 * `quick`: a few small files, asked every time. `slow`: unpacks an image or reads many files; asked when its file
	 * was named by the user, when a fact that it can give is still missing, or when the whole report is wanted.
	 */
	readonly cost: "quick" | "slow";
	/** Facts for whose sake a slow provider is asked when they are missing; empty for a quick one. */
	readonly gives: readonly (keyof Evidence)[];
	gather(subject: Subject): Promise<Evidence[]>;
}
