import { quoted } from "../../shell-word.ts";
import type { Details, Entry } from "../entry.ts";
import { building } from "../place.ts";
import { kernelArch, rebuildCommands } from "../poster/way.ts";
import { archFolder, folderIsThere } from "../probes/building.ts";
import type { LogEvent } from "../reading/events.ts";
import type { Scene } from "../reading/scene.ts";
import { strippedTarget } from "./tree.ts";

/** The make command line itself: what it names, and what it leaves empty. */
export const makeInvocationEntries: Entry[] = [
	{
		id: "empty-m",
		title: "M= is empty, so kbuild builds the headers tree as if it were the kernel",
		place: building(7),
		cause:
			"No folder of an external module reached kbuild (M= was empty), so it began to build the kernel itself in a tree that has no sources[[: {file} is not there]].",
		remedy:
			"Write M=$(CURDIR) (or M=$$(pwd)) in the Makefile: $(PWD) is empty or wrong under sudo. Or run make without sudo.",
		commands: ["grep -n 'M=' Makefile", { way: "build" }],
		causes: ["sudo make: PWD is not passed on", "a variable in M= that is not set"],
		check: "the M= that make -n shows; the folder that make entered",
		origin: "top Makefile; arch/x86/entry/syscalls/Makefile; scripts/kconfig",
		patterns: [],
		event: (event, scene) => {
			if (scene.subdirs !== null) return null;
			const file = symptom(event, scene);
			if (file === null) return null;
			const empty = scene.m === "";
			if (!empty && (scene.m !== null || scene.goals.length > 0)) return null;
			const details = file === "" ? {} : { file: [file] };
			return empty ? { details } : { details, place: building(21), certainty: "likely" };
		},
	},
	{
		id: "kdir-empty",
		title: "The variable with the kernel's folder is empty: make -C took the next word for it",
		place: building(1),
		cause:
			"make -C had no folder behind it, so it took {path|M=...} for one: the variable that names the kernel's tree is not set.",
		remedy:
			"Give the tree on the make command line, by the name that this Makefile uses (KERNEL_SRC, KDIR, KERNELDIR, KERNEL_DIR, KSRC).",
		commands: [
			"grep -nE 'make|MAKE' Makefile | grep -- -C",
			"make KERNEL_SRC=/lib/modules/{release_kernel|$(uname -r)}/build KDIR=/lib/modules/{release_kernel|$(uname -r)}/build KERNELDIR=/lib/modules/{release_kernel|$(uname -r)}/build",
		],
		check: "the variable behind -C in the Makefile",
		origin: "GNU make (-C)",
		patterns: [
			{
				needles: ["*** "],
				match:
					/\*\*\* '?(?<path>(?:M|SUBDIRS|KBUILD_EXTMOD|ARCH|O|modules)(?:=[^\s:]{0,300})?)'?: (?:No such file|.{2,60}\. {1,3}\S{2,12}\.?$)/,
			},
			{
				needles: ["make -C M="],
				match: /make -C (?<path>M=\S{1,300})/,
				place: building(2),
				certainty: "likely",
			},
		],
	},
	{
		id: "kbuild-internals-used",
		title: "The Makefile hands kbuild its own inner variables",
		place: building(35),
		cause:
			"KBUILD_EXTMOD, KBUILD_BUILTIN and the like are kbuild's own: given from outside they make it look for vmlinux.o or build in the wrong mode.",
		remedy: "Write make -C KDIR M=DIR modules, and nothing else; or take a newer version of the driver.",
		commands: [
			"grep -rnE 'KBUILD_(EXTMOD|BUILTIN|MODULES)|obj=' {folder|.} --include=Makefile",
			{ way: "build" },
		],
		check: "grep KBUILD_ in the driver's Makefile",
		origin: "top Makefile, scripts/Makefile.modpost (vmlinux.o)",
		event: (event) =>
			event.kind === "no-rule" && /(?:^|\/)vmlinux\.o$/.test(event.target)
				? { details: { file: [event.target] } }
				: null,
	},
	{
		id: "subdirs-obsolete",
		title: "The Makefile passes SUBDIRS=, which kernels since 5.4 ignore",
		place: building(6),
		cause:
			"SUBDIRS={path|...} no longer names an external module (removed in 5.4), so kbuild began to build the kernel itself in a headers tree.",
		remedy:
			"Replace SUBDIRS= by M= in the module's Makefile. Installing what the build then asks for (flex, bison) does not help.",
		commands: ["sed -i 's/SUBDIRS=/M=/' {path|.}/Makefile", { way: "rebuild" }],
		check: "grep -n SUBDIRS Makefile; version of the kernel",
		origin: "top Makefile: SUBDIRS refused in 5.3 and 5.4, ignored or refused since",
		patterns: [
			{
				needles: ["'SUBDIRS' was removed", "SUBDIRS"],
				match: /'SUBDIRS' (?:was removed in Linux|will be removed after Linux) \d/,
				read: (_, scene) => (scene.subdirs === null ? {} : { path: [scene.subdirs] }),
			},
		],
		event: (event, scene) => {
			if (scene.subdirs === null || symptom(event, scene) === null) return null;
			return { details: { path: [scene.subdirs] } };
		},
	},
	{
		id: "path-with-space",
		title: "A path that kbuild has to work with holds a space or a colon",
		place: building(1),
		cause:
			"{path|The path of the tree or of the module} contains a space or a colon, which make takes for a separator.",
		remedy: "Move the source (or the tree) to a path without spaces and colons.",
		commands: ["pwd"],
		check: "pwd; the M= and -C of the command line",
		origin: "top Makefile (5.10 and later say so; earlier ones look for a target of that name)",
		confirm: folderIsThere,
		patterns: [
			{
				needles: ["multiple external modules"],
				match: /building multiple external modules is not supported/,
				read: (_, scene) => (scene.m ? { path: [scene.m] } : {}),
			},
			{
				needles: ["multiple target patterns"],
				match: /Makefile\S{0,200}:\d{1,6}: \*\*\* multiple target patterns/,
				place: building(48),
				certainty: "likely",
				read: (_, scene) => (scene.m && /[: ]/.test(scene.m) ? { path: [scene.m] } : {}),
			},
			{
				needles: ["cannot contain"],
				match:
					/(?:source|main|module|installation)? ?(?:directory|path) ?(?:path )?cannot contain (?:spaces n?or colons|'[ :%]?'?)/,
				read: () => ({}),
			},
		],
		event: (event, scene) => {
			if (event.kind !== "no-rule" && event.kind !== "no-path") return null;
			const name = event.kind === "no-rule" ? event.target : event.path;
			const path = [scene.m, scene.subdirs, ...scene.entered].find(
				(folder) =>
					folder !== null &&
					/ /.test(folder) &&
					folder
						.split(" ")
						.slice(1)
						.some(
							(word) =>
								word !== "" && (name === word || name.startsWith(`${word}/`) || word.startsWith(`${name}/`)),
						),
			);
			return path === undefined || path === null ? null : { details: { path: [path] } };
		},
	},
	{
		id: "arch-variable-wrong",
		title: "ARCH (or CROSS_COMPILE) names another architecture than the tree is for",
		place: building(2),
		cause: "The build runs for {file|another architecture} in a tree that is for a different one.",
		remedy:
			"Unset ARCH and CROSS_COMPILE, or give the kernel's own name of the target (x86, arm64, arm, powerpc...; not amd64, aarch64 or armhf). When cross compiling use the tree of the target.",
		commands: [
			"unset ARCH CROSS_COMPILE; env | grep -E '^(ARCH|CROSS_COMPILE)='",
			(known) => [
				`ls ${quoted(known.tree?.[0] ?? `/lib/modules/${known.release_kernel?.[0] ?? "$(uname -r)"}/build`).replace(/^'(.*\$\(uname -r\).*)'$/, "$1")}/arch; uname -m; getconf LONG_BIT`,
			],
			(known, { scene, release }) => {
				const other = otherArch(known.file?.[0]) ?? kernelArch(archOf(known.file?.[0]));
				return [
					...withoutKconfig(known, scene),
					...rebuildCommands(scene, release, other === null ? undefined : `ARCH=${other}`),
				];
			},
		],
		here: ({ file }, { scene }) => {
			const [wanted, other, own] = [archOf(file?.[0]), otherArch(file?.[0]), kernelArch(archOf(file?.[0]))];
			if (own !== null && scene.ebuild !== null)
				return `Portage sets ARCH=${wanted}: the ebuild has to hand over ARCH=$(tc-arch-kernel), which linux-mod-r1.eclass does; until it is mended EXTRA_EMAKE=ARCH=${own} overrides it.`;
			return other === null
				? null
				: `An ${wanted} kernel under a userland of ${other} does this (uname -m says ${wanted === "arm64" ? "aarch64" : wanted}, the headers are for ${other}): build with ARCH=${other} on the make command line, or under setarch linux32; or boot the 32-bit kernel (arm_64bit=0 in config.txt of a Raspberry Pi).`;
		},
		causes: [
			"ARCH is set in the environment or in the Makefile",
			"dpkg's or uname's name was given instead of the kernel's",
		],
		check: "env | grep -E 'ARCH|CROSS'; ls arch of the tree",
		origin: "top Makefile (include arch/$(SRCARCH)/Makefile); the compiler's options",
		confirm: archFolder,
		patterns: [],
		event: (event, scene) => {
			const folder =
				event.kind === "no-path" && event.how === "include"
					? event.path
					: event.kind === "no-rule"
						? event.target
						: null;
			// Headers of one architecture have the Kconfig files of their own alone; Raspberry Pi's 64-bit kernel runs 32-bit systems.
			if (
				scene.board === "raspberry-pi" &&
				event.kind === "no-rule" &&
				/(?:^|\/)arch\/arm64\/.{0,60}Kconfig\S{0,20}$/.test(event.target)
			)
				return { details: { file: [event.target] }, place: building(9), certainty: "likely" };
			if (folder !== null && /(?:^|\/)arch\/[^/]{0,40}\/Makefile$/.test(folder)) {
				return { details: { file: [folder.replace(/^.*?(?=arch\/[^/]{0,40}\/Makefile$)/, "")] } };
			}
			if (event.kind === "option" && foreignOption(event.option, event.compiler, scene))
				return { details: { option: [event.option], ...tool(event.compiler) } };
			return null;
		},
	},
];

/** kconfig opens each file that a source line names, in whatever if it stands: a package that took the folders of other architectures out lacks them. */
function withoutKconfig({ file }: Details, { entered }: Scene): string[] {
	if (entered[0] === undefined || !/^arch\/\w+\/(?!Kconfig)[\w/]*Kconfig[\w.]*$/.test(file?.[0] ?? ""))
		return [];
	const below = file?.[0]?.replace(/^arch\/\w+\//, "") ?? "";
	const [folder = ""] = /^[\w/]*(?=\/Kconfig)/.exec(below) ?? [];
	return [
		`cd ${quoted(entered[0])} && for f in $(grep -oh ${quoted(`arch/[a-z0-9]*/${below}`)} ${folder}/Kconfig); do [ -e "$f" ] || { sudo mkdir -p "\${f%/*}"; sudo touch "$f"; }; done # the package lacks what other architectures have, kconfig opens it all the same, and empty files do`,
		`sudo make -C ${quoted(entered[0])} modules_prepare # what failed, once more`,
	];
}

/** arm64 of arch/arm64/Kconfig. */
function archOf(file: string | undefined): string | null {
	return /(?:^|\/)arch\/(\w{1,20})\//.exec(file ?? "")?.[1] ?? null;
}

/** The 32-bit sister of an architecture whose kernel runs userlands of both. */
function otherArch(file: string | undefined): string | null {
	return archOf(file) === "arm64" ? "arm" : null;
}

/** The source whose absence shows that a whole kernel is built in a headers tree; "" when it has no name, null for other events. */
function symptom(event: LogEvent, { entered }: Scene): string | null {
	if (event.kind === "no-rule" && strippedTarget(event.target)) return event.target;
	if (
		event.kind === "no-rule" &&
		/^(?:arch(?:headers|scripts|prepare)|syncconfig|scripts_basic)$/.test(event.target)
	)
		return event.target;
	if (event.kind === "no-program" && /^(?:flex|bison)$/.test(event.program)) return "";
	if (event.kind === "no-path" && event.how === "include" && strippedTarget(event.path)) return event.path;
	// A tree with sources is built on purpose; only where headers are installed is a host program's source a surprise.
	if (
		event.kind === "no-header" &&
		event.source !== null &&
		entered.some((folder) => INSTALLED_HEADERS.test(folder)) &&
		/^(?:\.\/)?(?:scripts|arch|tools|certs)\//.test(event.source)
	)
		return event.header;
	return null;
}

const INSTALLED_HEADERS = /\/lib\/modules\/|\/usr\/src\/(?:linux-headers-|kernels\/)/;

/** Options of one architecture's kernel Makefile that a compiler for another one refuses. */
const OPTIONS: [arch: RegExp, option: RegExp][] = [
	[
		/x86|i[3-6]86|amd64/,
		/^-m(?:no-sse|no-mmx|no-sse2|no-3dnow|no-avx|no-80387|no-fp-ret-in-387|red-zone|no-red-zone|cmodel=kernel|preferred-stack-boundary=\d|regparm=\d|fentry|skip-rax-setup|64|32|tune=generic|accumulate-outgoing-args)$/,
	],
	[
		/aarch64|arm64|arm/,
		/^-m(?:little-endian|big-endian|abi=(?:lp64|aapcs-linux|apcs-gnu|aapcs)|general-regs-only|no-thumb-interwork|thumb-interwork|thumb|arm|fpu=\S{1,20}|float-abi=\S{1,20}|pc-relative-literal-loads|fix-cortex-a53-\d{1,8}|branch-protection=\S{1,40}|outline-atomics|no-outline-atomics|tls-dialect=\S{1,10}|word-relocations|apcs(?:-frame)?|no-sched-prolog)$|^-mcpu=(?:cortex|arm)\S{0,30}$|^-march=armv\S{1,20}$/,
	],
	[/mips/, /^-(?:m(?:no-abicalls|abi=(?:32|64|n32)|long-calls|fix-\S{1,20})|EL|EB|G0?)$/],
	[/riscv/, /^-m(?:abi=(?:lp64d?|ilp32d?)|cmodel=(?:medany|medlow)|no-save-restore)$|^-march=rv\S{1,30}$/],
	[/powerpc|ppc/, /^-m(?:abi=elfv[12]|call-\S{1,20}|no-altivec|no-vsx|cpu=power\S{1,10}|multiple|no-spe)$/],
	[/s390/, /^-m(?:packed-stack|backchain|warn-dynamicstack|arch=z\S{1,10})$/],
];

/** True when an option belongs to another architecture than the compiler: by its name, or because a native compiler refuses it. */
function foreignOption(option: string, compiler: string | null, scene: Scene): boolean {
	const owner = OPTIONS.find(([, pattern]) => pattern.test(option));
	if (owner === undefined) return false;
	const prefix = /^(?:.*\/)?([a-z0-9_]{2,20})-/.exec(compiler ?? "")?.[1] ?? "";
	if (prefix !== "") return !owner[0].test(prefix);
	// A compiler without a prefix is this machine's own; its own architecture's basic options it would take.
	return !/clang/.test(compiler ?? "") || scene.arch !== null;
}

function tool(compiler: string | null): Details {
	return compiler === null ? {} : { tool: [compiler] };
}
