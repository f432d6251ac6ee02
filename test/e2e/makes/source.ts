import type { Scene } from "./scene.ts";

/** What goes wrong when the kernel's own source tree is configured and prepared: $SRC is it, $OBJ was prepared from it. */
export const sourceScenes: Scene[] = [
	{
		name: "no flex",
		id: "flex-missing",
		script: "out; rm -r out/scripts; without flex; mk olddefconfig",
		names: "flex",
	},
	{
		name: "no bison",
		id: "flex-missing",
		script: "out; rm -r out/scripts; without bison; mk olddefconfig",
		names: "bison",
	},
	{
		name: "no bc",
		id: "toolchain-missing",
		script: "out; rm out/include/generated/timeconst.h; without bc; mk prepare",
		names: "bc",
	},
	{
		name: "no perl",
		id: "toolchain-missing",
		script: "out; without perl; mk lib/oid_registry.o",
		names: "perl",
	},
	{
		name: "no python3",
		id: "toolchain-missing",
		script: "out; rm -r out/tools/bpf; without python3; mk prepare",
		names: "python3",
	},
	{
		name: "no headers of OpenSSL",
		id: "openssl-headers-missing",
		script: "out; rm -f out/scripts/sign-file; mount -t tmpfs tmpfs /usr/include/openssl; mk scripts",
		names: "openssl/",
		root: true,
	},
	{
		name: "no headers of libelf",
		id: "libelf-missing",
		script: "out; rm -r out/tools/objtool; hide /usr/include/gelf.h /usr/include/libelf.h; mk prepare",
		root: true,
	},
	{
		name: "no library of libelf",
		id: "libelf-missing",
		script:
			"out; rm out/tools/objtool/objtool; hide $(gcc -print-file-name=libelf.so | xargs dirname)/libelf.so $(gcc -print-file-name=libelf.so | xargs dirname)/libelf.a; mk prepare",
		names: "-lelf",
		root: true,
	},
	{
		name: "a question that nobody answers",
		id: "kconfig-restart",
		script: "out; sed -i /CONFIG_MODVERSIONS/d out/.config; mk syncconfig",
	},
	{
		name: "oldconfig without an answer",
		id: "kconfig-restart",
		script: "out; sed -i /CONFIG_MODVERSIONS/d out/.config; mk oldconfig",
	},
	{
		name: "an old compiler",
		id: "compiler-flag-unsupported",
		script: "out; CC='gcc -U__GNUC__ -D__GNUC__=4 -U__GNUC_MINOR__ -D__GNUC_MINOR__=8'; mk olddefconfig",
	},
	{
		name: "a certificate of the distribution",
		id: "trusted-keys-missing",
		script:
			"out; $SRC/scripts/config --file out/.config --set-str SYSTEM_TRUSTED_KEYS debian/certs/kprep-test.pem; mk -s olddefconfig; mk certs/",
		names: "debian/certs/kprep-test.pem",
	},
	{
		name: "a signing key that is not there",
		id: "signing-key-missing",
		script:
			"out; $SRC/scripts/config --file out/.config -e MODULE_SIG -e MODULE_SIG_ALL --set-str SYSTEM_TRUSTED_KEYS '' --set-str MODULE_SIG_KEY certs/kprep-key.pem; mk -s olddefconfig; mk certs/",
		names: "certs/kprep-key.pem",
	},
	{
		name: "a source that was built in",
		id: "tree-not-clean",
		script: "cp -al $SRC src; SRC=$PWD/src; out; cp out/.config src/.config; mk olddefconfig",
	},
	{
		name: "never configured",
		id: "tree-not-prepared",
		script: "mkdir out; mk modules_prepare",
		names: ".config",
	},
	{
		name: "a full disk",
		id: "disk-full",
		script: "mkdir out; mount -t tmpfs -o size=600k tmpfs out; cp $OBJ/.config out; mk prepare",
		root: true,
	},
	{
		name: "a read-only output folder",
		id: "tree-not-writable",
		script:
			"out; rm out/include/generated/utsrelease.h; mount --bind out out; mount -o remount,bind,ro out; mk prepare",
		root: true,
	},
	{
		name: "no headers of gcc's plugins",
		id: "gcc-plugin-mismatch",
		script:
			"out; printf 'CONFIG_GCC_PLUGINS=y\\nCONFIG_GCC_PLUGIN_STACKLEAK=y\\n' >>out/include/config/auto.conf; h=$(gcc -print-file-name=plugin)/include/gcc-plugin.h; [ ! -e $h ] || hide $h; mk scripts",
		root: true,
	},
	{
		name: "LLVM without clang",
		id: "toolchain-missing",
		script: "out; without clang; unset CC; make -C $SRC O=$PWD/out LLVM=1 olddefconfig",
		names: "clang",
	},
	{
		name: "a tree with a space",
		id: "path-with-space",
		script: "cp -al $SRC 'a b'; make -C 'a b' defconfig",
	},
	{
		name: "ARCH=aarch64",
		id: "arch-variable-wrong",
		script: "mkdir out; mk ARCH=aarch64 defconfig",
		names: "arch/aarch64/Makefile",
	},
	{
		name: "a tree that is no tree",
		id: "tree-not-prepared",
		script: "cp -al $SRC src; rm -r src/init; SRC=$PWD/src; out; mk olddefconfig",
	},
];
