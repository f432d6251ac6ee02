import { Args, Flags } from "@oclif/core";

/** Flags of every command that needs a target (CONTRACT: "The target"). */
export const targetFlags = {
	target: Flags.string({
		char: "t",
		helpValue: "SPEC",
		description:
			"the kernel that must load the modules: a release, an image, a profile, apt:PACKAGE[=VERSION], ssh://HOST (default: the running kernel)",
	}),
	sysroot: Flags.string({ helpValue: "DIR", description: "look for the target in this folder instead of /" }),
	config: Flags.string({ helpValue: "FILE", description: "take the target's .config from this file" }),
};

/** Flags of every command that works on a tree. */
export const treeFlags = {
	output: Flags.string({
		char: "O",
		helpValue: "DIR",
		description: "keep the build in this folder (kbuild's O=), the source tree untouched",
	}),
};

export const treeArgs = {
	tree: Args.string({
		name: "TREE",
		description:
			"the kernel source tree (default: this folder, /usr/src/linux, or the only tree in this folder)",
	}),
};

/** Flag of every command that runs compilers (CONTRACT: "Toolchain"). */
export const toolchainFlags = {
	toolchain: Flags.option({
		options: ["auto", "host", "fetch"] as const,
		description:
			"compilers, pahole and Rust: this machine's, the target's own brought along where they lack, or those that are kept",
	})({ default: "auto" as const }),
};

/** Flags of commands that decide what make gets. */
export const makeFlags = {
	cc: Flags.string({
		helpValue: "NAME",
		description: "the compiler (default: the one that the target names)",
	}),
	arch: Flags.string({ helpValue: "ARCH", description: "kbuild's ARCH (default: the target's)" }),
	"cross-compile": Flags.string({ helpValue: "PREFIX", description: "kbuild's CROSS_COMPILE" }),
	cures: Flags.boolean({
		allowNo: true,
		default: true,
		description: "--no-cures leaves alone what this machine's tools do to an older tree",
	}),
	"make-var": Flags.string({
		multiple: true,
		helpValue: "NAME=VALUE",
		description: "a variable for every make in the tree, kept there (may be given again)",
	}),
};
