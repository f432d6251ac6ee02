import type { Kept } from "./keep/kept.ts";
import type { Wanted } from "./wanted.ts";

/** Everything that compiles for a target, and what it does to make. */
export interface Toolchain {
	/** ARCH, CC, CROSS_COMPILE, LLVM, PAHOLE...: only those that a bare make would not get right by itself. */
	variables: Record<string, string>;
	/** What programs of the build read from their environment. */
	environment: Record<string, string>;
	/** Folders that come first on PATH. */
	path: string[];
	/** First line of `CC --version`. */
	text: string | null;
	warnings: string[];
	/** Each part that the target was built with, and what stands in for it here. */
	parts: ChosenPart[];
}

/** One part and where it is taken from. */
export interface ChosenPart {
	wanted: Wanted;
	/** "host": this machine's, "kept": one that was brought along, "none": there is none. */
	from: "host" | "kept" | "none";
	/** It is of the family and major version that the target was built with (pahole: new enough; Rust: the same). */
	fits: boolean;
	version: string | null;
	/** The program; a bare name is found on PATH. */
	program: string | null;
	kept: Kept | null;
}
