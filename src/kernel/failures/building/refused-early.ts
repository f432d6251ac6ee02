import { quoted } from "../../shell-word.ts";
import type { Entry } from "../entry.ts";
import { building } from "../place.ts";
import { buildCommands } from "../poster/way.ts";
import { isTool } from "./host-packages.ts";

/** A cross compiler, or any, by its path: it is what cannot run, not the script that calls it. */
const COMPILER = "\\S{0,250}?(?:^|[/\\w.-])(?:gcc|g\\+\\+|clang|cc1|ld|as|objcopy)(?:-\\d[\\d.]{0,6})?";

/** What ends a build before anything of the module is looked at: its own Makefile, the compiler, the tree's parts, a download. */
export const refusedEarlyEntries: Entry[] = [
	{
		id: "makefile-refuses",
		title: "The driver's own Makefile refuses to go on",
		place: building(56),
		cause:
			"{file|A Makefile} stops make itself, by its own words: {fact|an $(error ...)}. What it looked for in the kernel's headers or in the machine is not as it wants it.",
		remedy:
			"Look at the test around that line: it names what was looked for (a kernel version, a header, a tool). Most often the driver does not know this kernel yet, or did not find the kernel's folder.",
		commands: [
			({ file, folder }) => {
				const [named, path = named] = [
					file?.[0],
					file?.[0]?.replace(/^(?!\/)/, folder?.[0] === undefined ? "" : `${folder[0]}/`),
				];
				return path === undefined ? [] : [`grep -n -B12 'error' ${quoted(path)} | head -60`];
			},
			{ way: "update-driver" },
		],
		check: "the lines around the $(error ...) of the Makefile that is named",
		origin: "GNU make ($(error)), in any language; Makefiles of drivers",
		patterns: [
			{
				needles: [": *** "],
				match:
					/(?:^|\s)(?<file>[^\s:']{0,250}(?:[Mm]akefile|Kbuild|\.mk|\.inc)[\w.-]{0,40}):\d{1,6}: \*\*\* (?!(?:missing|commands commence|recipe commences|mixed|No rule|multiple target|unterminated|target pattern|first argument|insufficient|Recursive|invalid|empty variable|extraneous|prerequisites cannot)\b)(?<fact>\S.{3,250}?)[.。]{0,6} {1,3}\S{2,20}[.。]$/,
				certainty: "likely",
			},
		],
	},
	{
		id: "compiler-not-runnable",
		title: "The compiler that is named cannot run on this machine",
		place: building(2),
		cause:
			"{tool|The compiler} is a program for another machine than this one (a cross compiler made for x86 on an arm board, or the reverse), or its loader is not installed. What follows about compiler options comes only of that.",
		remedy:
			"On the machine itself build without CROSS_COMPILE, with its own gcc; to cross-compile, install the cross compiler of this machine's distribution. For 'required file not found', install the loader of its architecture (libc6:i386 for a 32-bit one).",
		commands: [
			"unset CROSS_COMPILE ARCH; make # natively, with this machine's gcc",
			({ tool }) => (tool?.[0] === undefined ? ["uname -m"] : [`file -L ${quoted(tool[0])}; uname -m`]),
			({ tool }) => {
				const triple = /(?:^|\/)([\w-]+)-(?:gcc|ld|as|clang)/.exec(tool?.[0] ?? "")?.[1];
				const known = /^(?:aarch64|arm|riscv64|powerpc64le|s390x|mips\w*)-linux-gnu\w*$/.test(triple ?? "");
				return known ? [`sudo apt install gcc-${triple} # a cross compiler that runs here`] : [];
			},
		],
		check: "file -L of the compiler against uname -m",
		origin: "the kernel (ENOEXEC, ENOENT of the loader) and the shell that starts the compiler",
		patterns: [
			{
				needles: ["annot execute", "Exec format error"],
				match: new RegExp(
					`(?:^|[\\s'])(?<tool>${COMPILER})'?: (?:cannot execute(?: binary file)?(?:: (?:Exec format error|required file not found))?|Exec format error)`,
				),
			},
			{
				needles: ["yntax error: "],
				match: new RegExp(`(?:^|[\\s'])(?<tool>/${COMPILER}): \\d{1,5}: Syntax error: `),
			},
		],
		explains: ["host-tools-wrong-arch", "compiler-flag-unsupported"],
	},
	{
		id: "tree-incomplete",
		title: "The kernel tree lacks a part of itself",
		place: building(2),
		cause:
			"{file|A Makefile of the tree's own tools} is not there: the tree was copied or checked out in part (a .gitignore with 'build' in it, a sparse checkout, an archive without tools/).",
		remedy:
			"Bring that folder from the very version's whole source. Where only resolve_btfids or objtool want it and you can do without, switch the option off that asks for them (then the tree no longer equals its kernel).",
		commands: [
			"git status --short --ignored | head; git checkout -- tools scripts",
			"kprep source list",
			"scripts/config -d DEBUG_INFO_BTF && make olddefconfig # only for a kernel that you build whole",
		],
		check: "ls tools/build scripts/Makefile.* in the tree",
		origin: "top Makefile, tools/*/Makefile (include of tools/build, tools/scripts)",
		event: (event) =>
			event.kind === "no-path" &&
			event.how === "include" &&
			/(?:^|\/)(?:tools\/(?:build|scripts)|scripts)\/Makefile[\w.]*$/.test(event.path)
				? { details: { file: [event.path] } }
				: null,
		explains: ["empty-m"],
	},
	{
		id: "kernel-headers-not-included",
		title: "A macro of the kernel is unknown: its include is missing, or the headers were not reached",
		place: building(40),
		cause:
			"{file|The source} uses {symbol|a macro of the kernel}, and the compiler has never seen it: linux/module.h, linux/init.h or linux/version.h is not included there, or the compiler was started without the kernel's include folders.",
		remedy:
			"In a source of your own add #include <linux/module.h>, <linux/init.h>, <linux/kernel.h> (and <linux/version.h> for KERNEL_VERSION). In a driver of somebody else it means that the build did not go through the kernel's tree: install the headers of exactly this kernel and build with make -C TREE M=DIR.",
		commands: [
			"grep -n '#include' {file|FILE.c}",
			"ls -d /lib/modules/{release_kernel|$(uname -r)}/build/include",
			(_, { scene, release }) => buildCommands(scene, release),
			{ system: "headers" },
		],
		check: "the #include lines above the place; make V=1 shows -I and -include of the tree",
		origin: "gcc and clang over include/linux/module.h, init.h, version.h",
		patterns: [
			{
				needles: ["missing binary operator before token"],
				match: /(?<file>[^\s:]{1,250}):\d{1,7}:\d{1,5}: error: missing binary operator before token '\('/,
				certainty: "likely",
			},
			{
				needles: ["before string constant"],
				match:
					/(?<file>[^\s:]{1,250}):\d{1,7}:\d{1,5}: error: expected declaration specifiers or '\.\.\.' before string constant/,
				certainty: "likely",
			},
			{
				needles: [
					"in declaration of 'module_",
					"in declaration of 'MODULE_",
					"in declaration of 'EXPORT_",
					"n declaration of",
				],
				match:
					/(?<file>[^\s:]{1,250}):\d{1,7}:\d{1,5}: (?:error|warning): type defaults to 'int' in declaration of '(?<symbol>module_(?:init|exit)|MODULE_\w{1,40}|EXPORT_SYMBOL\w{0,8}|module_param\w{0,10})'/,
			},
			{
				needles: ["KERNEL_VERSION' undeclared", "declaration of function 'KERNEL_VERSION'"],
				match:
					/(?<file>[^\s:]{1,250}):\d{1,7}:\d{1,5}: error: (?:'(?<symbol>KERNEL_VERSION)' undeclared|implicit declaration of function '(?<other>KERNEL_VERSION)')/,
				read: ({ groups }) => ({ file: [groups?.file ?? ""], symbol: ["KERNEL_VERSION"] }),
			},
		],
		explains: ["kernel-api-changed", "source-error"],
	},
	{
		id: "download-failed",
		title: "A source that the build wants could not be downloaded",
		place: building(18),
		cause:
			"{path|An archive or a file} was to be fetched, and the server did not give it. Nothing was compiled.",
		remedy:
			"Try again, with the network and proxy that the build system needs; a file that is gone from its server is found by its name on a mirror, or a newer version of the recipe names another place.",
		commands: [
			({ path }) =>
				path?.[0] !== undefined && /\/dl\//.test(path[0])
					? [
							`ls -l ${quoted(path[0].replace(/[^/]+$/, ""))}`,
							"make download V=s # OpenWrt, Buildroot: make source",
						]
					: [],
			(_, { scene }) => (scene.recipe === null ? [] : [`bitbake -c fetch -f ${quoted(scene.recipe)}`]),
			"env | grep -i proxy; df -h .",
		],
		check: "the address in the lines above, tried by hand",
		origin: "OpenWrt and Buildroot (dl/), bitbake (do_fetch), curl, wget",
		patterns: [
			{
				needles: ["/dl/"],
				match:
					/\*\*\* \[(?:\S{1,200}:\d{1,6}: )?(?<path>\S{0,200}\/dl\/[^\s\]]{1,200}\.(?:tar(?:\.\w{2,4})?|tgz|zip|git))\]/,
			},
			{
				needles: ["do_fetch", "Fetcher failure", "Unable to fetch URL"],
				match: /(?:Fetcher failure|do_fetch: .{0,80}(?:failed|Unable to fetch)|Unable to fetch URL).{0,200}/,
			},
			{
				needles: ["curl: ("],
				match: /curl: \((?:6|7|22|28|35|52|56|60)\) .{1,200}/,
				place: building(57),
				certainty: "likely",
			},
			{
				needles: ["ERROR 404", "ERROR 403", "unable to resolve host address"],
				match:
					/(?:^|\s)(?:wget: )?(?:.{0,80} )?(?:ERROR 40[34]: \w{1,20}|unable to resolve host address .{1,120})/,
				place: building(57),
				certainty: "likely",
			},
		],
	},
	{
		id: "program-missing",
		title: "A program that the build runs is not installed here",
		place: building(55),
		cause: "{tool|A program} was not found on PATH; the shell ends with status 127 where one is missing.",
		remedy:
			"Install the package that has it; a name that no distribution knows is a tool of the driver's own, built or unpacked first.",
		commands: [
			"command -v {tool|NAME}; ls -l {folder|.}/{tool|NAME} 2>/dev/null",
			"apt-file search -x '/s?bin/'{tool|NAME}'$' # Fedora: dnf provides '*/bin/'{tool|NAME}; Arch: pacman -F {tool|NAME}",
		],
		check: "command -v NAME",
		origin: "the shell that make runs (status 127); scripts that look for a tool themselves",
		// flex, gcc, pahole... have diagnoses of their own.
		event: (event) =>
			event.kind === "no-program" &&
			!isTool(event.program) &&
			!/^(?:flex|bison|lex|yacc|pahole|objtool|FATAL|ERROR|WARNING|error|fatal)$/.test(event.program) &&
			/^[A-Za-z][\w.+-]{1,40}$/.test(event.program)
				? { details: { tool: [event.program] }, certainty: "likely" }
				: null,
		patterns: [
			{
				needles: ["found in $PATH", "found in PATH", "found in your PATH"],
				match: /[Nn]o (?:\(?suitable\)? )?(?<tool>[\w.+-]{2,40}) found in (?:\$|your )?PATH/,
			},
			{
				needles: ["ommand not found"],
				match: /(?:^|\s|: )(?<tool>[A-Za-z][\w.+-]{1,40}): [Cc]ommand not found$/,
				certainty: "likely",
			},
		],
	},
];
