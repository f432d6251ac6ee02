import { type Message, m } from "./message.ts";

/** What make, kbuild, gcc, ld, dkms and shells say when a build stops, by the diagnosis that must come first. */
export const building: Record<string, Message[]> = {
	"build-dir-missing": [
		m(
			"Makefile:31: *** Error: unable to find the sources of your current Linux kernel. Specify KERN_DIR. Stop.",
		),
		m("Couldn't find kernel headers for 5.4.0-9-generic.", { release_kernel: "5.4.0-9-generic" }),
		m("make: *** /lib/modules/6.5.0-kali3-amd64/build: No such file or directory.  Stop.", {
			path: "/lib/modules/6.5.0-kali3-amd64/build",
		}),
		m(
			"make -C /lib/modules/5.15.90.1-microsoft-standard-WSL2/build M=/home/u/x modules\nmake: *** /lib/modules/5.15.90.1-microsoft-standard-WSL2/build: Kein passendes Verzeichnis: Datei oder Verzeichnis nicht gefunden.  Schluss.",
		),
		m("make[1]: *** /lib/modules/4.9.0-8-amd64/build : Aucun fichier ou dossier de ce type. Arrêt.", {
			release_kernel: "4.9.0-8-amd64",
		}),
		m("make: *** /lib/modules/5.4.0-104-generic/build: 没有那个文件或目录。 停止。", {
			release_kernel: "5.4.0-104-generic",
		}),
		m("make: *** /lib/modules/4.4.0-21-generic/build: Нет такого файла или каталога. Останов.", {
			release_kernel: "4.4.0-21-generic",
		}),
		m(
			"Error! Your kernel headers for kernel 6.2.16-3-pve cannot be found at /lib/modules/6.2.16-3-pve/build or /lib/modules/6.2.16-3-pve/source.\nPlease install the linux-headers-6.2.16-3-pve package or use the --kernelsourcedir option to tell DKMS where it's located.",
			{ release_kernel: "6.2.16-3-pve" },
		),
		m(
			"Module build for kernel 5.10.0-8-amd64 was skipped since the kernel headers for this kernel does not seem to be installed.",
			{ release_kernel: "5.10.0-8-amd64" },
		),
		m(
			"Module build for kernel 5.10.0-8-amd64 was skipped since the\nkernel headers for this kernel do not seem to be installed.",
			{ release_kernel: "5.10.0-8-amd64" },
		),
		m(
			"E: Unable to locate package linux-headers-4.19.66-v7+\nE: Couldn't find any package by glob 'linux-headers-4.19.66-v7+'",
			{ release_kernel: "4.19.66-v7+" },
		),
		m(
			"ERROR: Unable to find the kernel source tree for the currently running kernel. Please make sure you have installed the kernel source files for your kernel",
		),
		m(
			"make: Entering directory '/lib/modules/4.14.79/build'\nmake: *** No rule to make target '/lib/modules/4.14.79/build'.  Stop.",
		),
	],
	"not-a-kernel-tree": [
		m(
			"make -C /usr/src/linux-headers-5.10 M=/root/x modules\nmake: Entering directory '/usr/src/linux-headers-5.10'\nmake: *** No rule to make target 'modules'.  Stop.\nmake: Leaving directory '/usr/src/linux-headers-5.10'",
			{ path: "/usr/src/linux-headers-5.10" },
		),
		m("make: *** Keine Regel, um „modules“ zu erstellen.  Schluss."),
		m("make[1]: *** Aucune règle pour fabriquer la cible « modules ». Arrêt."),
		m(
			"make[1]: Entering directory `/usr/src/kernels'\nmake[1]: *** No rule to make target `modules'.  Stop.",
		),
		m("make[1]: 进入目录“/usr/src”\nmake[1]: *** 没有规则可制作目标“modules”。 停止。"),
		m("make: *** No rule to make target 'modules_prepare'.  Stop."),
	],
	"tree-not-prepared": [
		m(
			'test -e include/generated/autoconf.h || (\t\\\necho >&2 "  ERROR: Kernel configuration is invalid.";\t\\\necho >&2 "         include/generated/autoconf.h or include/config/auto.conf are missing.";\\',
		),
		m("/src/linux/include/linux/types.h:6:10: fatal error: asm/types.h: No such file or directory", {
			file: "asm/types.h",
		}),
		m(
			'***\n*** Configuration file ".config" not found!\n***\n*** Please run some configurator (e.g. "make oldconfig" or\n*** "make menuconfig" or "make xconfig").\n***\nmake[1]: *** [Makefile:650: .config] Error 1',
		),
		m(
			"ERROR: Kernel configuration is invalid.\n include/linux/autoconf.h or include/config/auto.conf are missing.\n Run 'make oldconfig && make prepare' on kernel src to fix it.",
		),
		m(
			"/usr/src/linux-headers-4.4/include/linux/vermagic.h:4:33: fatal error: generated/utsrelease.h: No such file or directory",
			{ file: "generated/utsrelease.h" },
		),
		m(
			"./include/linux/page-flags.h:10:30: fatal error: generated/bounds.h: Datei oder Verzeichnis nicht gefunden",
			{ file: "generated/bounds.h" },
		),
		m(
			"make[1]: *** No rule to make target 'include/config/auto.conf', needed by 'include/config/kernel.release'.  Stop.",
			{ file: "include/config/auto.conf" },
		),
		m("include/linux/kconfig.h:5:32: 致命错误：generated/autoconf.h：没有那个文件或目录", {
			file: "generated/autoconf.h",
		}),
		m(
			"Makefile:612: include/config/auto.conf: No such file or directory\nMakefile:613: include/config/auto.conf.cmd: No such file or directory",
			{ file: "include/config/auto.conf" },
		),
	],
	"tree-not-clean": [
		m(
			"***\n*** The source tree is not clean, please run 'make mrproper'\n*** in /home/me/linux-6.1\n***\nmake[1]: *** [/home/me/linux-6.1/Makefile:580: outputmakefile] Error 1",
			{ path: "/home/me/linux-6.1" },
		),
		m(
			"***\n*** The source tree is not clean, please run 'make ARCH=arm64 mrproper'\n*** in /src/linux\n***",
			{ path: "/src/linux" },
		),
		m(
			"  Using /usr/src/linux-2.6.32 as source for kernel\n  /usr/src/linux-2.6.32 is not clean, please run 'make mrproper'\n  in the '/usr/src/linux-2.6.32' directory.",
			{ path: "/usr/src/linux-2.6.32" },
		),
	],
	"kconfig-restart": [
		m(
			"*\n* Restart config...\n*\n*\n* GCC plugins\n*\nGCC plugins (GCC_PLUGINS) [Y/n/?] (NEW) aborted!\n\nConsole input/output is redirected. Run 'make oldconfig' to update configuration.",
		),
		m("  SYNC    include/config/auto.conf.cmd\n*\n* Restart config...\n*\nCompiler: gcc-12"),
		m("Shadow Call Stack (SHADOW_CALL_STACK) [N/y/?] (NEW) \nError in reading or end of file."),
	],
	"module-lds-missing": [
		m(
			"ld: cannot open linker script file /usr/src/linux-headers-5.10.0/scripts/module.lds: No such file or directory\nmake[1]: *** [/root/hello.ko] Error 1",
			{ file: "/usr/src/linux-headers-5.10.0/scripts/module.lds" },
		),
		m("make[2]: *** No rule to make target 'scripts/module.lds', needed by '/root/x/x.ko'.  Stop.", {
			file: "scripts/module.lds",
		}),
		m(
			"aarch64-linux-gnu-ld: cannot open linker script file ./arch/arm64/kernel/module.lds: No such file or directory",
			{ file: "arch/arm64/kernel/module.lds" },
		),
		m("ld.lld: error: cannot find linker script scripts/module.lds", { file: "scripts/module.lds" }),
	],
	"empty-m": [
		m(
			"make -C /lib/modules/5.15.0-76-generic/build M= modules\nmake[1]: Entering directory '/usr/src/linux-headers-5.15.0-76-generic'\nmake[3]: *** No rule to make target 'arch/x86/entry/syscalls/syscall_32.tbl', needed by 'arch/x86/include/generated/uapi/asm/unistd_32.h'.  Stop.",
			{ file: "arch/x86/entry/syscalls/syscall_32.tbl" },
		),
		m(
			'make -C /lib/modules/6.1.0/build M="" modules\n  HOSTCC  scripts/kconfig/conf.o\ncan\'t find file Kconfig',
		),
		m(
			"make[1]: Entering directory '/usr/src/linux-headers-6.2.0-26-generic'\nmake[2]: *** No rule to make target 'arch/x86/tools/relocs_32.c', needed by 'arch/x86/tools/relocs_32.o'.  Stop.",
		),
	],
	"subdirs-obsolete": [
		m(
			"make -C /lib/modules/5.10.0-9-amd64/build SUBDIRS=/home/u/rtl8192eu modules\nmake[1]: Entering directory '/usr/src/linux-headers-5.10.0-9-amd64'\nmake[3]: *** No rule to make target 'arch/x86/entry/syscalls/syscall_32.tbl', needed by 'arch/x86/include/generated/asm/syscalls_32.h'.  Stop.",
			{ path: "/home/u/rtl8192eu" },
		),
		m(
			"make -C /lib/modules/6.1.0/build SUBDIRS=/tmp/x modules\n  HOSTCC  arch/x86/tools/relocs_32.o\ngcc: error: arch/x86/tools/relocs_32.c: No such file or directory",
			{ path: "/tmp/x" },
		),
		m(
			"make ARCH=arm64 -C /usr/src/linux SUBDIRS=/srv/drv modules\nscripts/kconfig/conf  --syncconfig Kconfig\ncan't find file Kconfig",
			{ path: "/srv/drv" },
		),
	],
	"path-with-space": [
		m(
			"make -C /lib/modules/4.4.0/build M=/media/u:1/drv modules\nMakefile:803: *** multiple target patterns.  Stop.",
		),
		m(
			"make -C /lib/modules/6.1.0/build M=/home/u/My Projects/hello modules\nmake[2]: *** No rule to make target 'Projects/hello'.  Stop.",
			{ path: "/home/u/My Projects/hello" },
		),
		m("Makefile:162: *** source directory cannot contain spaces or colons.  Stop."),
		m("/usr/src/linux-6.13/Makefile:150: *** module directory path cannot contain ' '.  Stop."),
		m("Makefile:221: *** building multiple external modules is not supported.  Stop."),
		m("make[1]: *** main directory cannot contain spaces nor colons.  Stop."),
	],
	"arch-variable-wrong": [
		m("make[1]: *** No rule to make target 'arch/aarch64/Makefile'.  Stop.", {
			file: "arch/aarch64/Makefile",
		}),
		m(
			"/usr/src/linux-headers-5.4.0/Makefile:600: arch/armhf/Makefile: Datei oder Verzeichnis nicht gefunden",
			{ file: "arch/armhf/Makefile" },
		),
		m(
			"gcc: error: unrecognized command line option '-mlittle-endian'; did you mean '-fconvert=little-endian'?\ngcc: error: unrecognized command line option '-mgeneral-regs-only'",
			{ option: "-mlittle-endian" },
		),
		m(
			"aarch64-linux-gnu-gcc: error: unrecognized command-line option ‘-mno-sse’\naarch64-linux-gnu-gcc: error: unrecognized command-line option ‘-mcmodel=kernel’",
			{ option: "-mno-sse" },
		),
	],
	"host-tools-wrong-arch": [
		m("zsh: exec format error: ./modpost", { file: "modpost" }),
		m(
			"scripts/mod/modpost: error while loading shared libraries: libc.so.6: cannot open shared object file: No such file or directory",
			{ file: "scripts/mod/modpost" },
		),
		m("/bin/sh: 1: scripts/basic/fixdep: Exec format error\nmake[1]: *** [/home/pi/hello/hello.o] Error 2", {
			file: "scripts/basic/fixdep",
		}),
		m("/bin/bash: scripts/mod/modpost: cannot execute binary file: Exec format error", {
			file: "scripts/mod/modpost",
		}),
		m('scripts/basic/fixdep: 1: Syntax error: "(" unexpected', { file: "scripts/basic/fixdep" }),
		m("/bin/sh: scripts/basic/fixdep: cannot execute binary file", { file: "scripts/basic/fixdep" }),
		m(
			"/bin/bash: ligne 1: scripts/mod/modpost : impossible d'exécuter le fichier binaire : Erreur de format pour exec()",
			{ file: "scripts/mod/modpost" },
		),
	],
	"host-tools-missing": [
		m("/bin/sh: 1: ./scripts/genksyms/genksyms: not found", { file: "scripts/genksyms/genksyms" }),
		m(
			"/bin/sh: 1: scripts/mod/modpost: not found\nmake[1]: *** [scripts/Makefile.modpost:123: /root/x/Module.symvers] Error 127",
			{ file: "scripts/mod/modpost" },
		),
		m("/bin/sh: scripts/basic/fixdep: No such file or directory", { file: "scripts/basic/fixdep" }),
		m("/bin/sh: 1: ./scripts/genksyms/genksyms: not found", { file: "scripts/genksyms/genksyms" }),
		m("/bin/bash: scripts/recordmcount: Aucun fichier ou dossier de ce type", {
			file: "scripts/recordmcount",
		}),
		m("make[1]: *** No rule to make target 'scripts/basic/fixdep', needed by 'x'.  Stop.", {
			file: "scripts/basic/fixdep",
		}),
	],
	"objtool-missing": [
		m(
			"/bin/sh: 1: ./tools/objtool/objtool: not found\nmake[2]: *** [scripts/Makefile.build:243: /root/x/x.o] Error 127",
			{ file: "tools/objtool/objtool" },
		),
		m("make[3]: *** No rule to make target 'tools/objtool/objtool', needed by '/home/u/hello.o'.  Stop.", {
			file: "tools/objtool/objtool",
		}),
		m("/bin/sh: line 1: /usr/src/kernels/5.14/tools/objtool/objtool: No such file or directory", {
			file: "tools/objtool/objtool",
		}),
	],
	"toolchain-missing": [
		m("$ sudo modprobe foo\nsudo: modprobe: command not found", { tool: "modprobe" }),
		m("scripts/Kconfig.include:35: compiler 'riscv64-linux-gnu-gcc' not found in PATH", {
			tool: "riscv64-linux-gnu-gcc",
		}),
		m("sudo : modprobe : commande introuvable"),
		m("/bin/sh: 1: gcc: not found\nmake[1]: *** [scripts/basic/fixdep] Error 127", { tool: "gcc" }),
		m("make[1]: gcc-12: No such file or directory", { tool: "gcc-12" }),
		m("make: aarch64-linux-gnu-gcc: Command not found", { tool: "aarch64-linux-gnu-gcc" }),
		m("/bin/sh: ld: command not found", { tool: "ld" }),
		m("/bin/bash: Zeile 1: as: Kommando nicht gefunden.", { tool: "as" }),
		m("/bin/sh: bc: command not found\nmake[1]: *** [include/generated/timeconst.h] Error 127", {
			tool: "bc",
		}),
		m("scripts/Kconfig.include:39: C compiler 'arm-linux-gnueabihf-gcc' not found", {
			tool: "arm-linux-gnueabihf-gcc",
		}),
		m("gcc: fatal error: cannot execute ‘cc1’: execvp: No such file or directory", { tool: "cc1" }),
	],
	"flex-missing": [
		m(
			"  LEX     scripts/kconfig/lexer.lex.c\n/bin/sh: 1: flex: not found\nmake[1]: *** [scripts/Makefile.host:9: scripts/kconfig/lexer.lex.c] Error 127",
			{ tool: "flex" },
		),
		m("  YACC    scripts/kconfig/parser.tab.[ch]\n/bin/sh: bison: command not found", { tool: "bison" }),
		m("/bin/sh: 1: bison: not found", { tool: "bison" }),
		m("/bin/bash: flex : commande introuvable", { tool: "flex" }),
	],
	"libelf-missing": [
		m(
			'Makefile:1000: *** "Cannot generate ORC metadata for CONFIG_UNWINDER_ORC=y, please install libelf-dev, libelf-devel or elfutils-libelf-devel".  Stop.',
		),
		m(
			"error: Cannot resolve BTF IDs for CONFIG_DEBUG_INFO_BTF, please install libelf-dev, libelf-devel or elfutils-libelf-devel",
		),
		m(
			"In file included from /src/tools/objtool/include/objtool/objtool.h:13,\n/src/tools/objtool/include/objtool/elf.h:10:10: fatal error: gelf.h: No such file or directory",
			{ file: "gelf.h" },
		),
		m("main.c:20:10: fatal error: libelf.h: Arquivo ou diretório inexistente", { file: "libelf.h" }),
		m("warning: Cannot use CONFIG_STACK_VALIDATION=y, please install libelf-dev or elfutils-libelf-devel"),
	],
	"openssl-headers-missing": [
		m("scripts/sign-file.c:25:10: fatal error: openssl/opensslv.h: No such file or directory", {
			file: "openssl/opensslv.h",
		}),
		m("certs/extract-cert.c:21:10: fatal error: 'openssl/bio.h' file not found", { file: "openssl/bio.h" }),
		m(
			"scripts/extract-cert.c:21:10: schwerwiegender Fehler: openssl/bio.h: Datei oder Verzeichnis nicht gefunden",
			{ file: "openssl/bio.h" },
		),
		m("certs/extract-cert.c:21:10: erreur fatale: openssl/bio.h : Aucun fichier ou dossier de ce type", {
			file: "openssl/bio.h",
		}),
	],
	"pahole-missing": [
		m(
			"BTF: .tmp_vmlinux.btf: pahole (pahole) is not available\nFailed to generate BTF for vmlinux\nTry to disable CONFIG_DEBUG_INFO_BTF",
			{ tool: "pahole" },
		),
		m("/bin/sh: 1: pahole: not found", { tool: "pahole" }),
		m("BTF: .btf.vmlinux.bin.o: pahole (/opt/bin/pahole) is not available"),
	],
	"btf-generation-failed": [
		m(
			"BTF: .tmp_vmlinux.btf: pahole version v1.9 is too old, need at least v1.16\nFailed to generate BTF for vmlinux",
		),
		m(
			"  BTFIDS  vmlinux\nFAILED: load BTF from vmlinux: No such file or directory\nmake: *** [Makefile:1106: vmlinux] Error 255",
		),
		m(
			"libbpf: failed to find '.BTF' ELF section in vmlinux\nFAILED: load BTF from vmlinux: No data available",
		),
		m("FAILED unresolved symbol vfs_truncate\nmake: *** [Makefile:1155: vmlinux] Error 255"),
		m(
			"scripts/link-vmlinux.sh: line 120: 12345 Killed                  LLVM_OBJCOPY=objcopy pahole -J .tmp_vmlinux.btf",
		),
	],
	"trusted-keys-missing": [
		m(
			"make[1]: *** No rule to make target 'debian/certs/benh@debian.org.cert.pem', needed by 'certs/x509_certificate_list'.  Stop.",
			{ file: "debian/certs/benh@debian.org.cert.pem" },
		),
		m(
			"make[3]: *** No rule to make target 'debian/canonical-revoked-certs.pem', needed by 'certs/x509_revocation_list'.  Stop.",
			{ file: "debian/canonical-revoked-certs.pem" },
		),
		m(
			"make[2]: *** Keine Regel vorhanden, um das Ziel „certs/rhel.pem“,\n  benötigt von „certs/x509_certificate_list“, zu erstellen.  Schluss.",
			{ file: "certs/rhel.pem" },
		),
	],
	"signing-key-missing": [
		m(
			"make[2]: *** No rule to make target 'certs/signing_key.pem', needed by 'certs/signing_key.x509'.  Stop.",
			{ file: "certs/signing_key.pem" },
		),
		m(
			"At main.c:298:\n- SSL error:1E08010C:DECODER routines::unsupported: ../crypto/encode_decode/decoder_lib.c:102\nsign-file: ./signing_key.priv: No such file or directory",
			{ file: "signing_key.priv" },
		),
		m(
			"scripts/sign-file: /lib/modules/6.1/build/certs/signing_key.pem: Datei oder Verzeichnis nicht gefunden",
			{ file: "certs/signing_key.pem" },
		),
	],
	"clang-built-kernel": [
		m(
			"warning: the compiler differs from the one used to build the kernel\n  The kernel was built by: Ubuntu clang version 14.0.0-1ubuntu1\n  You are using:           gcc (Ubuntu 11.3.0) 11.3.0\ngcc: error: unrecognized command-line option ‘-mstack-alignment=8’",
		),
		m("gcc: error: unrecognized command-line option ‘-mretpoline-external-thunk’", {
			option: "-mretpoline-external-thunk",
		}),
		m(
			"x86_64-linux-gnu-gcc-13: error: unrecognized command-line option ‘-fsplit-lto-unit’\nx86_64-linux-gnu-gcc-13: error: unrecognized command-line option ‘-Qunused-arguments’",
		),
		m("gcc: error: unrecognized argument to ‘-flto=’ option: ‘thin’"),
	],
	"compiler-flag-unsupported": [
		m(
			"test -e include/config/auto.conf || (\\\necho >&2 \"  ERROR: Kernel configuration is invalid.\";\\\n/bin/false)\ngcc -c x.c\ngcc: error: unrecognized command-line option '-mnew'",
			{ option: "-mnew" },
		),
		m("include/linux/compiler-gcc.h:103:30: fatal error: linux/compiler-gcc7.h: No such file or directory", {
			file: "linux/compiler-gcc7.h",
		}),
		m('cc1: error: unrecognized command line option "-fstack-protector-strong"', {
			option: "-fstack-protector-strong",
		}),
		m(
			"gcc: error: unrecognized command line option '-fmin-function-alignment=16'; did you mean '-flimit-function-alignment'?",
			{ option: "-fmin-function-alignment=16" },
		),
		m("clang: error: unknown argument: '-fconserve-stack'", { option: "-fconserve-stack" }),
		m(
			"arch/x86/Makefile:166: CONFIG_X86_X32 enabled but no binutils support\nMakefile:670: Cannot use CONFIG_CC_STACKPROTECTOR_STRONG: -fstack-protector-strong not supported by compiler",
			{ config: "CONFIG_CC_STACKPROTECTOR_STRONG" },
		),
		m("kernel/bounds.c:1:0: error: code model kernel does not support PIC mode"),
		m(
			"arch/x86/Makefile:210: *** You are building kernel with non-retpoline compiler, please update your compiler..  Stop.",
		),
		m("cc: Fehler: nicht erkannte Kommandozeilenoption »-ftrivial-auto-var-init=zero«", {
			option: "-ftrivial-auto-var-init=zero",
		}),
		m("gcc: error: unrecognized argument in option '-mindirect-branch=thunk-extern'"),
		m(
			"***\n*** C compiler is too old.\n***   Your GCC version:    4.8.5\n***   Minimum GCC version: 5.1.0\n***",
		),
	],
	"gcc-plugin-mismatch": [
		m(
			"cc1: Fehler: Plugin »./scripts/gcc-plugins/randomize_layout_plugin.so« konnte nicht initialisiert werden",
			{ file: "scripts/gcc-plugins/randomize_layout_plugin.so" },
		),
		m(
			"cc1: error: incompatible gcc/plugin versions\ncc1: error: failed to initialize plugin ./scripts/gcc-plugins/stackleak_plugin.so",
			{ file: "scripts/gcc-plugins/stackleak_plugin.so" },
		),
		m(
			"cc1: error: cannot load plugin ./scripts/gcc-plugins/latent_entropy_plugin.so: ./scripts/gcc-plugins/latent_entropy_plugin.so: undefined symbol: _Z12some_symbolv",
			{ file: "scripts/gcc-plugins/latent_entropy_plugin.so" },
		),
		m(
			"cc1: error: fail to initialize plugin /usr/src/linux-headers-5.9/scripts/gcc-plugins/arm_ssp_per_task_plugin.so",
		),
	],
	"yylloc-multiple-definition": [
		m(
			"/usr/bin/ld: scripts/dtc/dtc-parser.tab.o:(.bss+0x20): multiple definition of `yylloc'; scripts/dtc/dtc-lexer.lex.o:(.bss+0x0): first defined here",
			{ symbol: "yylloc" },
		),
		m(
			"scripts/dtc/dtc-parser.tab.o:(.bss+0x10): multiple definition of 'yylloc'\ncollect2: error: ld returned 1 exit status",
			{ symbol: "yylloc" },
		),
		m(
			"ld.lld: error: duplicate symbol: yylloc\n>>> defined at dtc-lexer.lex.c\n>>>            scripts/dtc/dtc-lexer.lex.o:(yylloc)",
			{ symbol: "yylloc" },
		),
	],
	"symvers-missing": [
		m(
			'WARNING: Symbol version dump "Module.symvers" is missing.\n         Modules may not have dependencies or modversions.\n         You may get many unresolved symbol warnings.\nERROR: modpost: "printk" [/root/x/x.ko] undefined!',
			{ file: "Module.symvers" },
		),
		m(
			"  WARNING: Symbol version dump /usr/src/linux-4.9/Module.symvers\n           is missing; modules will have no dependencies and modversions.",
			{ file: "/usr/src/linux-4.9/Module.symvers" },
		),
		m(
			"WARNING: Module.symvers is missing.\n         Modules may not have dependencies or modversions.\n         You may get many unresolved symbol errors.\n         You can set KBUILD_MODPOST_WARN=1 to turn errors into warning\n         if you want to proceed at your own risk.",
			{ file: "Module.symvers" },
		),
	],
	"symvers-malformed": [
		m(
			"FATAL: modpost: parse error in symbol dump file\nmake[2]: *** [scripts/Makefile.modpost:134: /root/x/Module.symvers] Error 1",
		),
		m("FATAL: parse error in symbol dump file\nmake[1]: *** [modules] Error 1"),
		m("modpost: FATAL: parse error in symbol dump file"),
	],
	"modpost-undefined": [
		m('WARNING: "my_export" [/home/u/client/client.ko] undefined!', {
			module: "client",
			symbol: "my_export",
		}),
		m(
			'ERROR: "cpu_tss_rw" [/var/lib/dkms/x/x.ko] undefined!\nmake[3]: *** [scripts/Makefile.modpost:92: __modpost] Error 1',
			{ module: "x", symbol: "cpu_tss_rw" },
		),
		m('ERROR: modpost: "kallsyms_lookup_name" [/root/m.ko] undefined!', { symbol: "kallsyms_lookup_name" }),
		m('*** Warning: "usb_foo" [drivers/x/y.ko] undefined!', { symbol: "usb_foo" }),
	],
	"missing-module-license": [
		m(
			"ERROR: modpost: missing MODULE_LICENSE() in /root/hello/hello.o\nmake[2]: *** [scripts/Makefile.modpost:150: /root/hello/Module.symvers] Error 1",
			{ module: "hello" },
		),
		m(
			"WARNING: modpost: missing MODULE_LICENSE() in drivers/foo/bar.o\nsee include/linux/module.h for more information",
			{ module: "bar" },
		),
		m("WARNING: modpost: missing MODULE_LICENSE() in /x/test.o", { module: "test" }),
	],
	"symbol-name-too-long": [
		m(
			'ERROR: modpost: too long symbol "_RNvXs_NtNtNtCsgQv_6kernel4sync3arc_very_long_mangled_name_indeed" [rust_foo.ko]',
			{ module: "rust_foo" },
		),
		m('modpost: too long symbol "_RNvNtCs1234_7example_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"'),
		m(
			'FATAL: modpost: too long symbol "_ZN4core3fmt9Formatter9write_str_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" [drivers/gpu/x.ko]',
		),
	],
	"old-tree-new-tools": [
		m(
			"Makefile:406: *** mixed implicit and normal rules: deprecated syntax\nmake: *** No rule to make target 'silentoldconfig'.  Stop.",
			{ tool: "make", file: "Makefile" },
		),
		m("/usr/src/linux-2.6.24/Makefile:1503: *** mixed implicit and normal rules.  Stop.", {
			file: "/usr/src/linux-2.6.24/Makefile",
		}),
		m(
			"Can't use 'defined(@array)' (Maybe you should just omit the defined()?) at kernel/timeconst.pl line 373.\nmake[1]: *** [kernel/Makefile:130: kernel/timeconst.h] Error 255",
			{ tool: "perl", file: "kernel/timeconst.pl" },
		),
	],
	"file-outside-tree": [
		m(
			"cc1: error: cannot load plugin /opt/vendor/kasan_plugin.so: /opt/vendor/kasan_plugin.so: cannot open shared object file: No such file or directory",
			{ path: "/opt/vendor/kasan_plugin.so" },
		),
		m("clang: error: no such file or directory: '/opt/vendor/cfi_blacklist.txt'", {
			path: "/opt/vendor/cfi_blacklist.txt",
		}),
		m("cc1: fatal error: inaccessible plugin file /opt/x/plug.so expanded from short plugin name", {
			path: "/opt/x/plug.so",
		}),
	],
};
