import { quoted } from "../../shell-word.ts";
import type { Entry } from "../entry.ts";
import { building } from "../place.ts";
import { builtIn } from "../probes/building.ts";
import { missingInBuild } from "../probes/probe.ts";
import { says } from "../reading/pattern.ts";

const HEADERS_FILE =
	/^(?:\.\/)*(?:include\/)?(?:generated\/(?:autoconf|utsrelease|bounds|asm-offsets|timeconst|compile|uapi\/linux\/version)\.h|linux\/(?:autoconf|utsrelease|version)\.h|config\/auto\.conf|asm\/(?:unistd_(?:32|64|x32)|orc_types)\.h)$/;

/** The tree (or headers package) that the build was pointed at. */
export const treeEntries: Entry[] = [
	{
		id: "tree-not-prepared",
		title: "The tree has no generated files: not configured, not prepared, or incomplete",
		place: building(10),
		cause:
			"{file|include/generated/autoconf.h or include/config/auto.conf} is missing: the tree was never configured and prepared, was cleaned, or the headers package is incomplete.",
		remedy:
			"In a tree of your own: kprep sync (or make olddefconfig modules_prepare). Packaged headers: reinstall the package; running oldconfig inside it breaks more.",
		commands: [
			{ system: "prepared" },
			(known, { scene, board }) => {
				// SUSE keeps the configured tree beside the bare source.
				if (board === "suse" && scene.sourceTree !== null) return [];
				const tree = quoted(known.tree?.[0] ?? scene.sourceTree ?? "TREE");
				return [`kprep sync ${tree}`, `make -C ${tree} olddefconfig modules_prepare`];
			},
			{ way: "build" },
		],
		here: (_, { scene, board }) =>
			board === "suse" && scene.sourceTree !== null
				? `${scene.sourceTree} is the bare source of openSUSE and SLES: do not configure it. The configured tree is ${scene.sourceTree}-obj/ARCH/FLAVOUR, to which /lib/modules/RELEASE/build points.`
				: null,
		causes: [
			"make mrproper or distclean was run in the tree",
			"only the common half of a split headers package is installed",
			"flex, bison, a compiler: an earlier prepare stopped halfway",
		],
		check: "ls include/generated/autoconf.h include/generated/utsrelease.h include/config/auto.conf",
		origin: "top Makefile (external modules), scripts/kconfig",
		confirm: missingInBuild(({ file }) => (file?.[0]?.includes("/") ? [file[0]] : [])),
		patterns: [
			says("Kernel configuration is invalid"),
			{
				needles: ["auto.conf", "autoconf.h"],
				match:
					/(?:include\/)?(?<file>include\/(?:generated|linux)\/autoconf\.h) or (?<path>include\/config\/auto\.conf)\S{0,20} (?:are|is) missing/,
				read: ({ groups }) => ({ file: [groups?.file ?? "", groups?.path ?? ""] }),
			},
			{
				needles: ["onfiguration file"],
				match: /Configuration file '?(?<file>[^\s']{0,200}\.config)'? not found/,
				place: building(12),
			},
			says("No .config exists, config your kernel first", { place: building(12) }),
			{
				needles: ["Kconfig"],
				match: /can't (?:find|open) file '?(?<file>[^\s']{0,200}Kconfig[^\s']{0,60})'?/,
				place: building(14),
				// Headers for arm, asked as arm64: arch-variable-wrong.
				read: ({ groups }, { board }) =>
					board === "raspberry-pi" && /(?:^|\/)arch\/arm64\//.test(groups?.file ?? "")
						? null
						: { file: [groups?.file ?? ""] },
			},
			{
				needles: ["auto.conf", "autoconf.h"],
				match:
					/(?<file>include\/(?:generated|linux)\/autoconf\.h|include\/config\/auto\.conf)'?(?: is missing|: No such file| not found| does not exist)/,
				place: building(13),
			},
			{
				needles: ["not configured", "not prepared", "been configured", "been prepared"],
				match:
					/[Kk]ernel (?:source|tree|sources)[^.]{0,60} (?:is|are|has|have) not (?:been )?(?:configured|prepared)/,
				place: building(13),
			},
		],
		event: (event, scene) => {
			const stripped =
				event.kind === "no-rule"
					? event.target
					: event.kind === "no-path" && event.how === "include"
						? event.path
						: null;
			if (event.kind === "no-header" && HEADERS_FILE.test(event.header))
				return { details: { file: [event.header] } };
			// Most of asm/ is generated (asm-generic wrappers), or behind a link that prepare makes (up to 2.6.32).
			if (event.kind === "no-header" && isArchHeader(event.header, event.source))
				return { details: { file: [event.header] }, place: building(24), certainty: "likely" };
			if (
				event.kind === "no-path" &&
				event.how === "include" &&
				/include\/config|auto\.conf|scripts\/(?:Kbuild\.include|Makefile)|\.kernelvariables|arch\/[^/]{1,40}\/Makefile\.postlink/.test(
					event.path,
				)
			)
				return { details: { file: [event.path] } };
			if (
				event.kind === "no-rule" &&
				/include\/(?:generated|config)\/|^\.?\/?include\/linux\/(?:autoconf|version|utsrelease)\.h|(?:^|\/)\.config$/.test(
					event.target,
				)
			)
				return { details: { file: [event.target] } };
			// A prepare of a stripped tree: its sources are not there.
			if (stripped !== null && strippedTarget(stripped) && (scene.goals.length > 0 || Boolean(scene.m)))
				return { details: { file: [stripped] }, place: building(22), certainty: "likely" };
			if (
				event.kind === "no-rule" &&
				/^(?:kernel\/(?:bounds|time)|arch\/\w{1,20}\/kernel\/asm-offsets|scripts\/mod\/(?:empty|devicetable))/.test(
					event.target,
				)
			)
				return { details: { file: [event.target] }, place: building(23), certainty: "likely" };
			return null;
		},
	},
	{
		id: "tree-not-clean",
		title: "A separate output folder is used, and the source tree was built in as well",
		place: building(8),
		cause:
			"The source tree {path|itself} holds a .config or generated files, and make O= refuses such a source.",
		remedy:
			"Save .config, run make mrproper in the source tree, then build with O= again; or keep building in place, without O=.",
		commands: ["cp {path|TREE}/.config /tmp/saved.config", "make -C {path|TREE} mrproper"],
		unsafe: "mrproper deletes .config: save it first.",
		check: "ls {path|TREE}/.config {path|TREE}/include/config",
		origin: "top Makefile (outputmakefile, prepare3), 2.6.8 and later",
		confirm: builtIn,
		patterns: [
			{
				needles: ["not clean"],
				match:
					/(?:^|\s)(?:The source tree(?: is)?|(?<path>\/[^\s]{1,300}|\.{1,2}(?:\/[^\s]{1,300})?) is) (?:is )?not clean, please run 'make/,
			},
			{ needles: ["not clean"], match: /source tree is not clean/ },
			{ needles: ["in the '"], match: /^in the '(?<path>\/[^']{1,300})' directory/, adds: true },
			{ needles: ["*** in /"], match: /^\*\*\* in (?<path>\/\S{1,300})$/, adds: true },
		],
	},
	{
		id: "kconfig-restart",
		title: "The configuration has open questions, and kconfig cannot ask them",
		place: building(20),
		cause:
			"The .config does not answer every question of this tree and toolchain[[ ({config} is new)]], and kconfig has no terminal to ask on.",
		remedy:
			"Run make olddefconfig with the compiler that is going to be used, then modules_prepare. kprep sync does that and shows which options changed.",
		commands: ["make olddefconfig", "kprep sync"],
		causes: [
			"another compiler than the one that wrote .config",
			".config of an older version",
			"make run from a script or CI without a terminal",
		],
		unsafe: "yes '' | make oldconfig takes defaults that nobody looked at; compare .config afterwards.",
		check: "diff .config.old .config; CONFIG_CC_VERSION_TEXT",
		origin: "scripts/kconfig/conf.c",
		patterns: [
			{ needles: ["Restart config"], match: /^\*? ?Restart config\.\.\./ },
			{
				needles: ["(NEW)"],
				match: /\((?<config>[A-Z0-9_]{2,80})\) \[[^\]]{1,40}\] \(NEW\)/,
				read: () => ({}),
				place: building(21),
			},
			{ needles: ["in reading or end of file"], match: /Error in reading or end of file/ },
			{ needles: ["onsole input"], match: /[Cc]onsole input\/output is redirected/ },
		],
	},
	{
		id: "module-lds-missing",
		title: "The linker script for modules is not in the tree",
		place: building(16),
		cause:
			"{file|scripts/module.lds} is missing: the tree was not prepared, or the headers package lacks it.",
		remedy:
			"In a tree of your own: make modules_prepare (kprep sync). Packaged headers: reinstall or complete the package.",
		commands: ["kprep sync", "make modules_prepare"],
		check: "ls scripts/module.lds arch/*/kernel/module.lds",
		origin:
			"scripts/Makefile.modfinal; scripts/module-common.lds before 5.10, generated scripts/module.lds since",
		confirm: missingInBuild(({ file }) => file ?? ["scripts/module.lds"]),
		patterns: [
			{
				needles: ["module.lds", "module-common.lds"],
				match:
					/(?:cannot|can't|could not) (?:open|find) (?:linker script(?: file)? )?'?(?<file>[^\s':]{0,300}module(?:-common)?\.lds)/,
			},
			// kbuild passes -T and what $(wildcard) found of it: nothing, so that ld takes the next word for the script.
			{
				needles: ["linker script file -"],
				match: /cannot open linker script file -\w{1,20}:/,
				read: () => ({}),
			},
			{
				needles: [".lds"],
				match: /(?<file>[^\s':]{0,300}module(?:-common)?\.lds)'?: (?:No such file|.{0,60}$)/,
				place: building(17),
			},
		],
		event: (event) =>
			event.kind === "no-rule" && /module(?:-common)?\.lds(?:\.S)?$/.test(event.target)
				? { details: { file: [event.target] } }
				: null,
	},
];

/** True for an asm/ header that a header of a kernel tree asks for; those of /usr/include ask for the C library's. */
function isArchHeader(header: string, source: string | null): boolean {
	return (
		/^asm\/\w{1,60}\.h$/.test(header) &&
		/(?:^|\/)include\/(?:uapi\/)?(?:linux|asm-generic)\//.test(source ?? "") &&
		!(source ?? "").startsWith("/usr/include/")
	);
}

/** Where headers are installed, in front of a path in them. */
const ABOVE_TREE =
	/^\/\S{0,200}\/(?:linux-headers-[^/]{1,100}|linux-kbuild-[^/]{1,60}|kernels\/[^/]{1,100}|modules\/[^/]{1,100}\/(?:build|source)|linux(?:-[^/]{1,60})?)\//;

/** Sources that only a whole tree has, named by a build that runs in a headers tree as if it were the kernel. */
export function strippedTarget(path: string): boolean {
	const target = path.replace(ABOVE_TREE, "");
	return (
		/^(?:\.\/)?arch\/\w{1,20}\/(?:entry|syscalls|kernel|tools|boot|include|purgatory|kvm|lib|mm|vdso|realmode|events)\/|^(?:\.\/)?(?:init|kernel|mm|fs|ipc|security|crypto|block|usr|sound|net|virt|lib|drivers)\/|^(?:\.\/)?scripts\/(?:kconfig|basic|mod|genksyms|dtc|selinux|gcc-plugins|mkmakefile|\w{1,30}\.(?:c|sh|pl|py))|^(?:\.\/)?tools\/|^(?:\.\/)?(?:arch\/\w{1,20}\/)?Kconfig/.test(
			target,
		) && !/module\.lds|objtool|\.pem$|certs\//.test(target)
	);
}
