import type { Config } from "../config/config.ts";
import type { Minimums } from "./minimums.ts";

/** One thing that a build for the target needs on the host. */
export interface Need {
	/** As packageFor() takes it: a program, a header, or a set such as "gcc-12-plugin". */
	tool: string;
	/** What breaks, or silently changes, without it. */
	neededFor: string;
	/** Least version; null: any. */
	required: string | null;
	/** false: nothing is refused without it, but some of what kprep or the tree can do is not possible. */
	must: boolean;
	/** Other programs that serve as well, in order; a compiler also has to be of the version's first number. */
	instead: string[];
}

export interface Circumstances {
	/** The target's; null when it is not known. */
	config: Config | null;
	/** Whether the tree has this file or folder; null without a tree. */
	has: ((path: string) => boolean) | null;
	/** What the tree asks for; empty without a tree. */
	minimums: Minimums;
	/** Version of pahole that the tree asks for with this config. */
	pahole: string | null;
	/** ARCH word of the target; null when it is not known. */
	arch: string | null;
	/** ARCH word of this machine. */
	host: string;
	/** CONFIG_CC_VERSION_TEXT or the banner's compiler; null when it is not known. */
	compiler: string | null;
}
