import type { Entry } from "../entry.ts";
import { building } from "../place.ts";

/** Of the host's C library and of the kernel's user interface that libc brings along. */
const LIBC =
	/^(?:std(?:io|lib|int|arg|def|bool)|string|strings|unistd|errno|fcntl|ctype|elf|limits|assert|signal|time|inttypes|getopt|pthread|features|endian|byteswap|alloca|regex|dirent|locale|libgen)\.h$|^(?:sys|bits|gnu|arpa|netinet|asm|asm-generic)\/[\w/]+\.h$|^linux\/(?:types|limits|errno)\.h$/;

/** A program of the tree that runs while the kernel is built. */
const HOST_PROGRAM = /(?:^|\/)(?:scripts|tools|usr|certs)\/[\w./-]+\.[chly]$/;

/** modpost writes NAME.mod.c into each module (scripts/mod/modpost.c, add_header). */
const MOD_C = /\.mod\.c$/;

/** Headers that are missing before anything of the kernel is at fault: the C library's, and those that scripts and headers share. */
export const hostHeaderEntries: Entry[] = [
	{
		id: "libc-headers-missing",
		title: "The headers of the C library are not installed on the machine that builds",
		place: building(8),
		cause:
			"A program that the tree builds for this machine ({tool|below scripts/ or tools/}) wants {file|a header of the C library}, and the host compiler does not find it.",
		remedy:
			"Install the C library's development package and the headers of the kernel's user interface; with a compiler of its own kind (clang of a vendor, a cross toolchain as HOSTCC), give it the host's headers or take the machine's gcc as HOSTCC.",
		commands: [
			"sudo apt install libc6-dev linux-libc-dev # Fedora: glibc-devel kernel-headers; Arch: glibc linux-api-headers; Alpine: musl-dev linux-headers",
			"echo '#include <'{file|stdio.h}'>' | gcc -E -xc - >/dev/null && echo found",
			"make HOSTCC=gcc",
		],
		check: "echo '#include <stdio.h>' | gcc -E -xc - finds it",
		origin: "HOSTCC over scripts/ and tools/",
		event: (event) =>
			event.kind === "no-header" &&
			LIBC.test(event.header) &&
			HOST_PROGRAM.test(event.source ?? "") &&
			!MOD_C.test(event.source ?? "")
				? { details: { file: [event.header], tool: [event.source ?? ""] } }
				: null,
		patterns: [
			{
				needles: ["' file not found"],
				match:
					/(?:^|\s)(?<tool>\S{0,200}(?:scripts|tools)\/[\w./-]{1,150}\.[chly]):\d{1,7}:\d{1,5}: fatal error: '(?<file>(?:std\w{2,4}|elf|string|unistd|errno|sys\/\w{1,20}|asm\/\w{1,20})\.h)' file not found/,
			},
			{
				needles: ["tdio.h", "tdlib.h"],
				match:
					/(?:^|\s)[\w./-]{1,200}\.c:\d{1,7}(?::\d{1,5})?: (?:fatal )?error: '?(?<file>std(?:io|lib)\.h)'?(?:: No such file| file not found)/,
			},
		],
		explains: ["kernel-api-changed", "tree-not-prepared"],
	},
	{
		id: "headers-scripts-mixed",
		title: "Headers and the scripts beside them are of two kernel versions",
		place: building(6),
		cause:
			"modpost wrote {tool|a .mod.c} that includes {file|a header}, and the headers have no such file: the scripts (linux-kbuild, scripts/ of the tree) are of another version than the headers. The driver's source has no part in it.",
		remedy:
			"Bring both to one version: upgrade or reinstall the headers together with their scripts package; in a tree of your own, run make modules_prepare again after a change of version.",
		commands: [
			"dpkg -l 'linux-headers*' 'linux-kbuild*' | grep ^ii # the versions side by side",
			"sudo apt update && sudo apt full-upgrade",
			{ system: "prepared" },
			{ way: "rebuild" },
		],
		check: "the version of linux-kbuild (or scripts/) against that of the headers",
		origin:
			"scripts/mod/modpost.c (add_header): linux/build-salt.h since 4.19, elfnote-lto.h since 5.13, export-internal.h since 6.4, asm/orc_header.h since 6.5",
		event: (event) =>
			event.kind === "no-header" && MOD_C.test(event.source ?? "")
				? { details: { file: [event.header], tool: [event.source?.split("/").pop() ?? ""] } }
				: null,
		patterns: [
			{
				needles: [".mod.c:"],
				match:
					/(?<tool>[\w.+-]{1,80}\.mod\.c):\d{1,7}(?::\d{1,5})?: (?:fatal )?error: '?(?<file>(?:linux|asm|generated)\/[\w./-]{1,80}\.h)'?(?:: No such file| file not found)/,
			},
		],
		explains: ["kernel-api-changed", "tree-not-prepared"],
	},
];
