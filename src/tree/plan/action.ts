import type { ReleasePlan } from "../../kernel/release/release.ts";
import type { Source } from "../../target/target.ts";
import type { Tree } from "../tree.ts";
import type { Cured } from "./cures/cure.ts";

/** One thing that a sync does. `changed` is false when it is so already. */
export type Action = WriteAction | MakeAction;

export interface WriteAction {
	id: string;
	kind: "write";
	/** Absolute path of the file. */
	path: string;
	content: string | Uint8Array;
	/** What is there now; null when nothing. For diffs. */
	before: string | Uint8Array | null;
	summary: string;
	reason: string;
	changed: boolean;
}

export interface MakeAction {
	id: string;
	kind: "make";
	/** objtree. */
	path: string;
	stage: Stage;
	goals: string[];
	summary: string;
	reason: string;
	changed: boolean;
}

/** How far a sync goes; each includes those before it. */
export const STAGES = ["config", "split", "prepare", "modules_prepare"] as const;
export type Stage = (typeof STAGES)[number];

/** The target's facts that a plan needs, files read. */
export interface PlanFacts {
	release: string;
	/** V.P.S, or null when only the release is known. */
	version: string | null;
	config: { text: string; source: Source };
	makefile: { text: string; source: Source } | null;
	symvers: { content: Uint8Array; source: Source } | null;
	/** `path` tells which kind of seed it is. */
	seed: { content: Uint8Array; source: Source } | null;
}

export interface PlanOptions {
	makefile: "auto" | "copy" | "edit";
	until: Stage;
	make: boolean;
	/** CC, ARCH, CROSS_COMPILE and whatever else every make must get. */
	variables: Record<string, string>;
	/** What the build's programs read from their environment, and folders that come first on PATH. */
	environment?: Record<string, string>;
	path?: string[];
}

/** What the last finished sync left, to see whether anything is to be done. */
export interface SyncRecord {
	release: string;
	/** sha256 of the .config that was given to make, and of the one that make left. */
	configGiven: string;
	configLeft: string;
	variables: Record<string, string>;
	environment?: Record<string, string> | undefined;
	path?: string[] | undefined;
	until: Stage;
	made: boolean;
	/** Which kprep wrote this, and when it was through: ISO 8601. */
	kprep?: string | undefined;
	finished?: string | undefined;
	/** Ids of the cures that were given. */
	cures?: string[] | undefined;
}

export interface PlanContext {
	tree: Tree;
	facts: PlanFacts;
	options: PlanOptions;
	record: SyncRecord | null;
	release: ReleasePlan;
	/** What a present machine does to the tree and is cured; its make settings are in `options` already. */
	cures?: readonly Cured[];
	/** Reads a file of the tree; null when it is not there. */
	read(path: string): Uint8Array | null;
	exists(path: string): boolean;
	digest(content: string | Uint8Array): string;
}

export interface Plan {
	strategy: ReleasePlan["strategy"];
	/** Why that strategy. */
	reason: string;
	actions: Action[];
	warnings: string[];
}
