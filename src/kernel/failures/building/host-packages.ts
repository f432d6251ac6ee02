import type { Entry, Machine, Verdict } from "../entry.ts";
import { building } from "../place.ts";
import { noPackageFile } from "../probes/building.ts";
import { TREE_TOOL } from "./host-tools.ts";

/** What a build needs from the machine's packages: programs, headers and libraries. */
export const hostPackageEntries: Entry[] = [
	{
		id: "toolchain-missing",
		title: "The compiler, the linker or another build program is not installed",
		place: building(13),
		cause: "{tool|A program of the toolchain} is not installed here, or not on PATH.",
		remedy: "Install it (gcc, binutils, make; or the cross toolchain that CROSS_COMPILE names).",
		commands: [
			// make itself runs: what it does not find is not what is not installed.
			({ tool }) =>
				noPath(tool)
					? ['echo "$PATH"; type -a make uname', "env PATH=/usr/sbin:/usr/bin:/sbin:/bin make"]
					: [],
			({ tool }) =>
				SBIN.test(tool?.[0] ?? "")
					? [
							"ls -l /sbin/depmod /usr/sbin/depmod /sbin/modprobe",
							'sudo env PATH="/usr/sbin:/sbin:$PATH" make install',
						]
					: [],
			{ install: ["{tool|gcc}"] },
			"command -v {tool|gcc}",
		],
		here: ({ tool }) =>
			noPath(tool)
				? `make was running and did not find ${tool?.[0]}, so it is the search path that is empty or wrong, not the program that is missing: PATH was unset in the environment of dkms, or a Makefile or package hook sets it.`
				: SBIN.test(tool?.[0] ?? "")
					? `${tool?.[0]} is in /sbin, which is not on PATH after plain su and for users of Debian: use sudo, or su - (with the minus).`
					: null,
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
			// rpm's build dependencies, and the NVIDIA installer.
			{
				needles: ["is needed by", "development tool"],
				match:
					/(?:^|\s)(?<tool>gcc(?:-c\+\+)?|make|bc|flex|bison|elfutils-libelf-devel|openssl-devel|perl|dwarves|kernel-rpm-macros|rpm-build)(?:\(\S{1,20}\))? is needed by \S{1,150}|[Uu]nable to find the development tool '(?<other>[\w+-]{1,20})'/,
				read: ({ groups }) => ({ tool: [(groups?.tool ?? groups?.other ?? "").replace("gcc-c++", "g++")] }),
			},
			{
				needles: ["compiler '", "linker '", "assembler '"],
				match: /(?:compiler|linker|assembler) '(?<tool>[\w.+/-]{1,100})' not found/,
			},
			// bindgen without its library says nothing that the script could count with.
			{
				needles: ["rust_is_available.sh", "libclang"],
				match:
					/rust_is_available\.sh: (?:line )?\d{1,4}: .{0,80}(?:[Ss]yntax error|operand expected)|[Uu]nable to find .{0,20}libclang|libclang.{0,80}could not be found/,
				read: () => ({ tool: ["libclang"] }),
			},
			{
				needles: ["unknown C compiler", "unknown assembler", "unknown linker", "could not be found"],
				match:
					/\*\*\* unknown (?<kind>C compiler|assembler invoked|linker)$|\*\*\* Rust (?:compiler|bindings generator) '(?<tool>[\w.+/-]{1,60})' could not be found/,
				read: ({ groups }) => ({
					tool: [groups?.tool ?? { "C compiler": "gcc", linker: "ld" }[groups?.kind ?? ""] ?? "as"],
				}),
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
		place: building(12),
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
				place: building(24),
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
		place: building(9),
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
		place: building(18),
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
				place: building(19),
			},
		],
		event: (event) =>
			event.kind === "no-header" && event.header.startsWith("openssl/")
				? { details: { file: [event.header] } }
				: null,
	},
];

/** Programs that a kernel build calls by name. */
/** What a toolchain or a system brings: without it nothing is built at all. */
export function isTool(program: string): boolean {
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

/** Programs that only root has on PATH. */
const SBIN = /^(?:depmod|modprobe|insmod|rmmod|lsmod|modinfo|dkms|mokutil|update-initramfs|ldconfig)$/;

/** make says that it does not find make, or what every system has. */
function noPath(tool: readonly string[] | undefined): boolean {
	return (
		(tool ?? []).some((name) => /^(?:make|uname|sh|cat|rm|mkdir|expr|test|pwd|ls)$/.test(name)) &&
		tool?.[0] !== "sh"
	);
}
