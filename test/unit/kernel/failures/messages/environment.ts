import { type Message, m } from "./message.ts";

/** What the machine and the place do to a build. */
export const environment: Record<string, Message[]> = {
	"disk-full": [
		m(
			"/tmp/ccXk3qZf.s: Assembler messages:\n/tmp/ccXk3qZf.s: Fatal error: can't write 4096 bytes to section .text of /src/x.o: 'No space left on device'\nmake[2]: *** [scripts/Makefile.build:250: kernel/fork.o] Error 1",
		),
		m(
			"ar: scripts/lib.a: No space left on device\nmake[1]: *** [scripts/Makefile.build:461: lib/lib.a] Error 1",
		),
		m("cp: error writing '/usr/src/linux/vmlinux': No space left on device", {
			path: "/usr/src/linux/vmlinux",
		}),
		m("tar: linux-6.1/drivers/net/x.c: Cannot write: Disk quota exceeded"),
	],
	"tree-not-writable": [
		m("mkdir: cannot create directory 'include/generated': Read-only file system", {
			path: "include/generated",
		}),
		m(
			"ld: cannot open output file /mnt/cd/x.o: Read-only file system\nmake[1]: *** [scripts/Makefile.build:250: /mnt/cd/x.o] Error 1",
			{ path: "/mnt/cd/x.o" },
		),
		m(
			"Assembler messages:\nFatal error: can't create /usr/src/hello/hello.o: Permission denied\nmake[2]: *** [scripts/Makefile.build:243: /usr/src/hello/hello.o] Error 1",
			{ path: "/usr/src/hello/hello.o" },
		),
	],
	"noexec-mount": [
		m(
			"/bin/sh: 1: scripts/basic/fixdep: Permission denied\nmake[2]: *** [scripts/Makefile.build:250: scripts/mod/empty.o] Error 126",
			{ file: "scripts/basic/fixdep" },
		),
		m("/bin/bash: ./scripts/mod/modpost: Permission denied", { file: "scripts/mod/modpost" }),
		m("bash: line 1: ./tools/objtool/objtool: Permission denied", { file: "tools/objtool/objtool" }),
	],
	"case-insensitive": [
		m(
			"warning: the following paths have collided (e.g. case-sensitive paths\non a case-insensitive filesystem) and only one from the same\ncolliding group is in the working tree:\n\n  'include/uapi/linux/netfilter/xt_CONNMARK.h'\n  'include/uapi/linux/netfilter/xt_connmark.h'",
		),
		m(
			"make[3]: *** No rule to make target 'net/netfilter/xt_TCPMSS.o', needed by 'net/netfilter/built-in.a'.  Stop.",
			{
				file: "net/netfilter/xt_TCPMSS.o",
			},
		),
		m("Build dependency: OpenWrt can only be built on a case-sensitive filesystem"),
	],
};
