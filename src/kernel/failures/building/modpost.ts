import { quoted } from "../../shell-word.ts";
import type { Entry } from "../entry.ts";
import { baseName } from "../loading/unknown-symbols.ts";
import { anyOf, withdrawnAdvice } from "../loading/withdrawn.ts";
import { building } from "../place.ts";
import { rebuildCommands, updateCommands } from "../poster/way.ts";
import { unexported } from "../probes/loading.ts";
import { configured, missingInBuild } from "../probes/probe.ts";
import { says } from "../reading/pattern.ts";

/** Functions that no kernel is without. */
const EVERYWHERE =
	/^(?:memcpy|memset|memmove|kfree|_?printk|__kmalloc\w*|kmalloc_\w{1,40}|module_layout|strlen|strcmp|strncmp|snprintf|sprintf|msleep|mutex_lock|mutex_unlock|_raw_spin_lock\w*|copy_from_user|_copy_from_user)$/;

/** What scripts/mod/modpost says at the end of a build. */
export const modpostEntries: Entry[] = [
	{
		id: "symvers-missing",
		title: "The tree has no Module.symvers",
		place: building(35),
		cause:
			"{file|Module.symvers} is missing, so modpost knows no exports and no CRCs: every symbol is undefined to it, and the module gets no versions.",
		remedy:
			"Use the packaged headers of the kernel, which have it, put the target's own Module.symvers into the tree (kprep sync does), or build the whole kernel once (make). modules_prepare never makes it.",
		commands: [
			"ls -l /lib/modules/{release_kernel|$(uname -r)}/build/Module.symvers",
			{ system: "headers" },
			"kprep sync",
		],
		check: "ls Module.symvers in the tree",
		origin: "scripts/Makefile.modpost; top Makefile (external modules)",
		confirm: missingInBuild(() => ["Module.symvers"]),
		patterns: [
			{
				needles: ["ymbol version dump"],
				match: /[Ss]ymbol version dump '?(?<file>[^\s';]{1,300})'? is missing/,
			},
			{
				needles: [
					".symvers is missing",
					".symvers file is missing",
					".symvers not found",
					".symvers file not found",
				],
				match: /(?<file>[^\s';]{0,300}\.symvers) (?:file )?(?:is missing|not found)/,
			},
			{
				needles: [".symvers"],
				match: /(?<file>[^\s';:]{0,300}Module\.symvers)'?: No such file/,
				place: building(37),
			},
			// Up to 5.5: it could still go on without vmlinux's own exports.
			says("Symbol info of vmlinux is missing", { place: building(49), certainty: "likely" }),
			says("Modules may not have dependencies or modversions", { place: building(36) }),
			says("modules will have no dependencies and modversions", { place: building(36) }),
		],
		event: (event) =>
			event.kind === "no-rule" && /Module\.symvers$/.test(event.target)
				? { details: { file: [event.target] } }
				: null,
	},
	{
		id: "symvers-malformed",
		title: "modpost cannot read a Module.symvers",
		place: building(34),
		cause:
			"A symbol dump is not in the format of this tree's modpost: made by another kernel's tools (the namespace column came in 5.4 and moved in 5.6), by hand, or cut off.",
		remedy:
			"Replace it by one that this tree's own build made, or remove stale ones beside the module and in KBUILD_EXTRA_SYMBOLS.",
		commands: ["head -2 Module.symvers | cat -A"],
		check: "columns of every Module.symvers that takes part",
		origin: "scripts/mod/modpost.c (read_dump)",
		patterns: [says("parse error in symbol dump file")],
	},
	{
		id: "modpost-undefined",
		title: "modpost finds no export for a symbol",
		place: building(43),
		cause:
			"{symbol|A symbol} is used by {module|the module} and exported by nothing that the symbol lists name.",
		remedy:
			"If another external module exports it, give its Module.symvers in KBUILD_EXTRA_SYMBOLS. If the kernel does, the tree's Module.symvers is incomplete (only vmlinux, trimmed, another configuration). If nothing exports it any more, the source must use another interface.",
		commands: [
			({ symbol, release_kernel }) => [
				`grep ${anyOf(symbol ?? [])} /lib/modules/${release_kernel?.[0] === undefined ? "$(uname -r)" : quoted(release_kernel[0])}/build/Module.symvers`,
				`find / -xdev -name Module.symvers -exec grep -l ${anyOf(symbol ?? [])} {} + 2>/dev/null`,
			],
			({ symbol, folder }, { release, board, scene }) => {
				const tree = `/lib/modules/${release === null ? "$(uname -r)" : quoted(release)}/build`;
				if (!symbol?.some((name) => EVERYWHERE.test(name)))
					return [
						`make KBUILD_EXTRA_SYMBOLS=/path/of/the/exporter/Module.symvers -C ${tree} M=${folder?.[0] === undefined ? "$PWD" : quoted(folder[0])} modules`,
						...updateCommands(scene).map((command) => `${command} # when nothing exports it in this kernel`),
					];
				return [
					`wc -l ${tree}/Module.symvers; grep -E 'TRIM_UNUSED_KSYMS|CONFIG_MODVERSIONS' ${tree}/.config`,
					...(board === "gentoo"
						? [
								'cd /usr/src/linux && scripts/config -d TRIM_UNUSED_KSYMS && make olddefconfig && make -j"$(nproc)" && sudo make modules_install install # then reboot into it',
							]
						: []),
					...rebuildCommands(scene, release),
				];
			},
		],
		here: ({ symbol }, { board }) => {
			const basic = symbol?.find((name) => EVERYWHERE.test(name));
			if (basic !== undefined)
				return `Every kernel has ${basic}, so the tree's Module.symvers lacks the kernel's own symbols: it was only prepared and never built whole, belongs to another build, or CONFIG_TRIM_UNUSED_KSYMS took out what no module of the kernel uses.`;
			const withdrawn = withdrawnAdvice(symbol);
			if (withdrawn !== null) return withdrawn;
			return board === "rhel"
				? "RHEL and its rebuilds carry interfaces of much newer kernels under their old number: a driver that asks LINUX_VERSION_CODE takes the wrong one. Look for a version of it that names this minor release."
				: null;
		},
		causes: [
			"CONFIG_TRIM_UNUSED_KSYMS dropped exports that no in-tree module uses",
			"the option that has the exporter is off",
			"EXPORT_SYMBOL was removed in this version",
		],
		unsafe: "KBUILD_MODPOST_WARN=1 only moves the error to the moment of loading.",
		check: "grep -w SYMBOL Module.symvers; EXPORT_SYMBOL in the source of this version",
		origin:
			"scripts/mod/modpost.c (check_exports): WARNING up to 5.x, ERROR since; ld.lld and ld for a kernel",
		confirm: unexported,
		patterns: [
			{
				needles: ["undefined!"],
				match:
					/(?<warning>WARNING: )?(?:modpost: )?['"](?<symbol>[\w.$]{1,512})['"] \[(?<ko>[^\]]{1,300}?)(?:\.ko)?\] undefined!/,
				read: ({ groups }) => ({ symbol: [groups?.symbol ?? ""], module: [baseName(groups?.ko ?? "")] }),
			},
			says("too many unresolved symbol", { needles: ["unresolved symbol"], place: building(46) }),
		],
	},
	{
		id: "missing-module-license",
		title: "The module has no MODULE_LICENSE",
		place: building(39),
		cause: "{module|The module} declares no licence, which modpost refuses.",
		remedy:
			'Add MODULE_LICENSE("GPL"); (or the licence that it has) to one of its sources. If it is there, the linker dropped .modinfo: use kbuild\'s own link step.',
		commands: ["grep -rn MODULE_LICENSE ."],
		causes: [
			"obj-m names an object that no source defines, so that an empty module is made",
			"the object and the composite module have the same name",
		],
		check: "grep MODULE_LICENSE; readelf -p .modinfo x.o",
		origin: "scripts/mod/modpost.c (read_symbols): warning before 5.8, error since",
		patterns: [
			{
				needles: ["missing MODULE_LICENSE"],
				match: /missing MODULE_LICENSE\(\) in (?<ko>[^\s']{1,300})/,
				read: ({ groups }) => ({ module: [baseName(groups?.ko ?? "")], file: [groups?.ko ?? ""] }),
			},
			says("see include/linux/module.h for more information", {
				needles: ["include/linux/module.h"],
				place: building(44),
			}),
		],
	},
	{
		id: "module-name-too-long",
		title: "The module's name does not fit",
		place: building(48),
		cause: "{module|The module} has a name of more than MODULE_NAME_LEN (56 to 64) bytes.",
		remedy: "Give the object in obj-m a shorter name.",
		commands: ["grep -n obj-m Makefile Kbuild"],
		check: "the name of the .ko",
		origin: "scripts/mod/modpost.c (main), 6.4 and later",
		patterns: [
			{
				needles: ["odule name is too long"],
				match: /module name is too long \[(?<ko>[^\]]{1,400})\]/,
			},
		],
	},
	{
		id: "symbol-name-too-long",
		title: "A symbol name does not fit the version table",
		place: building(38),
		cause:
			"{symbol|A symbol} is longer than the fixed-size entries of the version table (64 bytes less the CRC); mangled Rust names are.",
		remedy:
			"Use a kernel with extended modversions (6.14 and later), or one without CONFIG_MODVERSIONS; or give the symbol a shorter name.",
		commands: ["grep -E 'MODVERSIONS|RUST' .config"],
		check: "CONFIG_MODVERSIONS, CONFIG_RUST, CONFIG_EXTENDED_MODVERSIONS",
		origin: "scripts/mod/modpost.c (add_versions), struct modversion_info",
		confirm: configured(["MODVERSIONS"], (value) => value === "y"),
		patterns: [
			{
				needles: ["too long symbol"],
				match: /too long symbol ["'](?<symbol>[^"']{1,1000})["'](?: \[(?<ko>[^\]]{1,300}\.ko)\])?/,
				read: ({ groups }) => ({
					symbol: [groups?.symbol ?? ""],
					...(groups?.ko === undefined ? {} : { module: [baseName(groups.ko)] }),
				}),
			},
		],
	},
];
