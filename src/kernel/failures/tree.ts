import type { Details, Entry } from "./entry.ts";
import { says } from "./pattern.ts";
import { builtIn, noKernelMakefile } from "./probes/building.ts";
import { missingInBuild } from "./probes/probe.ts";

const HEADERS_FILE =
	/^(?:\.\/)*(?:include\/)?(?:generated\/(?:autoconf|utsrelease|bounds|asm-offsets|timeconst|compile|uapi\/linux\/version)\.h|linux\/(?:autoconf|utsrelease|version)\.h|config\/auto\.conf|asm\/(?:unistd_(?:32|64|x32)|orc_types)\.h)$/;

const WHAT =
	"(?:kernel[ -](?:headers?|sources?|build[ -](?:dir\\w{0,6}|folder|tree|path))|sources? (?:tree )?(?:of|for) (?:your |the )?(?:current(?:ly)? |running ){0,2}(?:linux )?kernel|headers? (?:of|for) (?:your |the )?(?:current(?:ly)? |running ){0,2}(?:linux )?kernel)";

const NO_HEADERS = new RegExp(
	`(?:can(?:no|')t|could(?: not|n't)|unable to|failed to|did not) (?:find|locate|detect|determine) (?:[^.]{0,60}?\\b)?${WHAT}|${WHAT}[^.]{0,60}? (?:not (?:be )?found|(?:is|are) (?:missing|not (?:installed|available|present)))|missing ${WHAT}`,
	"i",
);

/** The tree (or headers package) that the build was pointed at. */
export const treeEntries: Entry[] = [
	{
		id: "build-dir-missing",
		title: "There are no headers for the release that is built for",
		order: 300,
		cause:
			"{path|/lib/modules/RELEASE/build} does not exist, or is a link to a folder that is gone[[: the headers of {release_kernel} are not installed]].",
		remedy:
			"Install the headers of exactly that release, or reboot into the kernel whose headers are installed. In a container, use the host's headers (mount /lib/modules and /usr/src) or pass the tree with KDIR=.",
		commands: [{ install: ["linux-headers"] }, "ls -l /lib/modules/{release_kernel|$(uname -r)}/"],
		causes: [
			"the kernel was updated and the machine not rebooted: uname -r is the old one",
			"a container or WSL: uname -r is the host's, and its headers are not inside",
			"a kernel of one's own that was installed without its build tree",
		],
		check: "ls -lL /lib/modules/$(uname -r)/build; uname -r",
		origin: "GNU make (-C), dkms (prepare_kernel), installers of drivers",
		patterns: [
			{
				needles: ["ernel headers", "ernel source"],
				match:
					/[Yy]our kernel (?:headers|source) for kernel (?<release_kernel>\d\S{0,80}) cannot be found(?: at (?<path>\/\S{1,300}?)(?: or\b|$))?/,
			},
			{
				needles: ["kernel headers", "Kernel headers", "ernel source"],
				match:
					/kernel (?:headers|headers or sources|source)(?: for this kernel| for (?:target )?kernel (?<release_kernel>\d\S{0,80}))? (?:does|do) not seem to be installed|[Kk]ernel headers for (?:target kernel |kernel )?(?<other>\d\S{0,80}) (?:are|were|is|could) not (?:installed|found|be found)/,
				read: ({ groups }) => {
					const found = (groups?.release_kernel ?? groups?.other)?.replace(/[.,;:]+$/, "");
					return found === undefined ? {} : { release_kernel: [found] };
				},
			},
			{
				needles: [
					"Unable to find the kernel source",
					"locate package linux-headers",
					"find any package by",
					"locate the package",
					"kernel-devel-",
					"find the kernel",
					"find kernel",
					"header",
					"No kernel",
				],
				match:
					/[Uu]nable to (?:find|locate) (?:the )?(?:package )?(?:kernel source|kernel headers|linux-headers-(?<release_kernel>\d\S{0,80}))|[Cc]ouldn't find any package by (?:glob|regex) 'linux-headers-(?<other>\d[^']{0,80})'|[Cc]annot find (?:the )?kernel (?:headers|source)|[Kk]ernel headers? (?:directory |path )?not found|[Ll]inux kernel '?header'? files matching the current kernel|missing (?:the )?kernel headers|No match for argument: kernel-devel-(?<rpm>\d\S{0,80})|(?:[Nn]o|[Mm]issing) (?:valid )?kernel headers? (?:found|installed|for)/,
				order: 305,
				read: ({ groups }) => {
					const found = (groups?.release_kernel ?? groups?.other ?? groups?.rpm)?.replace(/[.,;:]+$/, "");
					return found === undefined ? {} : { release_kernel: [found] };
				},
			},
			// Installers of drivers say it in words of their own: what is looked for, and that it is not there.
			{
				needles: ["ernel header", "ernel source", "ernel build", "inux kernel"],
				match: NO_HEADERS,
				order: 305,
				read: ({ input = "" }) => ({ ...releaseIn(input), ...headersPath(input) }),
			},
			{
				needles: ["kernel headers for", "issing headers for", "headers for kernel"],
				match:
					/[Mm]issing (?<release_kernel>\d\S{0,80}) kernel headers for|[Mm]issing (?:kernel )?headers for (?:kernel )?(?<other>\d\S{0,80})/,
				read: ({ groups }) => ({ release_kernel: [groups?.release_kernel ?? groups?.other ?? ""] }),
			},
			{
				needles: ["odule build for kernel"],
				match: /[Mm]odule build for kernel (?<release_kernel>\d\S{0,80}) was skipped/,
				adds: true,
			},
			{
				needles: ["linux-headers-", "kernel-devel-"],
				match:
					/Please install the (?:linux-headers-|kernel-devel-)(?<release_kernel>\d[^\s,;]{0,80}) package/,
				order: 301,
			},
			{
				needles: ["/build", "/source"],
				match:
					/(?:[Tt]he )?(?:kernel )?(?:source|build|headers?)? ?(?:directory|folder|tree|path)? ?'?(?<path>\/(?:usr\/)?lib\/modules\/(?<release_kernel>[^/\s']{1,100})\/(?:build|source))\/?'? (?:does not exist|not found|is missing|is not a directory|doesn't exist|is empty)/,
			},
		],
		event: (event) => {
			if (event.kind === "no-path" && /\/modules\/[^/]{1,100}\/(?:build|source)\b/.test(event.path))
				return { details: { path: [event.path], ...release(event.path) } };
			if (
				event.kind === "no-path" &&
				event.how !== "include" &&
				/\/usr\/src\/(?:linux|kernels?)/.test(event.path)
			)
				return { details: { path: [event.path], ...release(event.path) }, order: 302 };
			if (event.kind === "no-rule" && /\/modules\/[^/]{1,100}\/build/.test(event.target))
				return { details: { path: [event.target], ...release(event.target) } };
			return null;
		},
		confirm: (details, machine) => {
			const name = details.release_kernel?.[0];
			if (name === undefined) return { verdict: "not-checkable", evidence: [] };
			const path = `/lib/modules/${name}/build`;
			const there = machine.exists(`${path}/`);
			const evidence = [
				`${path} ${there ? "is there now" : "is not there"}`,
				`uname -r is ${machine.release}`,
			];
			const known = name === machine.release || machine.exists(`/lib/modules/${name}`);
			return { verdict: there ? "contradicted" : known ? "confirmed" : "not-checkable", evidence };
		},
	},
	{
		id: "not-a-kernel-tree",
		title: "make was pointed at a folder that is no kernel build tree",
		order: 303,
		cause:
			"The folder that make entered[[ ({path})]] has no kernel Makefile, so the target {file|modules} means nothing there.",
		remedy:
			"Point -C (KDIR, KERNELDIR) at /lib/modules/RELEASE/build or at the top of a full kernel source tree.",
		commands: ["make -C /lib/modules/$(uname -r)/build M=$PWD modules"],
		causes: [
			"KDIR ends one level too high, or is empty",
			"the headers folder is an empty shell that a removed package left",
		],
		check: "ls KDIR/Makefile KDIR/scripts/Makefile.build",
		origin: "GNU make",
		confirm: noKernelMakefile,
		event: (event, scene) => {
			if (
				event.kind === "no-rule" &&
				/^(?:modules|modules_prepare|modules_install|prepare|scripts|oldconfig|defconfig|olddefconfig|kernel_modules|prepare0)$/.test(
					event.target,
				) &&
				event.neededBy === null
			)
				return { details: { ...lastEntered(scene.entered) } };
			if (
				event.kind === "no-path" &&
				event.how === "make" &&
				!/\/modules\/[^/]{1,100}\/(?:build|source)\b|\/usr\/src\/(?:linux|kernels?)/.test(event.path)
			)
				return { details: { path: [event.path] }, order: 304, certainty: "likely" };
			return null;
		},
	},
	{
		id: "tree-not-prepared",
		title: "The tree has no generated files: not configured, not prepared, or incomplete",
		order: 310,
		cause:
			"{file|include/generated/autoconf.h or include/config/auto.conf} is missing: the tree was never configured and prepared, was cleaned, or the headers package is incomplete.",
		remedy:
			"In a tree of your own: kprep sync (or make olddefconfig modules_prepare). Packaged headers: reinstall the package; running oldconfig inside it breaks more.",
		commands: ["kprep sync", "make olddefconfig modules_prepare"],
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
				order: 312,
			},
			says("No .config exists, config your kernel first", { order: 312 }),
			{
				needles: ["Kconfig"],
				match: /can't (?:find|open) file '?(?<file>[^\s']{0,200}Kconfig[^\s']{0,60})'?/,
				order: 314,
			},
			{
				needles: ["auto.conf", "autoconf.h"],
				match:
					/(?<file>include\/(?:generated|linux)\/autoconf\.h|include\/config\/auto\.conf)'?(?: is missing|: No such file| not found| does not exist)/,
				order: 313,
			},
			{
				needles: ["not configured", "not prepared", "been configured", "been prepared"],
				match:
					/[Kk]ernel (?:source|tree|sources)[^.]{0,60} (?:is|are|has|have) not (?:been )?(?:configured|prepared)/,
				order: 313,
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
				return { details: { file: [event.header] }, order: 324, certainty: "likely" };
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
				return { details: { file: [stripped] }, order: 322, certainty: "likely" };
			if (
				event.kind === "no-rule" &&
				/^(?:kernel\/(?:bounds|time)|arch\/\w{1,20}\/kernel\/asm-offsets|scripts\/mod\/(?:empty|devicetable))/.test(
					event.target,
				)
			)
				return { details: { file: [event.target] }, order: 323, certainty: "likely" };
			return null;
		},
	},
	{
		id: "tree-not-clean",
		title: "A separate output folder is used, and the source tree was built in as well",
		order: 308,
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
		order: 320,
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
				order: 321,
			},
			{ needles: ["in reading or end of file"], match: /Error in reading or end of file/ },
			{ needles: ["onsole input"], match: /[Cc]onsole input\/output is redirected/ },
		],
	},
	{
		id: "module-lds-missing",
		title: "The linker script for modules is not in the tree",
		order: 316,
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
				order: 317,
			},
		],
		event: (event) =>
			event.kind === "no-rule" && /module(?:-common)?\.lds(?:\.S)?$/.test(event.target)
				? { details: { file: [event.target] } }
				: null,
	},
];

function releaseIn(text: string): Details {
	const found =
		/(?:kernel|headers?|for|-k|version)[ :=-]{1,3}'?(\d{1,2}\.\d{1,3}[\w.+~-]{0,80})/i.exec(text)?.[1] ??
		/\/modules\/(\d[^/\s'")]{1,80})/.exec(text)?.[1];
	return found === undefined ? {} : { release_kernel: [found.replace(/[.,:;-]+$/, "")] };
}

function headersPath(text: string): Details {
	const found = /(\/(?:usr\/)?(?:lib\/modules|src)\/[^\s'",;:)]{1,200})/.exec(text)?.[1];
	return found === undefined ? {} : { path: [found.replace(/\.$/, "")] };
}

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

function release(path: string): Details {
	const found =
		/\/modules\/([^/]{1,100})\//.exec(`${path}/`)?.[1] ?? /linux-headers-([^/]{1,100})/.exec(path)?.[1];
	return found === undefined ? {} : { release_kernel: [found] };
}

function lastEntered(entered: string[]): Details {
	const path = entered.at(-1);
	return path === undefined ? {} : { path: [path] };
}
