import type { Config } from "../kernel/config/config.ts";
import type { Goals } from "../kernel/kbuild/goals.ts";
import type { MakeSettings } from "../kernel/kbuild/settings.ts";
import type { VersionBlock } from "../kernel/release/makefile.ts";
import type { ReleaseRules } from "../kernel/release/release.ts";

/** What a source tree says about itself. Read once; nothing in it runs code of the tree. */
export interface Tree {
	/** srctree: absolute, links resolved. */
	path: string;
	/** objtree: the same as `path`, or the folder of -O. */
	output: string;
	/** Text of the top-level Makefile. */
	makefile: string;
	block: VersionBlock;
	/** V.P.S. */
	base: string;
	rules: ReleaseRules;
	goals: Goals;
	/** The localversion* files that count, objtree's first, as path and text without white space. */
	localversions: { path: string; text: string }[];
	/** What is in .git of srctree; null: kbuild sees no git there. */
	git: GitState | null;
	/** objtree's .config, its text and symbols; null when there is none. */
	config: { text: string; symbols: Config } | null;
	/** What an earlier preparation left; null when there is none. */
	prepared: Prepared | null;
	/** kprep's own GNUmakefile in objtree; null when there is none. */
	settings: MakeSettings | null;
	/** Somebody else's GNUmakefile is in objtree. */
	foreignGnumakefile: boolean;
}

export interface Prepared {
	/** UTS_RELEASE. */
	release: string | null;
	/** include/config/kernel.release. */
	kernelRelease: string | null;
	/** LINUX_VERSION_CODE and the V.P.S behind it. */
	versionCode: number | null;
	version: string | null;
}

export interface GitState {
	/** What scripts/setlocalversion would add with CONFIG_LOCALVERSION_AUTO, and the lone plus without. */
	full: string;
	short: string;
}
