import type { Entry } from "../entry.ts";
import { building } from "../place.ts";

/** What only whole kernel builds of vendors and boards run into: Android's Bazel rules, device trees, assemblers. */
export const vendorEntries: Entry[] = [
	{
		id: "kleaf-refused",
		title: "Android's Bazel rules (Kleaf) stop the kernel build",
		place: building(14),
		cause:
			"Kleaf does not build what the rules do not name, or the rules are of another branch than the kernel's BUILD.bazel[[: {file}]].",
		remedy:
			"A module that is built and not listed is added to module_outs (of the kernel) or outs (of an external module) in BUILD.bazel. A symbol that build/kernel/kleaf does not have, or a target that is not declared, means two branches: sync the manifest that belongs to this kernel.",
		commands: [
			"repo sync -c -j4 # with the manifest of this very branch",
			"git -C build/kernel log -1 --format='%h %cd'; git -C common log -1 --format='%h %cd'",
			"grep -nE 'module_outs|outs = ' common/BUILD.bazel common/modules.bzl # the lists: add the .ko that the lines below name",
		],
		causes: [
			"CONFIG_X=m was set and the module is in no list: leave it =y, or add it",
			"build/kernel and common are of different branches",
		],
		check: "module_outs in common/BUILD.bazel and common/modules.bzl",
		origin: "build/kernel/kleaf of the Android kernel tree; Bazel",
		patterns: [
			{ needles: ["are built but not copied"], match: /kernel modules are built but not copied/ },
			{
				needles: ["oes not contain symbol"],
				match: /file '(?<file>\/\/build\/kernel\/[^']{1,120})' does not contain symbol '[^']{1,80}'/,
			},
			{
				needles: ["no such target '//"],
				match: /no such target '(?<file>\/\/(?:common|build|private|msm-kernel|kernel)[^']{0,200})'/,
				place: building(16),
			},
			{
				needles: ["not declared as an output", "outs attribute of"],
				match: /the (?:module_)?outs attribute of '?(?<file>@{0,2}\/\/[^\s']{1,150}?)[:.]?'?(?:\s|$)/,
			},
		],
	},
	{
		id: "devicetree-source-error",
		title: "The device tree's source does not compile",
		place: building(35),
		cause:
			"dtc, the device tree compiler, stops in {file|a .dts or .dtsi file}: a slip in it, a label that no included file has, or includes of another kernel version.",
		remedy:
			"Correct the line that is named. A reference to a label that does not exist (&NAME) means that the .dtsi which defines it is not included, is of another version, or that an overlay was compiled without -@.",
		commands: [
			"git grep -n {symbol|LABEL}: -- 'arch/*/boot/dts' # who defines the label",
			"make ARCH=ARCH dtbs W=1 # the device trees alone, with dtc's warnings",
		],
		check: "the line and column that dtc names",
		origin: "scripts/dtc (dtc-parser.y, checks.c)",
		patterns: [
			{
				needles: ["Error: "],
				match: /^Error: (?<file>\S{1,250}\.dts[io]?):\d{1,6}\.\d{1,4}-\S{1,12} .{1,100}/,
			},
			{
				needles: ["phandle_references"],
				match:
					/(?:(?<file>\S{1,250}\.dts[io]?):\S{1,40} )?ERROR \(phandle_references\): .{0,200}?(?:node or label '(?<symbol>[\w-]{1,80})')/,
			},
			{
				needles: ["Unable to parse input tree", "nput tree has errors"],
				match: /FATAL ERROR: Unable to parse input tree|Input tree has errors, aborting/,
				place: building(36),
			},
			{
				needles: ["abel or path "],
				match:
					/(?<file>\S{1,250}\.dts[io]?):.{0,60}Label or path '?(?<symbol>[\w-]{1,80})'? not found|Label or path (?<other>[\w-]{1,80}) not found/,
				read: ({ groups }) => ({
					symbol: [groups?.symbol ?? groups?.other ?? ""],
					...(groups?.file === undefined ? {} : { file: [groups.file] }),
				}),
			},
		],
	},
	{
		id: "assembler-refused",
		title: "The assembler does not take an instruction of the tree",
		place: building(34),
		cause:
			"The assembler does not know {symbol|an instruction} with the options that the tree passes: it is older than the code wants, newer than the tree knows (RISC-V's zicsr and zifencei are extensions of their own since binutils 2.38), or for another machine.",
		remedy:
			"For 'extension ... required': take a newer sublevel of the tree, or binutils before 2.38. For an unknown instruction: newer binutils. For registers or modes of another machine: ARCH and CROSS_COMPILE do not belong together.",
		commands: [
			"as --version | head -1; ${CROSS_COMPILE}as --version | head -1",
			"kprep toolchain list # binutils of the kernel's time",
			"make mrproper # after a change of ARCH or CROSS_COMPILE",
		],
		check: "as --version against the year of the tree; ARCH and CROSS_COMPILE on the command line",
		origin: "GNU as (gas/config/tc-*.c)",
		patterns: [
			{
				needles: ["nrecognized opcode"],
				match:
					/Error: unrecognized opcode:? '(?<symbol>[^']{1,80})'(?:, extension '?(?<option>\w{1,20})'? required)?/,
			},
			{
				needles: ["no such instruction"],
				match: /Error: no such instruction: '(?<symbol>[^']{1,80})'/,
			},
			{
				needles: ["elected processor does not support"],
				match: /Error: selected processor does not support '?(?<symbol>[^']{1,80}?)'?(?: in \w{1,8} mode)?$/,
			},
			{
				needles: ["unknown architectural extension", "nknown or missing system register", "nknown pseudo-op"],
				match:
					/Error: (?:unknown architectural extension|unknown or missing system register name|unknown pseudo-op:?) .{0,80}/,
			},
		],
	},
];
