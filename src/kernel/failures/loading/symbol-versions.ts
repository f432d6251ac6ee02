import type { Entry, Machine, Verdict } from "../entry.ts";
import { building, refused, reported } from "../place.ts";
import { says } from "../reading/pattern.ts";

const ORIGIN = "kernel/module.c, kernel/module/version.c (check_version), 2.6.0 and later";

/** Refusals over the CRCs of CONFIG_MODVERSIONS. */
export const symbolVersionEntries: Entry[] = [
	{
		id: "module-layout-version",
		title: "The module was built in a tree whose core structures differ (module_layout CRC)",
		place: refused(50),
		cause:
			"The CRC of {symbol|module_layout} in {module|the module} is not the kernel's: the module comes from a tree with another configuration, other patches, or another Module.symvers.",
		remedy:
			"Build against the headers of exactly the running kernel, with their own Module.symvers; a tree of your own must have that kernel's .config as well. kprep check says which of the two differs.",
		commands: [
			"modprobe --dump-modversions $(modinfo -n {module|x}) | grep module_layout",
			"grep -w module_layout /lib/modules/{release_kernel|$(uname -r)}/build/Module.symvers",
			{ system: "headers" },
			{ way: "rebuild" },
		],
		here: ({ module }) =>
			(module?.length ?? 0) >= 3
				? `${module?.length} modules at once: then the kernel image and the whole folder of modules come from two builds of the same release. Install image, modules and out-of-tree modules (updates/, extra/, nvidia-oot) of one build together, or boot the image that they were built with; uname -v tells which build runs.`
				: null,
		causes: [
			"the release agrees but the .config does not: another flavour, an option that olddefconfig dropped",
			"Module.symvers was copied from another kernel",
			"the headers are of a rebuilt kernel with the same name",
		],
		unsafe: "modprobe --force-modversion removes the check that found different structures.",
		check: "the CRC in the file against Module.symvers of the tree that should have been used",
		origin: ORIGIN,
		patterns: [
			says("<module>: disagrees about version of symbol {module_layout|struct_module}", {
				read: layoutSymbol,
			}),
		],
		returns: ["ENOEXEC", "EINVAL", "ESRCH"],
		explains: ["unknown-symbol"],
		confirm: modversions,
	},
	{
		id: "symbol-version-mismatch",
		title: "A symbol has another version than the module was built for",
		place: refused(70),
		cause:
			"{symbol|A symbol} exists, but with another CRC than {module|the module} recorded: its exporter was rebuilt, replaced or changed since.",
		remedy:
			"Build {module|the module} against the exporter that is really loaded: give its Module.symvers in KBUILD_EXTRA_SYMBOLS when it is an external module, or rebuild (dkms) after the kernel package changed.",
		commands: [
			"grep -w {symbol|SYMBOL} /lib/modules/{release_kernel|$(uname -r)}/build/Module.symvers",
			"modinfo -n {module|NAME}; modinfo -F vermagic {module|NAME}; uname -rv",
			{ way: "rebuild" },
			(_, { scene, board }) =>
				scene.dkms === null && board !== "jetson"
					? [
							"make -C TREE M=$PWD modules # TREE: where this kernel was built, when it is one of your own; headers of a package have the old versions",
						]
					: [],
		],
		here: (_, { scene }) =>
			scene.dkms === null
				? "Where the symbol is the kernel's own, the kernel was rebuilt or patched and this module was not: every module that did not come with that kernel (nvidia, updates/, extra/) has to be built against its tree again, in its own source folder."
				: null,
		causes: [
			"another package (OFED, a backport) replaced the module that exports it",
			"the kernel package was updated in place and its ABI moved",
			"a stale copy of a dependency lies in /lib/modules/R/updates or extra",
		],
		unsafe: "modprobe --force-modversion calls functions whose arguments may have changed.",
		check: "modprobe --dump-modversions FILE | grep SYMBOL against the Module.symvers used at build",
		origin: ORIGIN,
		patterns: [
			{
				needles: ["disagrees about version of symbol"],
				match:
					/(?<![\w.+/-])(?<module>[\w.+-]{1,64}): disagrees about version of symbol (?!module_layout\b|struct_module\b)(?<symbol>[\w.$]{1,512})/,
			},
			says("<module>: Unknown symbol <symbol> (err -22)", { place: refused(72) }),
			{
				needles: ["is not compatible"],
				match:
					/Module (?<module>[\w.+-]{1,64}?)(?:\.ko\S{0,5})? from kernel (?<release_module>\S{1,80}) is not compatible with kernel (?<release_kernel>\S{1,80})(?: in symbols: ?(?<symbols>.{0,2000}))?/,
				place: building(50),
				read: ({ groups }) => ({
					module: [groups?.module ?? ""],
					release_module: [groups?.release_module ?? ""],
					release_kernel: [groups?.release_kernel ?? ""],
					symbol: (groups?.symbols ?? "").split(" ").filter((name) => /^\w+$/.test(name)),
				}),
			},
			says("<symbol> [<module>.ko]: CRC mismatch", { needles: ["CRC mismatch"], place: building(50) }),
			{
				needles: ["disagrees about version"],
				match: /depmod.{1,300}disagrees about version of symbol (?<symbol>\w{1,200})/,
			},
		],
		event: (event) =>
			event.kind === "refusal" && event.errno === "ESRCH" && /wrong symbol version/i.test(event.words)
				? { details: event.module === null ? {} : { module: [event.module] }, place: reported(70) }
				: null,
		returns: ["EINVAL", "ENOEXEC", "ESRCH"],
		explains: ["unknown-symbol"],
		confirm: modversions,
	},
	{
		id: "symbol-version-missing",
		title: "The module was built without symbol versions",
		place: reported(99),
		cause:
			"The kernel uses symbol versions, and {module|the module} recorded none for {symbol|a symbol}: it was built without a complete Module.symvers.",
		remedy:
			"Build with the Module.symvers of the kernel in the tree; for symbols of other external modules add theirs through KBUILD_EXTRA_SYMBOLS. Kernels up to 4.8 refuse such a module; later ones warn once and load it unchecked.",
		commands: [
			"ls -l /lib/modules/{release_kernel|$(uname -r)}/build/Module.symvers; modinfo -F vermagic {module|x}",
			{ system: "headers" },
			{ way: "rebuild" },
		],
		causes: ["a tree that was only modules_prepare'd has no Module.symvers"],
		unsafe:
			"A module without versions is loaded unchecked by newer kernels: a wrong tree then shows as a crash.",
		check: "modprobe --dump-modversions FILE prints nothing, or not this symbol",
		origin: `${ORIGIN}; a refusal up to 4.4, a warning from 4.9`,
		patterns: [
			says("<module>: no symbol version for <symbol>"),
			// A module without any versions on a kernel with CONFIG_MODULE_FORCE_LOAD (try_to_force_load, 2.6.33 and later).
			{
				needles: [": kernel tainted."],
				match: /(?<![\w.+/-])(?<module>[\w.+-]{1,64}): (?<symbol>\w{1,512}): kernel tainted\./,
				// modprobe --force hides the versions from the kernel, whether the module has them or not.
				read: ({ groups }, scene) =>
					scene.forced ? null : { module: [groups?.module ?? ""], symbol: [groups?.symbol ?? ""] },
			},
			{
				needles: ["no version for"],
				match: /(?<module>[\w.+-]{1,64}): no version for ["']?(?!magic)(?<symbol>[\w.]{1,512})["']? found/,
			},
			says("<module>: has no CRC for '<symbol>'", { needles: ["has no CRC for"] }),
		],
		returns: ["ENOEXEC", "EINVAL", "ESRCH"],
		explains: ["unknown-symbol", "symbol-version-mismatch"],
		confirm: modversions,
	},
];

function layoutSymbol(found: RegExpMatchArray) {
	const symbol = /module_layout|struct_module/.exec(found[0])?.[0] ?? "module_layout";
	return { module: [found.groups?.module ?? ""], symbol: [symbol] };
}

function modversions(_: unknown, machine: Machine): Verdict {
	const value = machine.config("MODVERSIONS");
	if (value === null)
		return { verdict: "not-checkable", evidence: ["no config of the running kernel is readable"] };
	const there = machine.exists(`/lib/modules/${machine.release}/build/Module.symvers`);
	const symvers = `Module.symvers of ${machine.release} is ${there ? "there" : "not there"}`;
	return value === "y"
		? { verdict: "confirmed", evidence: ["the running kernel has CONFIG_MODVERSIONS=y", symvers] }
		: {
				verdict: "contradicted",
				evidence: ["the running kernel has no CONFIG_MODVERSIONS: the log is of another one", symvers],
			};
}
