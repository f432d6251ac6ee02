import type { Entry } from "../entry.ts";
import { building } from "../place.ts";
import { configured } from "../probes/probe.ts";

/** Modules in Rust: the kernel's own crates, compiled, are part of what they build against. */
export const rustEntries: Entry[] = [
	{
		id: "rust-metadata-missing",
		title: "The headers say CONFIG_RUST=y and lack the compiled crates",
		place: building(25),
		cause:
			"rustc finds no crate {symbol|core or kernel}: the package of headers does not ship rust/*.rmeta (and target.json), which the kernel's own build made. rustup has nothing to do with it.",
		remedy:
			"Install a headers package that has rust/ (a -rust or -lib-rust package beside it), or use a source tree of this version that kprep sync prepared with the very rustc of CONFIG_RUSTC_VERSION_TEXT.",
		commands: [
			"ls /lib/modules/{release_kernel|$(uname -r)}/build/rust",
			"grep RUSTC_VERSION_TEXT /lib/modules/{release_kernel|$(uname -r)}/build/.config",
			{ system: "rust" },
			"kprep source get -t {release_kernel|$(uname -r)} --dest linux-source",
			"kprep sync linux-source -t {release_kernel|$(uname -r)} --toolchain fetch # brings the very rustc, where the distribution's lists have it; else: rustup toolchain install VERSION, and PATH",
			"make -C linux-source M={folder|$PWD} modules",
		],
		check: "ls rust/*.rmeta rust/*.so scripts/target.json in the headers",
		origin: "rust/Makefile, scripts/Makefile.build (rust_common_cmd); rustc E0463",
		confirm: configured(["RUST"], (value) => value === "y"),
		patterns: [
			{
				needles: ["E0463"],
				match: /error\[E0463\]: can't find crate for '(?<symbol>\w{1,60})'/,
			},
			{
				needles: ["target.json", "libmacros", ".rmeta"],
				match:
					/(?:error: )?(?:target file|couldn't read|[Ee]rror loading target specification:?|extern location for) .{0,200}(?:target\.json|\.rmeta|libmacros\.so)/,
				read: () => ({}),
			},
			{
				needles: ["rust/"],
				match: /No rule to make target '(?<file>(?:\.\/)?rust\/[\w./-]{1,60})'/,
			},
		],
	},
	{
		id: "rust-metadata-mismatch",
		title: "The Rust crates that rustc found are of another rustc, or for another target",
		place: building(26),
		cause:
			"The metadata of crate {symbol|core or kernel} fits only the rustc (and target.json) that wrote it, and another one is used here.",
		remedy:
			"Use that rustc: RUSTC=rustc-N of CONFIG_RUSTC_VERSION_TEXT, on the make command line; or rebuild rust/ in a source tree of your own (kprep sync).",
		commands: [
			"rustc --version; grep RUSTC_VERSION_TEXT /lib/modules/{release_kernel|$(uname -r)}/build/.config",
			"make RUSTC=rustc-N -C /lib/modules/{release_kernel|$(uname -r)}/build M={folder|$PWD} modules",
		],
		check: "rustc --version against CONFIG_RUSTC_VERSION_TEXT",
		origin: "rustc E0514, E0460, E0461",
		here: ({ option }) =>
			option?.includes("E0461")
				? "E0461 speaks of the target: rustc took the crates of its own sysroot, which are for programs, as it found none of the kernel's: rust/*.rmeta or scripts/target.json is missing from the tree or not named on the command line. Build through kbuild (make -C TREE M=DIR) in a tree that has them."
				: null,
		confirm: configured(["RUST"], (value) => value === "y"),
		patterns: [
			{
				needles: ["E0514", "E0460", "E0461", "E0462", "E0786"],
				match: /error\[(?<option>E0(?:514|460|461|462|786))\](?:: .{0,80}?crate '(?<symbol>\w{1,60})')?/,
			},
			{
				needles: ["' compiled by "],
				match: /crate '(?<symbol>\w{1,60})' compiled by (?:an incompatible version of )?rustc/,
			},
			{
				needles: ["Rust compiler", "Rust bindings generator", "the rustc "],
				match:
					/Rust (?:compiler|bindings generator) '[^']{1,60}' is too old|the (?:rustc|Rust compiler) (?:version )?differs from/,
				read: () => ({}),
			},
		],
	},
];
