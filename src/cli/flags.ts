import { Args, Flags } from "@oclif/core";
import { byTree } from "./by-tree.ts";

/** Flags of every command that needs a target (CONTRACT: "The target"). */
export const targetFlags = {
	target: byTree(
		Flags.string({
			char: "t",
			helpValue: "SPEC",
			description:
				"the kernel that must load the modules: a release, an image, a profile, apt:PACKAGE[=VERSION], ssh://HOST (default: the running kernel)",
		}),
		// A scheme would fetch something, or call a machine.
		(spec) => !/^\w+:/.test(spec),
	),
	sysroot: byTree(
		Flags.string({ helpValue: "DIR", description: "look for the target in this folder instead of /" }),
	),
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

/** How many jobs make runs at once. */
export const jobsFlag = byTree(
	Flags.integer({ char: "j", min: 1, description: "make's -j (default: one a processor)" }),
);

/** Flags of commands that work for all targets of a project (CONTRACT: "Targets file"). */
export const projectFlags = {
	targets: Flags.string({ helpValue: "FILE", description: "the targets file" }),
	locked: Flags.boolean({
		exclusive: ["update"],
		description: "refuse whatever is not as kprep-targets.lock has it, and write no lock file",
	}),
	update: Flags.boolean({ description: "resolve all targets anew, whatever the lock file has" }),
	offline: Flags.boolean({
		description: "bring nothing: only kernels, toolchains and sources that are kept",
	}),
};

/** Flag of the commands that compare a tree with the target. */
export const proofFlags = {
	deep: Flags.boolean({
		allowNo: true,
		description:
			"compile probes in a temporary folder, and compare structures, symbol versions and code too; where a difference could matter this is done unasked, --no-deep forgoes it",
	}),
};

/** What --deep, --no-deep or neither asks for. */
export function proofMode(deep: boolean | undefined): "auto" | "always" | "never" {
	return deep === undefined ? "auto" : deep ? "always" : "never";
}

/** Flag of the commands that foretell a kernel's answer. */
export const enforceFlags = {
	enforce: Flags.option({
		options: ["none", "signature", "lockdown"] as const,
		description: "what the target's boot enforces on modules (default: as far as it can be read)",
	})(),
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

/** Flag of the commands that prepare trees: where prepared objtrees are kept besides the user's own store. */
export const storeFlags = {
	store: Flags.string({
		helpValue: "DIR",
		description:
			"also take prepared trees from this store, read only (a team's, a CI's); none: use no store at all",
	}),
};

/** What --store says: read-only places, or null for no store at all. */
export function storesOf(store: string | undefined): string[] | null {
	return store === "none" ? null : store === undefined ? [] : [store];
}
/** Flag of every command whose answer is also worth looking at. */
export const htmlFlags = {
	html: Flags.string({
		helpValue: "FILE",
		description: "also write the answer as one page that needs no network and no script",
	}),
};
