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

/** Flags of every command that foretells what the loader says (CONTRACT: "The verdict"). */
export const verdictFlags = {
	enforce: Flags.option({
		options: ["none", "signature", "lockdown"] as const,
		description:
			"what the target's boot enforces: nothing, module.sig_enforce, or a lockdown such as Secure Boot's (default: read from it)",
	})(),
	lenient: Flags.boolean({ description: "a module that cannot be decided is no failure" }),
};

/** Flag of every command that runs compilers (CONTRACT: "Toolchain"). */
export const toolchainFlags = {
	toolchain: Flags.option({
		options: ["auto", "host", "fetch"] as const,
		description:
			"compilers, pahole and Rust: this machine's, the target's own brought along where they lack, or those that are kept",
	})({ default: "auto" as const }),
};
