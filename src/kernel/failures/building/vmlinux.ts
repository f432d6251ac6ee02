import type { Entry } from "../entry.ts";
import { building } from "../place.ts";

const FOLDERS = "(?:arch|block|crypto|drivers|fs|init|ipc|kernel|lib|mm|net|security|sound|virt)";
/** An object or source of the kernel itself, or one of vmlinux's own intermediate files. */
const KERNELS = `(?:^|[\\s/])(?:${FOLDERS}/[\\w./+-]{1,200}|built-in\\.[oa]|vmlinux\\.[oa]|\\.tmp_vmlinux\\S{0,20}|\\w{1,60}/built-in\\.[oa])`;

/** The last steps of a kernel's own build: linking vmlinux, its symbol table, its sorted tables (scripts/link-vmlinux.sh). */
export const vmlinuxEntries: Entry[] = [
	{
		id: "vmlinux-undefined",
		title: "Linking the kernel itself: a symbol is defined nowhere, or twice",
		place: building(48),
		cause:
			"Every file compiled, and the linker finds {symbol|a symbol} without a definition (or with two): a driver is built in while the one it calls is off or a module, or objects of two configurations are mixed.",
		remedy:
			"Find the option that builds the definition and set it to =y (or the caller to =m); after a change of the configuration start clean, with the board's own defconfig. Objects of an earlier build do it as well.",
		commands: [
			"git grep -nw {symbol|SYMBOL} -- '*.c' '*.h' '*Makefile*' '*Kconfig*'",
			"grep -rlw {symbol|SYMBOL} --include='*.c' . # then: grep -n its .o in that folder's Makefile: the CONFIG_ beside it",
			"make mrproper # then the defconfig, and the build again",
		],
		causes: [
			"the option of the file that defines it is off, or is a module while the caller is built in",
			"a vendor's patch that was applied in part",
			"two copies of one driver (a vendor's and the kernel's)",
		],
		check: "grep the CONFIG_ option of the file that defines the symbol in .config",
		origin: "GNU ld and ld.lld, run by scripts/link-vmlinux.sh",
		patterns: [
			{
				needles: ["undefined reference to"],
				match: new RegExp(
					`${KERNELS}(?::\\d{1,7}|:?\\(\\S{1,80}\\))?:? .{0,40}undefined reference to '(?<symbol>[\\w.$]{1,200})`,
				),
			},
			{
				needles: ["undefined symbol: "],
				match: /ld\.lld: error: undefined symbol: (?<symbol>[\w.$]{1,200})/,
				certainty: "likely",
			},
			{
				needles: ["multiple definition of"],
				match: new RegExp(
					`${KERNELS}(?::\\d{1,7}|:?\\(\\S{1,80}\\))?:? .{0,40}multiple definition of '(?<symbol>(?!yylloc)[\\w.$]{1,200})`,
				),
			},
			{
				needles: ["duplicate symbol: "],
				match: /ld\.lld: error: duplicate symbol: (?<symbol>(?!yylloc)[\w.$]{1,200})/,
				certainty: "likely",
			},
		],
	},
	{
		id: "vmlinux-overflow",
		title: "Linking the kernel itself: something does not fit",
		place: building(47),
		cause:
			"The linker cannot place a part of vmlinux: a reference reaches too far ({relocation|a relocation}), or a region is full. The image is too large for the memory model, or compiler and linker are not the ones that the tree was made for.",
		remedy:
			"Build with the toolchain that the tree's own documentation names; take options out (debug information does not count, built-in drivers do: =m in place of =y); for arm64, RANDOMIZE_BASE and the code model decide how far references reach.",
		commands: [
			"grep -E 'CC_VERSION_TEXT|RANDOMIZE_BASE|LTO' .config",
			"size vmlinux.o 2>/dev/null; ls -lS $(find . -name built-in.a) | head",
			"make mrproper # then the defconfig, and the build again with the tree's own toolchain",
		],
		check: "the object that the line names; the toolchain in the tree's README or build.config",
		origin: "GNU ld and ld.lld, run by scripts/link-vmlinux.sh; arch/*/kernel/vmlinux.lds.S",
		patterns: [
			{
				needles: ["relocation truncated to fit"],
				match:
					/relocation truncated to fit: (?<relocation>R_\w{1,60})(?: against (?:symbol )?'(?<symbol>[^']{1,200})')?/,
			},
			{
				needles: ["overflowed by"],
				match: /region '(?<path>[\w.]{1,60})' overflowed by \d{1,12} bytes/,
				read: () => ({}),
			},
			{
				needles: ["out of range", "overlaps section"],
				match:
					/ld\.lld: error: .{0,300}relocation (?<relocation>R_\w{1,60}) out of range|section \S{1,60} (?:LMA|VMA) .{0,80}overlaps section/,
			},
		],
	},
	{
		id: "kallsyms-inconsistent",
		title: "The kernel's symbol table did not settle",
		place: building(46),
		cause:
			"scripts/link-vmlinux.sh links the kernel twice with a table of its own symbols, and the addresses of the two passes differ: a linker or compiler that the tree does not expect, or symbols out of the range of relative entries.",
		remedy:
			"Run the build again with one pass more; if that does not help, use another linker (ld.lld in place of ld, or the reverse) or a newer sublevel of the tree, where scripts/kallsyms.c knows this toolchain.",
		commands: [
			"make KALLSYMS_EXTRA_PASS=1",
			"ld --version | head -1; grep -E 'LD_VERSION|LLD_VERSION|CC_VERSION_TEXT' .config",
		],
		check: "KALLSYMS_EXTRA_PASS=1 makes the build pass",
		origin: "scripts/link-vmlinux.sh, scripts/kallsyms.c",
		patterns: [
			{ needles: ["nconsistent kallsyms"], match: /[Ii]nconsistent kallsyms data/ },
			{ needles: ["KALLSYMS_EXTRA_PASS"], match: /Try '?(?:make )?KALLSYMS_EXTRA_PASS=1/ },
			{ needles: ["kallsyms failure"], match: /kallsyms failure: .{0,200}/ },
			{
				needles: ["ead kallsyms data failed", "kallsyms: failed"],
				match: /[Rr]ead kallsyms data failed|^kallsyms: failed/,
			},
		],
	},
	{
		id: "kernel-tables-unsorted",
		title: "A tool of the tree failed over the kernel's finished objects",
		place: building(45),
		cause:
			"{tool|sorttable or recordmcount}, which the tree brings along, could not read what compiler and linker wrote: the binutils here are newer than this tree (2.37 leaves unused section symbols out), or the object is damaged.",
		remedy:
			"Take a newer sublevel of the same series, which knows these binutils, or binutils of the tree's own time. A tool that crashes is built anew from a clean tree.",
		commands: [
			"ld --version | head -1; objtool=tools/objtool/objtool; ls -l scripts/sorttable scripts/recordmcount $objtool 2>/dev/null",
			"make mrproper # then the configuration, and the build again",
			"kprep toolchain list",
		],
		causes: [
			"binutils 2.36 and 2.37: a section without symbols has no section symbol either (recordmcount before 5.13)",
			"sections that sorttable expects were dropped by another linker script or LTO",
		],
		check: "ld --version against the year of the tree",
		origin: "scripts/sorttable.c, scripts/recordmcount.c and .h, scripts/link-vmlinux.sh",
		patterns: [
			{
				needles: ["sort kernel tables"],
				match: /Failed to sort kernel tables/,
				read: () => ({ tool: ["sorttable"] }),
			},
			{
				needles: [" in file: ", "scripts/sorttable"],
				match:
					/(?:incomplete ORC unwind tables|no __ex_table|no \.orc_unwind\S{0,10}) in file: \S{1,200}|(?:Aborted|Segmentation fault|Killed)[^/]{0,60}\/scripts\/sorttable/,
				read: () => ({ tool: ["sorttable"] }),
			},
			{
				needles: ["annot find symbol for section"],
				match: /^Cannot find symbol for section \d{1,6}: \S{1,200}/,
				read: () => ({ tool: ["recordmcount"] }),
			},
		],
	},
];
