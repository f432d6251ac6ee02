import type { Entry, Machine, Verdict } from "./entry.ts";
import { noPackageFile } from "./probes/building.ts";
import { missingInBuild } from "./probes/probe.ts";

/** Programs of the tree, a path below it: scripts/mod/modpost, tools/objtool/objtool... */
const TREE_TOOL = /(?:^|\/)(?:scripts|tools|certs|usr)\/[\w.+/-]{1,150}$/;

/** Programs that the build needs on the machine, and those that it builds in the tree. */
export const hostToolEntries: Entry[] = [
	{
		id: "host-tools-wrong-arch",
		title: "The helper programs of the tree are for another machine",
		order: 311,
		cause:
			"{file|A program in scripts/} was compiled for another machine than the one that builds here, and cannot run.",
		remedy:
			"Build the programs here (make scripts modules_prepare in the tree; kprep sync rebuilds them), or take headers that were packaged for this machine.",
		commands: ["file {file|scripts/basic/fixdep}; uname -m", "make scripts modules_prepare"],
		causes: [
			"headers cross-built on a PC and copied to the board",
			"a container or chroot of another architecture",
		],
		check: "file scripts/basic/fixdep scripts/mod/modpost; uname -m",
		origin: "the shell that make runs; cross-built headers packages",
		patterns: [
			{
				needles: ["qemu-", "ld-linux"],
				match:
					/(?:qemu-\w{1,20}(?:-static)?|rosetta error): .{0,80}[Cc]ould not open '?\S{0,100}\/ld-linux|[Cc]ould not open '\/lib\w{0,4}\/ld-linux\S{0,40}'/,
			},
			// There, of the right architecture, and still not of this machine: its libraries are other ones.
			{
				needles: ["while loading shared libraries", "GLIBC"],
				match:
					/(?<file>(?:scripts|tools|certs)\/[\w.+/-]{1,150}): (?:error while loading shared libraries:|\S{0,200}: version 'GLIBC\S{1,20}' not found)/,
			},
			{
				needles: ["not found (required by"],
				match:
					/version 'GLIBC\w{0,6}_[\d.]{1,10}' not found \(required by \S{0,300}?(?<file>(?:scripts|tools|certs)\/[\w.+/-]{1,150})\)/,
			},
		],
		event: (event) =>
			event.kind === "no-exec" && (TREE_TOOL.test(event.program) || !event.program.includes("/"))
				? { details: { file: [event.program] } }
				: null,
	},
	{
		id: "host-tools-missing",
		title: "A helper program of the tree was never built",
		order: 315,
		cause:
			"{file|A program in scripts/ or tools/} is not in the tree: it was never prepared, or the headers package lacks it.",
		remedy:
			"In a tree of your own: make modules_prepare (kprep sync). Packaged headers: reinstall or complete the package. If the file is there and said to be not found, its program loader is missing: it is for another machine.",
		commands: ["ls -l {file|scripts/basic/fixdep}", "kprep sync", "make modules_prepare"],
		check: "ls and file of that path",
		origin: "scripts/Makefile.build, Makefile.modpost, Makefile.modfinal",
		confirm: missingInBuild(({ file }) => file?.slice(0, 1) ?? []),
		patterns: [
			{
				needles: [
					"recordmcount",
					"modpost",
					"fixdep",
					"genksyms",
					"resolve_btfids",
					"kallsyms",
					"sorttable",
					"insert-sys-cert",
					"asn1_compiler",
					"conmakehash",
					"pnmtologo",
				],
				match:
					/(?:sh|bash|make\S{0,5}): (?:.{0,40}\s)?(?:\.\/)?(?<file>[\w./-]{0,200}\/(?:recordmcount|modpost|fixdep|genksyms|resolve_btfids|kallsyms|sorttable|insert-sys-cert|asn1_compiler|conmakehash|pnmtologo)): not found/,
			},
		],
		event: (event) => {
			if (
				event.kind === "no-program" &&
				event.program.includes("/") &&
				TREE_TOOL.test(event.program) &&
				!/objtool$/.test(event.program)
			)
				return { details: { file: [event.program] } };
			if (
				event.kind === "no-rule" &&
				/^(?:\.\/)?(?:scripts\/(?:basic\/fixdep|mod\/modpost|genksyms\/genksyms|recordmcount\S{0,3}|sorttable|kallsyms)|tools\/bpf\/resolve_btfids\/\S{1,40})$/.test(
					event.target,
				)
			)
				return { details: { file: [event.target] } };
			return null;
		},
	},
	{
		id: "objtool-missing",
		title: "objtool is not in the tree, and the configuration needs it",
		order: 314,
		cause:
			"{file|tools/objtool/objtool} is missing, and CONFIG_OBJTOOL or CONFIG_STACK_VALIDATION makes every compile call it.",
		remedy:
			"make prepare (or make tools/objtool) in the tree, with libelf's headers installed; or a headers package that ships it.",
		commands: [{ install: ["gelf.h"] }, "make -C TREE tools/objtool"],
		check: "ls tools/objtool/objtool; CONFIG_OBJTOOL, CONFIG_STACK_VALIDATION, CONFIG_UNWINDER_ORC",
		origin: "scripts/Makefile.build (cmd_objtool), scripts/Makefile.lib, 4.6 and later",
		confirm: missingInBuild(() => ["tools/objtool/objtool"]),
		patterns: [
			{
				needles: ["objtool"],
				match:
					/(?:^|[\s'])(?<file>(?:\.\/|\/\S{1,200}\/)?tools\/objtool\/objtool)'?: (?:not found|No such file|command not found|cannot open)/,
				read: () => ({ file: ["tools/objtool/objtool"] }),
			},
		],
		event: (event) => {
			const name = event.kind === "no-program" ? event.program : event.kind === "no-rule" ? event.target : "";
			return /tools\/objtool\/(?:objtool|Makefile)$/.test(name)
				? { details: { file: [/tools\/objtool\/\w{1,20}$/.exec(name)?.[0] ?? name] } }
				: null;
		},
	},
	{
		id: "toolchain-missing",
		title: "The compiler, the linker or another build program is not installed",
		order: 313,
		cause: "{tool|A program of the toolchain} is not installed here, or not on PATH.",
		remedy: "Install it (gcc, binutils, make; or the cross toolchain that CROSS_COMPILE names).",
		commands: [{ install: ["{tool|gcc}"] }, "command -v {tool|gcc}"],
		causes: [
			"CROSS_COMPILE names a toolchain that is not installed",
			"the headers ask for gcc-N, and another is installed",
		],
		check: "command -v {tool|gcc}",
		origin: "the shell that make runs (status 127)",
		patterns: [
			{
				needles: [
					"annot find",
					"ot execute",
					"ould not ",
					"nable to ",
					"annot exec",
					"annot locate",
					"annot run",
				],
				match:
					/(?:[Cc]annot|[Cc]ould not|[Uu]nable to) (?:find|locate|execute|run|exec) (?:a )?(?:suitable )?(?:compiler )?'(?<tool>[\w.+-]{0,60}(?:gcc|clang|cc1|as|ld|collect2)(?:-\d{1,3})?)'/,
			},
			{
				needles: ["compiler '", "linker '", "assembler '"],
				match: /(?:compiler|linker|assembler) '(?<tool>[\w.+/-]{1,100})' not found/,
			},
			{
				needles: ["unknown C compiler", "unknown assembler", "unknown linker"],
				match: /(?<tool>[\w.+/-]{1,100}): unknown (?:C compiler|assembler invoked|linker)/,
			},
			{
				needles: ["error: cannot find", "error: cannot execute"],
				match:
					/(?:collect2|gcc|cc1|cc): (?:fatal )?error: (?:cannot (?:find|execute) '?(?<tool>[\w.+-]{1,60})'?)/,
			},
		],
		event: (event) => {
			if (event.kind === "no-program" && !event.program.includes("/") && isTool(event.program))
				return { details: { tool: [event.program] } };
			if (
				event.kind === "no-program" &&
				/^\/\S{0,200}\/(?:[\w.+-]{0,60}-)?(?:gcc|clang|ld(?:\.\w{1,8})?|as|objcopy|strip|nm|ar)(?:-\d{1,3})?$/.test(
					event.program,
				) &&
				!TREE_TOOL.test(event.program)
			)
				return {
					details: { tool: [event.program.split("/").pop() ?? event.program], path: [event.program] },
				};
			return null;
		},
		confirm: (details, machine) => onPath(details.tool ?? [], machine),
	},
	{
		id: "flex-missing",
		title: "flex or bison is not installed",
		order: 312,
		cause: "{tool|flex or bison} is not installed, and a parser of the tree has to be generated.",
		remedy:
			"Install flex and bison if configuring a full tree is what you want. If you only build a module against packaged headers, they are not needed: something makes kbuild configure the tree (an empty M=, SUBDIRS=, a missing include/config/auto.conf).",
		commands: [{ install: ["flex", "bison"] }],
		check: "command -v flex bison; why does make run a LEX or YACC step at all?",
		origin: "scripts/Makefile.host, scripts/kconfig, 4.16 and later",
		patterns: [
			{
				needles: ["flex: ", "bison: "],
				match:
					/(?:^|\s)(?<tool>flex|bison): (?:-C\S{1,10} and|.{0,60}incompatible|command not found|not found)/,
				order: 324,
			},
		],
		event: (event) =>
			event.kind === "no-program" && /^(?:flex|bison|lex|yacc)$/.test(event.program)
				? { details: { tool: [event.program] } }
				: null,
		confirm: (details, machine) => onPath(details.tool ?? ["flex", "bison"], machine),
	},
	{
		id: "libelf-missing",
		title: "libelf's headers or library are missing",
		order: 309,
		cause:
			"A host program of the tree (objtool, resolve_btfids, the bpf tools) needs libelf[[: {file} was not found]].",
		remedy: "Install libelf's development package (and zlib's, when -lz or zlib.h is missing as well).",
		commands: [{ install: ["gelf.h"] }],
		check: "pkg-config --exists libelf && echo there",
		origin: "top Makefile and scripts/Makefile.*: HAS_LIBELF, since 4.14; tools/lib/bpf, tools/objtool",
		confirm: noPackageFile,
		patterns: [
			{
				needles: ["libelf", "elfutils"],
				match: /[Pp]lease install (?:\S{0,40} ?(?:or|,)? ?){0,3}(?:libelf|elfutils-libelf)/,
			},
			{
				needles: ["libelf"],
				match:
					/(?:[Nn]o libelf found|libelf\.h not found|libelf (?:was )?not found|Package libelf was not found|cannot find libelf)/,
			},
			{
				needles: ["-lelf"],
				match: /(?:cannot find|unable to find library|library not found for) '?(?<file>-lelf)/,
			},
			{
				needles: ["ORC metadata", "STACK_VALIDATION", "resolve BTF IDs"],
				match: /Cannot (?:generate ORC metadata|use CONFIG_STACK_VALIDATION|resolve BTF IDs)/,
			},
		],
		event: (event) =>
			event.kind === "no-header" &&
			/^(?:gelf|libelf|elf|elfutils\/\w{1,20}|libdw\/?\w{0,20}|dwarf)\.h$/.test(event.header) &&
			event.header !== "elf.h"
				? { details: { file: [event.header] } }
				: null,
	},
	{
		id: "openssl-headers-missing",
		title: "OpenSSL's development headers are missing",
		order: 318,
		cause: "extract-cert or sign-file is being compiled, and {file|an OpenSSL header} is not installed.",
		remedy: "Install OpenSSL's development package.",
		commands: [{ install: ["openssl/bio.h"] }],
		check: "pkg-config --exists libcrypto && echo there",
		origin: "scripts/extract-cert.c, scripts/sign-file.c; certs/extract-cert.c since 5.17",
		confirm: noPackageFile,
		patterns: [
			{ needles: ["openssl/"], match: /(?<file>openssl\/[\w.]{1,40}\.h)'?(?:: | file not found)/ },
			{ needles: ["-lcrypto"], match: /cannot find '?(?<file>-lcrypto)/ },
			{
				needles: ["libcrypto"],
				match:
					/(?<file>libcrypto)(?:\.pc)?'?(?: was)? not found|Package '?(?<other>libcrypto)'?,? (?:required|was not)/,
				read: () => ({ file: ["libcrypto"] }),
				order: 319,
			},
		],
		event: (event) =>
			event.kind === "no-header" && event.header.startsWith("openssl/")
				? { details: { file: [event.header] } }
				: null,
	},
];

/** Programs that a kernel build calls by name. */
function isTool(program: string): boolean {
	return (
		/^(?:[\w.]{1,40}-)*(?:gcc|g\+\+|cc|c\+\+|clang|ld(?:\.lld|\.bfd|\.gold)?|as|ar|nm|objcopy|objdump|strip|readelf|ranlib|cpp|llvm-\w{1,12})(?:-\d[\d.]{0,5})?$/.test(
			program,
		) ||
		/^(?:make|gmake|bc|perl|python3?|openssl|depmod|cpio|rsync|awk|gawk|sed|tar|xz|zstd|lz4c?|gzip|bzip2|pkg-config|rustc|bindgen|mkimage|xxd|lzop|kmod|mkinitramfs|update-initramfs|insmod|modprobe|dkms|dtc|m4|cmake)$/.test(
			program,
		)
	);
}

function onPath(tools: string[], machine: Machine): Verdict {
	const missing = tools.filter((name) => machine.program(name) === null);
	if (tools.length === 0) return { verdict: "not-checkable", evidence: [] };
	return {
		verdict: missing.length > 0 ? "confirmed" : "contradicted",
		evidence: tools.map(
			(name) =>
				`${name} is ${missing.includes(name) ? "not on PATH here" : `here: ${machine.program(name)}`}`,
		),
	};
}
