import type { Scene } from "./scene.ts";

/** An ELF header of an AArch64 program, and nothing behind it. */
const FOREIGN = String.raw`printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\267\0\1\0\0\0' >`;

const module = (body: string, licence = "GPL") =>
	`#include <linux/module.h>\n${body}\n${licence === "" ? "" : `MODULE_LICENSE("${licence}");\n`}`;

/** What goes wrong with the packaged headers of a kernel: about a second each. */
export const headersScenes: Scene[] = [
	{
		name: "no headers",
		id: "build-dir-missing",
		script: "make -C /lib/modules/0.0.0-none/build M=$PWD/m modules",
		names: "0.0.0-none",
		quick: true,
	},
	{
		name: "a folder without a Makefile",
		id: "not-a-kernel-tree",
		script: "mkdir empty; make -C empty M=$PWD/m modules",
		quick: true,
	},
	{
		name: "modules_prepare beside the tree",
		id: "not-a-kernel-tree",
		script: "mkdir empty; make -C empty modules_prepare",
		quick: true,
	},
	{
		name: "no configuration",
		id: "tree-not-prepared",
		script: "objtree; rm $OBJ/include/config/auto.conf $OBJ/include/generated/autoconf.h; kb",
		quick: true,
	},
	{
		name: "no utsrelease.h",
		id: "tree-not-prepared",
		script: "objtree; rm $OBJ/include/generated/utsrelease.h; kb",
		names: "generated/utsrelease.h",
	},
	{
		name: "no Module.symvers",
		id: "symvers-missing",
		script: "objtree; rm $OBJ/Module.symvers; kb",
		names: "Module.symvers",
	},
	{
		name: "a broken Module.symvers",
		id: "symvers-malformed",
		script: "objtree; rm $OBJ/Module.symvers; echo 'printk 0x1234' >$OBJ/Module.symvers; kb",
	},
	{
		name: "a symbol that nothing exports",
		id: "modpost-undefined",
		source: module("int kprep_nothing(void);\nint kprep_one(void) { return kprep_nothing(); }"),
		script: "kb",
		names: "kprep_nothing",
	},
	{ name: "no licence", id: "missing-module-license", source: module("", ""), script: "kb" },
	{
		name: "a GPL-only symbol",
		id: "gpl-only-symbol",
		source: module("int kprep_one(void) { return (int)(long)bus_register; }", "Proprietary").replace(
			"module.h>",
			"module.h>\n#include <linux/device.h>",
		),
		script: "kb",
		names: "bus_register",
	},
	{
		name: "a symbol of a namespace",
		id: "symbol-namespace",
		source: module("int KPREP_SYMBOL(void);\nint kprep_one(void) { return KPREP_SYMBOL(); }"),
		script:
			"symbol=$(awk -F'\\t' '$3 == \"vmlinux\" && $5 ~ /^[A-Z_]+$/ { print $2; exit }' $OBJ/Module.symvers); sed -i \"s/KPREP_SYMBOL/$symbol/\" m/m.c; kb",
	},
	{
		name: "exported twice",
		id: "duplicate-export",
		source: module("int KPREP_SYMBOL(void) { return 0; }\nEXPORT_SYMBOL(KPREP_SYMBOL);"),
		script:
			'symbol=$(awk \'$3 == "vmlinux" && $2 ~ /^pci_/ { print $2; exit }\' $OBJ/Module.symvers); sed -i "s/KPREP_SYMBOL/$symbol/" m/m.c; kb',
		names: "pci_",
	},
	{
		name: "a name that is too long",
		id: "symbol-name-too-long",
		source: module(
			"int kprep_a_name_that_does_not_fit_into_the_table_of_the_versions_of_symbols(void);\nint kprep_one(void) { return kprep_a_name_that_does_not_fit_into_the_table_of_the_versions_of_symbols(); }",
		),
		script:
			"objtree; printf '0x12345678\\tkprep_a_name_that_does_not_fit_into_the_table_of_the_versions_of_symbols\\tvmlinux\\tEXPORT_SYMBOL\\t\\n' >>$OBJ/Module.symvers; kb",
		names: "kprep_a_name_that_does_not_fit_into_the_table_of_the_versions_of_symbols",
	},
	{
		name: "no module.lds",
		id: "module-lds-missing",
		script: "objtree; find $OBJ -name module.lds -delete; kb",
	},
	{
		name: "no fixdep",
		id: "host-tools-missing",
		script: "objtree; rm $OBJ/scripts/basic/fixdep; kb",
		names: "scripts/basic/fixdep",
		quick: true,
	},
	{
		name: "no modpost",
		id: "host-tools-missing",
		script: "objtree; rm $OBJ/scripts/mod/modpost; kb",
		names: "scripts/mod/modpost",
	},
	{
		name: "no objtool",
		id: "objtool-missing",
		script: "objtree; rm $OBJ/tools/objtool/objtool; kb",
		names: "tools/objtool/objtool",
	},
	{
		name: "fixdep of another machine",
		id: "host-tools-wrong-arch",
		script: `objtree; rm $OBJ/scripts/basic/fixdep; ${FOREIGN}$OBJ/scripts/basic/fixdep; chmod +x $OBJ/scripts/basic/fixdep; kb`,
		names: "scripts/basic/fixdep",
		quick: true,
	},
	{
		name: "fixdep of another machine, in bash",
		id: "host-tools-wrong-arch",
		script: `objtree; rm $OBJ/scripts/basic/fixdep; ${FOREIGN}$OBJ/scripts/basic/fixdep; chmod +x $OBJ/scripts/basic/fixdep; kb SHELL=/bin/bash CONFIG_SHELL=/bin/bash`,
		names: "scripts/basic/fixdep",
	},
	{
		name: "fixdep on a noexec mount",
		id: "noexec-mount",
		script:
			"objtree; cp -L $OBJ/scripts/basic/fixdep fixdep; mount -t tmpfs -o noexec tmpfs $OBJ/scripts/basic; cp fixdep $OBJ/scripts/basic; kb",
		names: "scripts/basic/fixdep",
		root: true,
	},
	{
		name: "no compiler",
		id: "toolchain-missing",
		script: "without gcc $CC cc; kb",
		names: "gcc",
		quick: true,
	},
	{
		name: "no linker",
		id: "toolchain-missing",
		script: "without ld ld.bfd x86_64-linux-gnu-ld; kb",
		names: "ld",
	},
	{
		name: "a cross compiler that is not there",
		id: "toolchain-missing",
		script: "CC=kprep-none-linux-gnu-gcc; kb CROSS_COMPILE=kprep-none-linux-gnu-",
		names: "kprep-none-linux-gnu-gcc",
		quick: true,
	},
	{
		name: "no zstd for modules_install",
		id: "toolchain-missing",
		script:
			"objtree; echo CONFIG_MODULE_COMPRESS_ZSTD=y >>$OBJ/include/config/auto.conf; kb >/dev/null; without zstd; make -C $OBJ -f $SRC/Makefile KBUILD_OUTPUT=$OBJ M=$PWD/m INSTALL_MOD_PATH=$PWD/root DEPMOD=true modules_install",
		names: "zstd",
	},
	{
		name: "a path with a space",
		id: "path-with-space",
		script: "mv m 'a b'; M='a b'; M=$PWD/$M; kb",
		quick: true,
	},
	{
		name: "ARCH=amd64",
		id: "arch-variable-wrong",
		script: "kb ARCH=amd64 SRCARCH=amd64",
		names: "arch/amd64/Makefile",
		quick: true,
	},
	{
		name: "a compiler for another architecture",
		id: "arch-variable-wrong",
		script: "CC=aarch64-linux-gnu-gcc; kb",
		needs: "aarch64-linux-gnu-gcc",
	},
	{
		name: "an option that the compiler does not know",
		id: "compiler-flag-unsupported",
		script: "kb KCFLAGS=-fkprep-no-such-option",
		names: "-fkprep-no-such-option",
		quick: true,
	},
	{
		name: "position-independent code",
		id: "compiler-flag-unsupported",
		script: "kb KCFLAGS=-fpic",
		quick: true,
	},
	{
		name: "options of clang",
		id: "clang-built-kernel",
		script: "kb KCFLAGS='-Qunused-arguments -mretpoline-external-thunk'",
		names: "-Qunused-arguments",
		quick: true,
	},
	{
		name: "a plugin for another gcc",
		id: "gcc-plugin-mismatch",
		script:
			"objtree; mkdir -p $OBJ/scripts/gcc-plugins; echo 'int plugin_is_GPL_compatible; int plugin_init(void *a, void *b) { return 1; }' >p.c; $CC -shared -fPIC -o $OBJ/scripts/gcc-plugins/structleak_plugin.so p.c; kb KCFLAGS=-fplugin=./scripts/gcc-plugins/structleak_plugin.so",
		names: "scripts/gcc-plugins/structleak_plugin.so",
	},
	{
		name: "a plugin that is not there",
		id: "gcc-plugin-mismatch",
		script: "kb KCFLAGS=-fplugin=./scripts/gcc-plugins/structleak_plugin.so",
	},
	{
		name: "an empty M",
		id: "empty-m",
		script:
			"objtree; echo make -C $OBJ M= modules; make -C $OBJ -f $SRC/Makefile KBUILD_OUTPUT=$OBJ M= modules",
		quick: true,
	},
	{
		name: "SUBDIRS",
		id: "subdirs-obsolete",
		script:
			"objtree; echo make -C $OBJ SUBDIRS=$PWD/m modules; make -C $OBJ -f $SRC/Makefile KBUILD_OUTPUT=$OBJ SUBDIRS=$PWD/m modules",
		quick: true,
	},
	{
		name: "oldconfig in headers",
		id: "tree-not-prepared",
		script:
			"objtree; echo make -C $OBJ oldconfig; make -C $OBJ -f $SRC/Makefile KBUILD_OUTPUT=$OBJ oldconfig",
		quick: true,
	},
	{
		name: "a read-only folder",
		id: "tree-not-writable",
		script: "mount --bind -o ro m m; mount -o remount,bind,ro m; kb",
		root: true,
		quick: true,
	},
	{
		name: "a full disk",
		id: "disk-full",
		script: "cp -r m n; mount -t tmpfs -o size=16k tmpfs m; cp n/* m; kb",
		root: true,
	},
	{
		name: "a clock that was wrong",
		id: "benign-noise",
		script: "touch -d '2 days' m/m.c; kb",
	},
	{
		name: "no pahole for BTF of a module",
		id: "pahole-missing",
		script:
			"objtree; echo CONFIG_DEBUG_INFO_BTF_MODULES=y >>$OBJ/include/config/auto.conf; rm -f $OBJ/vmlinux; cp m/m.c $OBJ/vmlinux; without pahole; kb",
	},
	{
		name: "a vmlinux without BTF",
		id: "btf-generation-failed",
		script:
			"objtree; echo CONFIG_DEBUG_INFO_BTF_MODULES=y >>$OBJ/include/config/auto.conf; rm -f $OBJ/vmlinux; echo 'int x;' >v.c; $CC -c -o $OBJ/vmlinux v.c; kb",
		needs: "pahole",
	},
	{
		name: "no key to sign with",
		id: "signing-key-missing",
		script:
			"kb >/dev/null; $OBJ/scripts/sign-file sha256 certs/signing_key.pem certs/signing_key.x509 m/m.ko",
		names: "certs/signing_key.pem",
	},
	{
		name: "modprobe of what there is not",
		id: "module-not-found",
		script: "modprobe kprep-no-such-module",
		names: "kprep-no-such-module",
		needs: "modprobe",
		quick: true,
	},
	{
		name: "insmod without the capability",
		id: "operation-not-permitted",
		script: "kb >/dev/null; setpriv --bounding-set -sys_module --inh-caps -sys_module insmod m/m.ko",
		needs: "/proc/modules",
		root: true,
	},
	{
		name: "depmod of a module whose symbols nothing has",
		id: "unknown-symbol",
		source: module("int kprep_nothing(void);\nint kprep_one(void) { return kprep_nothing(); }"),
		script:
			"kb KBUILD_MODPOST_WARN=1 >/dev/null 2>&1; mkdir -p root/lib/modules/1.2.3; cp m/m.ko root/lib/modules/1.2.3; : >System.map; depmod -b root -e -F System.map 1.2.3",
		names: "kprep_nothing",
		needs: "depmod",
	},
];
