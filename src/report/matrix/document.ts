import type { BootStage } from "../../kernel/log/bootlog.ts";

/** How far a cell came, or where it failed (CONTRACT: "matrix --json"). */
export const STAGES = ["target", "toolchain", "source", "sync", "build", "check", "boot"] as const;
export type Stage = (typeof STAGES)[number];

/** The first cause of a cell that is not `loads`. */
export interface Cause {
	/** Of the diagnosis (`kprep explain ID`), the error or the loader's decision. */
	id: string;
	title: string;
	cause: string;
	remedy: string;
	commands: string[];
}

/** One .ko of a cell. */
export interface CellModule {
	name: string;
	/** Where it lies. */
	path: string;
	verdict: "loads" | "refused" | "unsafe" | "unknown";
	errno: string | null;
	message: string | null;
}

export interface Cell {
	/** Names of the target and of the module, as in the document's lists. */
	target: string;
	module: string;
	/** The last stage that was gone through, or the one that failed. */
	stage: Stage;
	/** "failed": it never came to a verdict. */
	verdict: "loads" | "refused" | "unsafe" | "unknown" | "failed";
	errno: string | null;
	message: string | null;
	diagnosis: Cause | null;
	seconds: number;
	/** True when nothing that it depends on had changed since an earlier run, whose answer this is. */
	kept: boolean;
	/** The modules behind the verdict; one folder may make several. */
	modules: CellModule[];
	/** What the booted kernel said; null where no boot was asked for or none was possible. */
	boot: CellBoot | null;
	/** The last lines of what was run for it. */
	log: string[];
}

/** Of several modules it is the answer to the one that the loader refused, else to one that did not come up. */
export interface CellBoot {
	loaded: boolean;
	/** `init`: the loader took it, and its own init function failed in the emulator; that is no refusal. */
	stage: BootStage;
	errno: string | null;
	accelerator: string;
	seconds: number;
	log: string[];
}

/** One target and what was made ready for it. */
export interface MatrixTarget {
	name: string;
	/** As the targets file names it. */
	spec: { target?: string | undefined; sysroot?: string | undefined; config?: string | undefined };
	/** `uname -r`, and the word that brings this very kernel again; null: it was not found out. */
	release: string | null;
	exact: string | null;
	/** The source tree and where it came from, and the objtree; null where nothing is built or it did not come so far. */
	source: { tree: string; from: string; version: string } | null;
	output: string | null;
	/** Verdict of the sync, the compiler it took, and options that came out otherwise than the target's. */
	verify: string | null;
	toolchain: string | null;
	drift: { symbol: string; target: string; tree: string | null; cause: string | null }[];
	seconds: number;
	/** The build machine that worked on it, whose paths these are; null: this one. */
	machine: string | null;
	/** Why it could not be made ready; its cells then say the same. */
	failed: { stage: Stage; message: string; diagnosis: Cause } | null;
}

/** What `kprep matrix --json` prints. */
export interface MatrixDocument {
	modules: { name: string; path: string; kind: "folder" | "ko" }[];
	targets: MatrixTarget[];
	cells: Cell[];
	seconds: number;
}
