import { type Message, m } from "./message.ts";

/**
 * What real makes said when one thing was missing or wrong: printed by test/e2e/makes.test.ts (KPREP_MAKES=all,
 * KPREP_MAKES_PRINT=1), which plays them anew; over each what was typed there. Progress lines are left out, paths are
 * shortened. Kernels 6.1 and 6.12, gcc 12, binutils 2.40, GNU Make 4.3, dash, bash.
 */
export const realMakes: Record<string, Message[]> = {
	"arch-variable-wrong": [
		// ARCH=amd64: kb ARCH=amd64 SRCARCH=amd64
		m(
			"/usr/src/linux-headers-6.12.117+deb12-common/Makefile:772: /usr/src/linux-headers-6.12.117+deb12-common/arch/amd64/Makefile: No such file or directory\nmake[1]: *** No rule to make target '/usr/src/linux-headers-6.12.117+deb12-common/arch/amd64/Makefile'.  Stop.\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "arch/amd64/Makefile" },
		),
		// a compiler for another architecture: CC=aarch64-linux-gnu-gcc; kb
		m(
			"aarch64-linux-gnu-gcc: error: unrecognized argument in option ‘-mcmodel=kernel’\naarch64-linux-gnu-gcc: note: valid arguments to ‘-mcmodel=’ are: large small tiny\naarch64-linux-gnu-gcc: error: unrecognized command-line option ‘-mno-sse’; did you mean ‘-fno-dse’?\naarch64-linux-gnu-gcc: error: unrecognized command-line option ‘-mno-mmx’\naarch64-linux-gnu-gcc: error: unrecognized command-line option ‘-mno-sse2’\naarch64-linux-gnu-gcc: error: unrecognized command-line option ‘-mno-3dnow’\naarch64-linux-gnu-gcc: error: unrecognized command-line option ‘-mno-avx’\naarch64-linux-gnu-gcc: error: unrecognized command-line option ‘-m64’\naarch64-linux-gnu-gcc: error: unrecognized command-line option ‘-mno-80387’\naarch64-linux-gnu-gcc: error: unrecognized command-line option ‘-mno-red-zone’\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
		),
		// ARCH=aarch64: mkdir out; mk ARCH=aarch64 defconfig
		m(
			"/usr/src/linux/Makefile:707: /usr/src/linux/arch/aarch64/Makefile: No such file or directory\nmake[1]: *** No rule to make target '/usr/src/linux/arch/aarch64/Makefile'.  Stop.\nmake: *** [Makefile:250: __sub-make] Error 2",
			{ fact: "arch/aarch64/Makefile" },
		),
	],
	"benign-noise": [
		// a clock that was wrong: touch -d '2 days' m/m.c; kb
		m(
			"make[2]: Warning: File '/home/user/m/m.c' has modification time 172797 s in the future\nmake[2]: warning:  Clock skew detected.  Your build may be incomplete.",
		),
	],
	"btf-generation-failed": [
		// a vmlinux without BTF: objtree; echo CONFIG_DEBUG_INFO_BTF_MODULES=y
		// >>$OBJ/include/config/auto.conf; rm -f $OBJ/vmlinux; echo 'int x;' >v.c; $CC -c -o $OBJ/vmlinux v.c;
		// kb
		m(
			"libbpf: failed to find '.BTF' ELF section in vmlinux\nFailed to parse base BTF 'vmlinux': -2\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modfinal:64: /home/user/m/m.ko] Error 1\nmake[2]: *** Deleting file '/home/user/m/m.ko'\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1941: modules] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
		),
	],
	"build-dir-missing": [
		// no headers: make -C /lib/modules/0.0.0-none/build M=$PWD/m modules
		m("make: *** /lib/modules/0.0.0-none/build: No such file or directory.  Stop.", { fact: "0.0.0-none" }),
	],
	"clang-built-kernel": [
		// options of clang: kb KCFLAGS='-Qunused-arguments -mretpoline-external-thunk'
		m(
			"gcc-12: error: unrecognized command-line option ‘-Qunused-arguments’\ngcc-12: error: unrecognized command-line option ‘-mretpoline-external-thunk’\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "-Qunused-arguments" },
		),
	],
	"compiler-flag-unsupported": [
		// an option that the compiler does not know: kb KCFLAGS=-fkprep-no-such-option
		m(
			"gcc-12: error: unrecognized command-line option ‘-fkprep-no-such-option’\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "-fkprep-no-such-option" },
		),
		// position-independent code: kb KCFLAGS=-fpic
		m(
			"cc1: error: code model kernel does not support PIC mode\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
		),
		// an old compiler: out; CC='gcc -U__GNUC__ -D__GNUC__=4 -U__GNUC_MINOR__ -D__GNUC_MINOR__=8'; mk
		// olddefconfig
		m(
			"***\n*** C compiler is too old.\n***   Your GCC version:    4.8.0\n***   Minimum GCC version: 5.1.0\n***\nscripts/Kconfig.include:44: Sorry, this C compiler is not supported.\nmake[2]: *** [/usr/src/linux/scripts/kconfig/Makefile:77: olddefconfig] Error 1\nmake[1]: *** [/usr/src/linux/Makefile:714: olddefconfig] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2",
		),
	],
	"disk-full": [
		// a full disk: cp -r m n; mount -t tmpfs -o size=16k tmpfs m; cp n/* m; kb
		m(
			'/home/user/m/m.c:4:1: fatal error: closing dependency file /home/user/m/.m.o.d: No space left on device\n    4 | MODULE_LICENSE("GPL");\n      | ^~~~~~~~~~~~~~\ncompilation terminated.\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2',
		),
	],
	"duplicate-export": [
		// exported twice: symbol=$(awk '$3 == "vmlinux" && $2 ~ /^pci_/ { print $2; exit }'
		// $OBJ/Module.symvers); sed -i "s/KPREP_SYMBOL/$symbol/" m/m.c; kb
		m(
			"/home/user/m/m.c:2:5: warning: no previous prototype for ‘pci_map_biosrom’ [-Wmissing-prototypes]\n    2 | int pci_map_biosrom(void) { return 0; }\n      |     ^~~~~~~~~~~~~~~\nERROR: modpost: /home/user/m/m: 'pci_map_biosrom' exported twice. Previous export was in vmlinux\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modpost:145: /home/user/m/Module.symvers] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1960: modpost] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "pci_" },
		),
	],
	"empty-m": [
		// an empty M: objtree; echo make -C $OBJ M= modules; make -C $OBJ -f $SRC/Makefile KBUILD_OUTPUT=$OBJ
		// M= modules
		m(
			"make -C /usr/src/objtree M= modules\n/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:41: /usr/src/linux-headers-6.12.117+deb12-common/scripts/basic/Makefile: No such file or directory\nmake[3]: *** No rule to make target '/usr/src/linux-headers-6.12.117+deb12-common/scripts/basic/Makefile'.  Stop.\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:641: scripts_basic] Error 2\n/usr/src/linux-headers-6.12.117+deb12-common/Makefile:779: include/config/auto.conf.cmd: No such file or directory\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:802: include/config/auto.conf.cmd] Error 2\nmake[1]: *** [include/config/auto.conf.cmd] Deleting file 'include/generated/rustc_cfg'\nmake[1]: *** [include/config/auto.conf.cmd] Deleting file 'include/generated/autoconf.h'\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
		),
	],
	"flex-missing": [
		// no flex: out; rm -r out/scripts; without flex; mk olddefconfig
		m(
			"/bin/sh: 1: flex: not found\nmake[2]: *** [/usr/src/linux/scripts/Makefile.host:9: scripts/kconfig/lexer.lex.c] Error 127\nmake[1]: *** [/usr/src/linux/Makefile:714: olddefconfig] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2",
			{ fact: "flex" },
		),
		// no bison: out; rm -r out/scripts; without bison; mk olddefconfig
		m(
			"/bin/sh: 1: bison: not found\nmake[2]: *** [/usr/src/linux/scripts/Makefile.host:17: scripts/kconfig/parser.tab.h] Error 127\nmake[1]: *** [/usr/src/linux/Makefile:714: olddefconfig] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2",
			{ fact: "bison" },
		),
	],
	"gcc-plugin-mismatch": [
		// a plugin that is not there: kb KCFLAGS=-fplugin=./scripts/gcc-plugins/structleak_plugin.so
		m(
			"cc1: error: cannot load plugin ./scripts/gcc-plugins/structleak_plugin.so: ./scripts/gcc-plugins/structleak_plugin.so: cannot open shared object file: No such file or directory\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
		),
		// a plugin for another gcc: objtree; mkdir -p $OBJ/scripts/gcc-plugins; echo 'int
		// plugin_is_GPL_compatible; int plugin_init(void *a, void *b) { return 1; }' >p.c; $CC -shared -fPIC
		// -o $OBJ/scripts/gcc-plugins/structleak_plugin.so p.c; kb
		// KCFLAGS=-fplugin=./scripts/gcc-plugins/structleak_plugin.so
		m(
			"cc1: error: failed to initialize plugin ./scripts/gcc-plugins/structleak_plugin.so\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "scripts/gcc-plugins/structleak_plugin.so" },
		),
		// no headers of gcc's plugins: out; printf 'CONFIG_GCC_PLUGINS=y\nCONFIG_GCC_PLUGIN_STACKLEAK=y\n'
		// >>out/include/config/auto.conf; h=$(gcc -print-file-name=plugin)/include/gcc-plugin.h; [ ! -e $h ]
		// || hide $h; mk scripts
		m(
			'In file included from /usr/src/linux/scripts/gcc-plugins/stackleak_plugin.c:30:\n/usr/src/linux/scripts/gcc-plugins/gcc-common.h:5:10: fatal error: bversion.h: No such file or directory\n    5 | #include "bversion.h"\n      |          ^~~~~~~~~~~~\ncompilation terminated.\nmake[3]: *** [/usr/src/linux/scripts/gcc-plugins/Makefile:54: scripts/gcc-plugins/stackleak_plugin.so] Error 1\nmake[2]: *** [/usr/src/linux/scripts/Makefile.build:508: scripts/gcc-plugins] Error 2\nmake[1]: *** [/usr/src/linux/Makefile:1314: scripts] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2',
		),
	],
	"gpl-only-symbol": [
		// a GPL-only symbol: kb
		m(
			"/home/user/m/m.c:3:5: warning: no previous prototype for ‘kprep_one’ [-Wmissing-prototypes]\n    3 | int kprep_one(void) { return (int)(long)bus_register; }\n      |     ^~~~~~~~~\nERROR: modpost: GPL-incompatible module m.ko uses GPL-only symbol 'bus_register'\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modpost:145: /home/user/m/Module.symvers] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1960: modpost] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "bus_register" },
		),
	],
	"host-tools-missing": [
		// no fixdep: objtree; rm $OBJ/scripts/basic/fixdep; kb
		m(
			"/bin/sh: 1: scripts/basic/fixdep: not found\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 127\nmake[2]: *** Deleting file '/home/user/m/m.o'\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "scripts/basic/fixdep" },
		),
		// no modpost: objtree; rm $OBJ/scripts/mod/modpost; kb
		m(
			"make[2]: *** No rule to make target 'scripts/mod/modpost', needed by '/home/user/m/Module.symvers'.  Stop.\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1960: modpost] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "scripts/mod/modpost" },
		),
	],
	"host-tools-wrong-arch": [
		// fixdep of another machine: objtree; rm $OBJ/scripts/basic/fixdep; printf
		// '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\267\0\1\0\0\0' >$OBJ/scripts/basic/fixdep; chmod +x
		// $OBJ/scripts/basic/fixdep; kb
		m(
			"/bin/sh: 1: scripts/basic/fixdep: Exec format error\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 126\nmake[2]: *** Deleting file '/home/user/m/m.o'\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "scripts/basic/fixdep" },
		),
		// fixdep of another machine, in bash: objtree; rm $OBJ/scripts/basic/fixdep; printf
		// '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\267\0\1\0\0\0' >$OBJ/scripts/basic/fixdep; chmod +x
		// $OBJ/scripts/basic/fixdep; kb SHELL=/bin/bash CONFIG_SHELL=/bin/bash
		m(
			"/bin/bash: line 1: scripts/basic/fixdep: cannot execute binary file: Exec format error\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 126\nmake[2]: *** Deleting file '/home/user/m/m.o'\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "scripts/basic/fixdep" },
		),
	],
	"kconfig-restart": [
		// a question that nobody answers: out; sed -i /CONFIG_MODVERSIONS/d out/.config; mk syncconfig
		m(
			"*\n* Restart config...\n*\n*\n* Enable loadable module support\n*\nEnable loadable module support (MODULES) [Y/n/?] y\n  Forced module loading (MODULE_FORCE_LOAD) [Y/n/?] y\n  Module unloading (MODULE_UNLOAD) [Y/n/?] y\n    Forced module unloading (MODULE_FORCE_UNLOAD) [Y/n/?] y\n  Allow loading of modules with missing namespace imports (MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS) [N/y/?] n\n  Path to modprobe binary (MODPROBE_PATH) [/sbin/modprobe] /sbin/modprobe\n  Trim unused exported kernel symbols (TRIM_UNUSED_KSYMS) [N/y/?] n",
		),
		// oldconfig without an answer: out; sed -i /CONFIG_MODVERSIONS/d out/.config; mk oldconfig
		m(
			"*\n* Restart config...\n*\n*\n* Enable loadable module support\n*\nEnable loadable module support (MODULES) [Y/n/?] y\n  Forced module loading (MODULE_FORCE_LOAD) [Y/n/?] y\n  Module unloading (MODULE_UNLOAD) [Y/n/?] y\n    Forced module unloading (MODULE_FORCE_UNLOAD) [Y/n/?] y\n#\n# configuration written to .config\n#",
		),
	],
	"libelf-missing": [
		// no headers of libelf: out; rm -r out/tools/objtool; hide /usr/include/gelf.h /usr/include/libelf.h;
		// mk prepare
		m(
			"<stdin>:1:10: fatal error: libelf.h: No such file or directory\ncompilation terminated.\nIn file included from /usr/src/linux/tools/objtool/include/objtool/objtool.h:13,\n                 from /usr/src/linux/tools/objtool/include/objtool/arch.h:11,\n                 from /usr/src/linux/tools/objtool/include/objtool/check.h:11,\n                 from /usr/src/linux/tools/objtool/include/objtool/special.h:10,\n                 from arch/x86/special.c:4:\n/usr/src/linux/tools/objtool/include/objtool/elf.h:10:10: fatal error: gelf.h: No such file or directory\n   10 | #include <gelf.h>\n      |          ^~~~~~~~\nmake[2]: *** [Makefile:73: objtool] Error 2\nmake[1]: *** [/usr/src/linux/Makefile:1497: tools/objtool] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2",
		),
		// no library of libelf: out; rm out/tools/objtool/objtool; hide $(gcc -print-file-name=libelf.so |
		// xargs dirname)/libelf.so $(gcc -print-file-name=libelf.so | xargs dirname)/libelf.a; mk prepare
		m(
			"/usr/bin/ld: cannot find -lelf: No such file or directory\ncollect2: error: ld returned 1 exit status\nmake[3]: *** [Makefile:57: /usr/src/objtree/tools/objtool/objtool] Error 1\nmake[2]: *** [Makefile:73: objtool] Error 2\nmake[1]: *** [/usr/src/linux/Makefile:1497: tools/objtool] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2",
			{ fact: "-lelf" },
		),
	],
	"missing-module-license": [
		// no licence: kb
		m(
			"ERROR: modpost: missing MODULE_LICENSE() in /home/user/m/m.o\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modpost:145: /home/user/m/Module.symvers] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1960: modpost] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
		),
	],
	"modpost-undefined": [
		// a symbol that nothing exports: kb
		m(
			'/home/user/m/m.c:3:5: warning: no previous prototype for ‘kprep_one’ [-Wmissing-prototypes]\n    3 | int kprep_one(void) { return kprep_nothing(); }\n      |     ^~~~~~~~~\nERROR: modpost: "kprep_nothing" [/home/user/m/m.ko] undefined!\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modpost:145: /home/user/m/Module.symvers] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1960: modpost] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2',
			{ fact: "kprep_nothing" },
		),
	],
	"module-lds-missing": [
		// no module.lds: objtree; find $OBJ -name module.lds -delete; kb
		m(
			"x86_64-linux-gnu-ld: cannot open linker script file -o: No such file or directory\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modfinal:63: /home/user/m/m.ko] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1941: modules] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
		),
	],
	"module-not-found": [
		// modprobe of what there is not: modprobe kprep-no-such-module
		m("modprobe: FATAL: Module kprep-no-such-module not found in directory /lib/modules/6.18.44-fc-v769", {
			fact: "kprep-no-such-module",
		}),
	],
	"noexec-mount": [
		// fixdep on a noexec mount: objtree; cp -L $OBJ/scripts/basic/fixdep fixdep; mount -t tmpfs -o noexec
		// tmpfs $OBJ/scripts/basic; cp fixdep $OBJ/scripts/basic; kb
		m(
			"/bin/sh: 1: scripts/basic/fixdep: Permission denied\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 126\nmake[2]: *** Deleting file '/home/user/m/m.o'\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "scripts/basic/fixdep" },
		),
	],
	"not-a-kernel-tree": [
		// a folder without a Makefile: mkdir empty; make -C empty M=$PWD/m modules
		m("make: *** No rule to make target 'modules'.  Stop."),
		// modules_prepare beside the tree: mkdir empty; make -C empty modules_prepare
		m("make: *** No rule to make target 'modules_prepare'.  Stop."),
	],
	"objtool-missing": [
		// no objtool: objtree; rm $OBJ/tools/objtool/objtool; kb
		m(
			"/bin/sh: 1: ./tools/objtool/objtool: not found\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 127\nmake[2]: *** Deleting file '/home/user/m/m.o'\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "tools/objtool/objtool" },
		),
	],
	"openssl-headers-missing": [
		// no headers of OpenSSL: out; rm -f out/scripts/sign-file; mount -t tmpfs tmpfs /usr/include/openssl;
		// mk scripts
		m(
			"/usr/src/linux/scripts/sign-file.c:25:10: fatal error: openssl/opensslv.h: No such file or directory\n   25 | #include <openssl/opensslv.h>\n      |          ^~~~~~~~~~~~~~~~~~~~\ncompilation terminated.\nmake[2]: *** [/usr/src/linux/scripts/Makefile.host:114: scripts/sign-file] Error 1\nmake[1]: *** [/usr/src/linux/Makefile:1314: scripts] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2",
			{ fact: "openssl/" },
		),
	],
	"pahole-missing": [
		// no pahole for BTF of a module: objtree; echo CONFIG_DEBUG_INFO_BTF_MODULES=y
		// >>$OBJ/include/config/auto.conf; rm -f $OBJ/vmlinux; cp m/m.c $OBJ/vmlinux; without pahole; kb
		m(
			"/bin/sh: 1: pahole: not found\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modfinal:64: /home/user/m/m.ko] Error 127\nmake[2]: *** Deleting file '/home/user/m/m.ko'\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1941: modules] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
		),
	],
	"path-with-space": [
		// a path with a space: mv m 'a b'; M='a b'; M=$PWD/$M; kb
		m(
			"/usr/src/linux-headers-6.12.117+deb12-common/Makefile:149: *** building multiple external modules is not supported.  Stop.",
		),
		// a tree with a space: cp -al $SRC 'a b'; make -C 'a b' defconfig
		m("Makefile:219: *** source directory cannot contain spaces or colons.  Stop."),
	],
	"signing-key-missing": [
		// no key to sign with: kb >/dev/null; $OBJ/scripts/sign-file sha256 certs/signing_key.pem
		// certs/signing_key.x509 m/m.ko
		m(
			"At main.c:171:\n- SSL error:FFFFFFFF80000002:system library::No such file or directory: ../crypto/bio/bss_file.c:67\n- SSL error:10000080:BIO routines::no such file: ../crypto/bio/bss_file.c:75\nsign-file: certs/signing_key.pem",
			{ fact: "certs/signing_key.pem" },
		),
		// a signing key that is not there: out; $SRC/scripts/config --file out/.config -e MODULE_SIG -e
		// MODULE_SIG_ALL --set-str SYSTEM_TRUSTED_KEYS '' --set-str MODULE_SIG_KEY certs/kprep-key.pem; mk -s
		// olddefconfig; mk certs/
		m(
			"  CERT    certs/x509_certificate_list\nmake[3]: *** No rule to make target 'certs/kprep-key.pem', needed by 'certs/signing_key.x509'.  Stop.\nmake[2]: *** [/usr/src/linux/scripts/Makefile.build:508: certs] Error 2\nmake[1]: *** [/usr/src/linux/Makefile:2065: .] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2",
			{ fact: "certs/kprep-key.pem" },
		),
	],
	"subdirs-obsolete": [
		// SUBDIRS: objtree; echo make -C $OBJ SUBDIRS=$PWD/m modules; make -C $OBJ -f $SRC/Makefile
		// KBUILD_OUTPUT=$OBJ SUBDIRS=$PWD/m modules
		m(
			"make -C /usr/src/objtree SUBDIRS=/home/user/m modules\n/usr/src/linux-headers-6.12.117+deb12-common/Makefile:141: =============== ERROR ==============\n/usr/src/linux-headers-6.12.117+deb12-common/Makefile:142: 'SUBDIRS' was removed in Linux 5.3\n/usr/src/linux-headers-6.12.117+deb12-common/Makefile:143: Use 'M=' or 'KBUILD_EXTMOD=' instead\n/usr/src/linux-headers-6.12.117+deb12-common/Makefile:144: ====================================\n/usr/src/linux-headers-6.12.117+deb12-common/Makefile:145: *** ..  Stop.",
		),
	],
	"symbol-name-too-long": [
		// a name that is too long: objtree; printf
		// '0x12345678\tkprep_a_name_that_does_not_fit_into_the_table_of_the_versions_of_symbols\tvmlinux\tEXPORT_SYMBOL\t\n'
		// >>$OBJ/Module.symvers; kb
		m(
			'/home/user/m/m.c:3:5: warning: no previous prototype for ‘kprep_one’ [-Wmissing-prototypes]\n    3 | int kprep_one(void) { return kprep_a_name_that_does_not_fit_into_the_table_of_the_versions_of_symbols(); }\n      |     ^~~~~~~~~\nERROR: modpost: too long symbol "kprep_a_name_that_does_not_fit_into_the_table_of_the_versions_of_symbols" [/home/user/m/m.ko]\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modpost:145: /home/user/m/Module.symvers] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1960: modpost] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2',
			{ fact: "kprep_a_name_that_does_not_fit_into_the_table_of_the_versions_of_symbols" },
		),
	],
	"symbol-namespace": [
		// a symbol of a namespace: symbol=$(awk -F'\t' '$3 == "vmlinux" && $5 ~ /^[A-Z_]+$/ { print $2; exit
		// }' $OBJ/Module.symvers); sed -i "s/KPREP_SYMBOL/$symbol/" m/m.c; kb
		m(
			"/home/user/m/m.c:3:5: warning: no previous prototype for ‘kprep_one’ [-Wmissing-prototypes]\n    3 | int kprep_one(void) { return cpu_cache_has_invalidate_memregion(); }\n      |     ^~~~~~~~~\nERROR: modpost: module m uses symbol cpu_cache_has_invalidate_memregion from namespace DEVMEM, but does not import it.\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modpost:145: /home/user/m/Module.symvers] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1960: modpost] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
		),
	],
	"symvers-malformed": [
		// a broken Module.symvers: objtree; rm $OBJ/Module.symvers; echo 'printk 0x1234' >$OBJ/Module.symvers;
		// kb
		m(
			"ERROR: modpost: parse error in symbol dump file\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modpost:145: /home/user/m/Module.symvers] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1960: modpost] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
		),
	],
	"symvers-missing": [
		// no Module.symvers: objtree; rm $OBJ/Module.symvers; kb
		m(
			'WARNING: Module.symvers is missing.\n         Modules may not have dependencies or modversions.\n         You may get many unresolved symbol errors.\n         You can set KBUILD_MODPOST_WARN=1 to turn errors into warning\n         if you want to proceed at your own risk.\nERROR: modpost: "__x86_return_thunk" [/home/user/m/m.ko] undefined!\nERROR: modpost: "__fentry__" [/home/user/m/m.ko] undefined!\nERROR: modpost: "module_layout" [/home/user/m/m.ko] undefined!\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modpost:145: /home/user/m/Module.symvers] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1960: modpost] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2',
			{ fact: "Module.symvers" },
		),
	],
	"toolchain-missing": [
		// no compiler: without gcc $CC cc; kb
		m(
			"/bin/sh: 1: gcc-12: not found\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 127\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "gcc" },
		),
		// a cross compiler that is not there: CC=kprep-none-linux-gnu-gcc; kb
		// CROSS_COMPILE=kprep-none-linux-gnu-
		m(
			"/bin/sh: 1: kprep-none-linux-gnu-gcc: not found\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 127\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "kprep-none-linux-gnu-gcc" },
		),
		// no linker: without ld ld.bfd x86_64-linux-gnu-ld; kb
		m(
			"/bin/sh: 1: x86_64-linux-gnu-ld: not found\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modfinal:63: /home/user/m/m.ko] Error 127\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1941: modules] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "ld" },
		),
		// no zstd for modules_install: objtree; echo CONFIG_MODULE_COMPRESS_ZSTD=y
		// >>$OBJ/include/config/auto.conf; kb >/dev/null; without zstd; make -C $OBJ -f $SRC/Makefile
		// KBUILD_OUTPUT=$OBJ M=$PWD/m INSTALL_MOD_PATH=$PWD/root DEPMOD=true modules_install
		m(
			"At main.c:171:\n- SSL error:FFFFFFFF80000002:system library::No such file or directory: ../crypto/bio/bss_file.c:67\n- SSL error:10000080:BIO routines::no such file: ../crypto/bio/bss_file.c:75\nsign-file: ./output/signing_key.pem\n/bin/sh: 1: zstd: not found\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modinst:162: /home/user/root/lib/modules/6.12.117+deb12-cloud-amd64/updates/m.ko.zst] Error 127\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1916: modules_install] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "zstd" },
		),
		// no bc: out; rm out/include/generated/timeconst.h; without bc; mk prepare
		m(
			"/bin/sh: 1: bc: not found\nmake[2]: *** [/usr/src/linux/./Kbuild:24: include/generated/timeconst.h] Error 127\nmake[1]: *** [/usr/src/linux/Makefile:1331: prepare0] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2",
			{ fact: "bc" },
		),
		// no perl: out; without perl; mk lib/oid_registry.o
		m(
			"/bin/sh: 1: perl: not found\nmake[3]: *** [/usr/src/linux/lib/Makefile:343: lib/oid_registry_data.c] Error 127\nmake[2]: *** [/usr/src/linux/scripts/Makefile.build:508: lib] Error 2\nmake[1]: *** [/usr/src/linux/Makefile:2065: .] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2",
			{ fact: "perl" },
		),
		// no python3: out; rm -r out/tools/bpf; without python3; mk prepare
		m(
			"/usr/bin/env: ‘python3’: No such file or directory\nmake[4]: *** [Makefile:160: /usr/src/objtree/tools/bpf/resolve_btfids/libbpf/bpf_helper_defs.h] Error 127\nmake[4]: *** Deleting file '/usr/src/objtree/tools/bpf/resolve_btfids/libbpf/bpf_helper_defs.h'\nmake[3]: *** [Makefile:63: /usr/src/objtree/tools/bpf/resolve_btfids//libbpf/libbpf.a] Error 2\nmake[2]: *** [Makefile:76: bpf/resolve_btfids] Error 2\nmake[1]: *** [/usr/src/linux/Makefile:1497: tools/bpf/resolve_btfids] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2",
			{ fact: "python3" },
		),
		// LLVM without clang: out; without clang; unset CC; make -C $SRC O=$PWD/out LLVM=1 olddefconfig
		m(
			"/bin/sh: 1: clang: not found\nmake[2]: *** [/usr/src/linux/scripts/Makefile.host:114: scripts/basic/fixdep] Error 127\nmake[1]: *** [/usr/src/linux/Makefile:650: scripts_basic] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2",
			{ fact: "clang" },
		),
	],
	"tree-not-clean": [
		// a source that was built in: cp -al $SRC src; SRC=$PWD/src; out; cp out/.config src/.config; mk
		// olddefconfig
		m(
			"***\n*** The source tree is not clean, please run 'make mrproper'\n*** in /home/user/src\n***\nmake[1]: *** [/home/user/src/Makefile:668: outputmakefile] Error 1\nmake: *** [Makefile:250: __sub-make] Error 2",
		),
	],
	"tree-not-prepared": [
		// no configuration: objtree; rm $OBJ/include/config/auto.conf $OBJ/include/generated/autoconf.h; kb
		m(
			"  ERROR: Kernel configuration is invalid.\n         include/generated/autoconf.h or include/config/auto.conf are missing.\n         Run 'make oldconfig && make prepare' on kernel src to fix it.\n/usr/src/linux-headers-6.12.117+deb12-common/Makefile:751: include/config/auto.conf: No such file or directory\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:810: include/config/auto.conf] Error 1\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
		),
		// no utsrelease.h: objtree; rm $OBJ/include/generated/utsrelease.h; kb
		m(
			"In file included from /usr/src/linux-headers-6.12.117+deb12-common/scripts/module-common.c:11:\n/usr/src/linux-headers-6.12.117+deb12-common/include/linux/vermagic.h:9:10: fatal error: generated/utsrelease.h: No such file or directory\n    9 | #include <generated/utsrelease.h>\n      |          ^~~~~~~~~~~~~~~~~~~~~~~~\ncompilation terminated.\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.modfinal:34: /home/user/m/.module-common.o] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:1941: modules] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
			{ fact: "generated/utsrelease.h" },
		),
		// never configured: mkdir out; mk modules_prepare
		m(
			'***\n*** Configuration file ".config" not found!\n***\n*** Please run some configurator (e.g. "make oldconfig" or\n*** "make menuconfig" or "make xconfig").\n***\n/usr/src/linux/Makefile:786: include/config/auto.conf.cmd: No such file or directory\nmake[1]: *** [/usr/src/linux/Makefile:795: .config] Error 1\nmake: *** [Makefile:250: __sub-make] Error 2',
			{ fact: ".config" },
		),
		// a tree that is no tree: cp -al $SRC src; rm -r src/init; SRC=$PWD/src; out; mk olddefconfig
		m(
			'Kconfig:10: can\'t open file "init/Kconfig"\nmake[2]: *** [/home/user/src/scripts/kconfig/Makefile:77: olddefconfig] Error 1\nmake[1]: *** [/home/user/src/Makefile:714: olddefconfig] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2\n ❯ test/e2e/makes.test.ts (111 tests | 6 failed | 2 skipped) 215990ms',
		),
		// oldconfig in headers: objtree; echo make -C $OBJ oldconfig; make -C $OBJ -f $SRC/Makefile
		// KBUILD_OUTPUT=$OBJ oldconfig
		m(
			"make -C /usr/src/objtree oldconfig\n/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:41: /usr/src/linux-headers-6.12.117+deb12-common/scripts/basic/Makefile: No such file or directory\nmake[2]: *** No rule to make target '/usr/src/linux-headers-6.12.117+deb12-common/scripts/basic/Makefile'.  Stop.\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:641: scripts_basic] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
		),
	],
	"tree-not-writable": [
		// a read-only folder: mount --bind -o ro m m; mount -o remount,bind,ro m; kb
		m(
			"mkdir: cannot create directory ‘/home/user/m/.tmp_31899’: Read-only file system\nmkdir: cannot create directory ‘/home/user/m/.tmp_31906’: Read-only file system\nmkdir: cannot create directory ‘/home/user/m/.tmp_31918’: Read-only file system\nmkdir: cannot create directory ‘/home/user/m/.tmp_31922’: Read-only file system\nmkdir: cannot create directory ‘/home/user/m/.tmp_31926’: Read-only file system\nmkdir: cannot create directory ‘/home/user/m/.tmp_31929’: Read-only file system\nmkdir: cannot create directory ‘/home/user/m/.tmp_31938’: Read-only file system\nmkdir: cannot create directory ‘/home/user/m/.tmp_31942’: Read-only file system\nmkdir: cannot create directory ‘/home/user/m/.tmp_31951’: Read-only file system\nmkdir: cannot create directory ‘/home/user/m/.tmp_31957’: Read-only file system\nmake[2]: *** [/usr/src/linux-headers-6.12.117+deb12-common/scripts/Makefile.build:234: /home/user/m/m.o] Error 1\nmake[1]: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:2008: /home/user/m] Error 2\nmake: *** [/usr/src/linux-headers-6.12.117+deb12-common/Makefile:236: __sub-make] Error 2",
		),
		// a read-only output folder: out; rm out/include/generated/utsrelease.h; mount --bind out out; mount
		// -o remount,bind,ro out; mk prepare
		m(
			"mkdir: cannot create directory ‘.tmp_4320’: Read-only file system\nmkdir: cannot create directory ‘.tmp_4323’: Read-only file system\nmkdir: cannot create directory ‘.tmp_4326’: Read-only file system\nmkdir: cannot create directory ‘.tmp_4329’: Read-only file system\nmkdir: cannot create directory ‘.tmp_4332’: Read-only file system\nmkdir: cannot create directory ‘.tmp_4335’: Read-only file system\nmkdir: cannot create directory ‘.tmp_4338’: Read-only file system\nmkdir: cannot create directory ‘.tmp_4341’: Read-only file system\nmkdir: cannot create directory ‘.tmp_4344’: Read-only file system\nmkdir: cannot create directory ‘.tmp_4347’: Read-only file system\nln: failed to create symbolic link 'source': Read-only file system\nmake[1]: *** [/usr/src/linux/Makefile:669: outputmakefile] Error 1\nmake: *** [Makefile:250: __sub-make] Error 2",
		),
	],
	"trusted-keys-missing": [
		// a certificate of the distribution: out; $SRC/scripts/config --file out/.config --set-str
		// SYSTEM_TRUSTED_KEYS debian/certs/kprep-test.pem; mk -s olddefconfig; mk certs/
		m(
			"make[3]: *** No rule to make target 'debian/certs/kprep-test.pem', needed by 'certs/x509_certificate_list'.  Stop.\nmake[2]: *** [/usr/src/linux/scripts/Makefile.build:508: certs] Error 2\nmake[1]: *** [/usr/src/linux/Makefile:2065: .] Error 2\nmake: *** [Makefile:250: __sub-make] Error 2",
			{ fact: "debian/certs/kprep-test.pem" },
		),
	],
	"unknown-symbol": [
		// depmod of a module whose symbols nothing has: kb KBUILD_MODPOST_WARN=1 >/dev/null 2>&1; mkdir -p
		// root/lib/modules/1.2.3; cp m/m.ko root/lib/modules/1.2.3; : >System.map; depmod -b root -e -F
		// System.map 1.2.3
		m(
			"depmod: WARNING: could not open modules.order at /home/user/root/lib/modules/1.2.3: No such file or directory\ndepmod: WARNING: /home/user/root/lib/modules/1.2.3/m.ko needs unknown symbol __fentry__\ndepmod: WARNING: /home/user/root/lib/modules/1.2.3/m.ko needs unknown symbol kprep_nothing\ndepmod: WARNING: /home/user/root/lib/modules/1.2.3/m.ko needs unknown symbol module_layout\ndepmod: WARNING: could not open modules.builtin at /home/user/root/lib/modules/1.2.3: No such file or directory\ndepmod: WARNING: could not open modules.builtin.modinfo at /home/user/root/lib/modules/1.2.3: No such file or directory",
			{ fact: "kprep_nothing" },
		),
	],
};
