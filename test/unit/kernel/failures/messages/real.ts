import { type Message, m } from "./message.ts";

/**
 * What real kernels logged (6.1 and 7.2, booted in an emulator, modules altered on purpose: another vermagic, CRC,
 * relocation, section size, BTF, signature, cut or compressed files), with the tool's line below; and what real makes
 * (kernel 6.1), modpost, sign-file, gcc and shells printed. By the diagnosis that must come first.
 */
export const real: Record<string, Message[]> = {
	"unknown-parameter": [
		m(
			"[    8.193532] dummy: `abc' invalid for parameter `numdummies'\ninsmod: ERROR: could not insert module dummy.ko: Invalid argument",
			{ module: "dummy", parameter: "numdummies" },
		),
		m("[    7.931825] dummy: unknown parameter 'nosuch' ignored", { module: "dummy", parameter: "nosuch" }),
	],
	"vermagic-flags": [
		m(
			"[    8.580290] dummy: version magic '6.1.0-56-cloud-amd64 SMP preempt mod_unloae modversions ' should be '6.1.0-56-cloud-amd64 SMP preempt mod_unload modversions '\ninsmod: ERROR: could not insert module dummy.ko: Exec format error",
			{ flags_missing: ["mod_unload"], flags_extra: ["mod_unloae"] },
		),
	],
	"vermagic-release": [
		m(
			"[    8.729364] dummy: module_layout: kernel tainted.\n[    8.729539] Disabling lock debugging due to kernel taint\n[    8.729614] dummy: version magic '6.1.0-55-cloud-amd64 SMP preempt mod_unload modversions ' should be '6.1.0-56-cloud-amd64 SMP preempt mod_unload modversions '\ninsmod: ERROR: could not insert module dummy.ko: Exec format error",
			{ release_module: "6.1.0-55-cloud-amd64", release_kernel: "6.1.0-56-cloud-amd64" },
		),
		m(
			"[    7.123498] dummy: version magic '7.2.12+deb14-cloud-amd64 SMP preempt mod_unload ' should be '7.2.13+deb14-cloud-amd64 SMP preempt mod_unload '",
		),
	],
	"vermagic-missing": [
		m(
			"hello: version magic '' should be '6.12.117+deb12-cloud-amd64 SMP preempt mod_unload modversions '\ninsmod: ERROR: could not insert module hello.ko: Exec format error",
			{ module: "hello", release_kernel: "6.12.117+deb12-cloud-amd64" },
		),
		m(
			"[    8.164508] veth: bad vermagic: kernel tainted.\n[    8.164906] Disabling lock debugging due to kernel taint",
			{ module: "veth" },
		),
	],
	"symbol-version-missing": [
		m(
			"hello: no symbol version for _printk\nhello: Unknown symbol _printk (err -22)\ninsmod: ERROR: could not insert module hello.ko: Invalid argument",
			{ module: "hello", symbol: "_printk" },
		),
		m("[    8.729364] dummy: module_layout: kernel tainted.", { module: "dummy", symbol: "module_layout" }),
	],
	"module-layout-version": [
		m(
			"[    8.831666] dummy: disagrees about version of symbol module_layout\ninsmod: ERROR: could not insert module dummy.ko: Exec format error",
			{ module: "dummy" },
		),
	],
	"symbol-version-mismatch": [
		m(
			"[    8.952693] dummy: disagrees about version of symbol __rtnl_link_register\n[    8.967162] dummy: Unknown symbol __rtnl_link_register (err -22)\ninsmod: ERROR: could not insert module dummy.ko: Invalid argument",
			{ module: "dummy", symbol: "__rtnl_link_register" },
		),
	],
	"unknown-symbol": [
		m(
			"[    7.281130] dummy: Unknown symbol rtnl_link_registex (err -2)\ninsmod: ERROR: could not insert module dummy.ko: No such file or directory",
			{ module: "dummy", symbol: "rtnl_link_registex" },
		),
	],
	"struct-module-size": [
		m(
			"[    8.506720] module nls_utf8: .gnu.linkonce.this_module section size must match the kernel's built struct module size at run time\ninsmod: ERROR: could not insert module nls_utf8.ko: Exec format error",
			{ module: "nls_utf8" },
		),
	],
	"struct-module-layout": [
		m(
			"[    8.904575] module: x86/modules: Invalid relocation target, existing value is nonzero for sec 33, idx 0, type 1, loc ffffffffc0306330, val ffffffffc0807010\ninsmod: ERROR: could not insert module nls_utf8.ko: Exec format error",
			{ module: "nls_utf8" },
		),
	],
	"unknown-relocation": [
		m(
			"[    8.620711] module: nls_utf8: Unknown rela relocation: 99\ninsmod: ERROR: could not insert module nls_utf8.ko: Exec format error",
			{ module: "nls_utf8", relocation: "99" },
		),
	],
	"btf-mismatch": [
		m(
			"[    8.799182] BPF: [118488] Invalid name_offset:2147483647\n[    8.799491] failed to validate module [nls_utf8] BTF: -22\ninsmod: ERROR: could not insert module nls_utf8.ko: Invalid argument",
			{ module: "nls_utf8" },
		),
	],
	"elf-header-invalid": [
		m(
			"[    9.447892] Invalid ELF section header overflow\ninsmod: ERROR: could not insert module dummy.ko: Exec format error",
			{ module: "dummy" },
		),
		m(
			"[    9.549532] Invalid ELF header magic: != \x7fELF\ninsmod: ERROR: could not insert module dummy.ko.xz: Exec format error",
			{ file: "dummy.ko.xz" },
		),
		m(
			"[   10.349906] Invalid architecture in ELF header: 183\ninsmod: ERROR: could not insert module dummy.ko: Exec format error",
		),
	],
	"module-decompress-failed": [
		m(
			"[    7.753977] decompression failed with status 6\ninsmod: ERROR: could not insert module dummy.ko.xz: Invalid argument",
			{ module: "dummy" },
		),
	],
	"module-already-loaded": [
		m("insmod: ERROR: could not insert module dummy.ko: File exists", { module: "dummy" }),
	],
	lockdown: [
		m(
			"[    4.087170] Lockdown: init: unsigned module loading is restricted; see man kernel_lockdown.7\ninsmod: ERROR: could not insert module dummy.ko: Operation not permitted",
			{ module: "dummy" },
		),
	],
	"signature-rejected": [
		m(
			"[    4.011407] Loading of unsigned module is rejected\ninsmod: ERROR: could not insert module dummy.ko: Key was rejected by service",
			{ module: "dummy" },
		),
		m("insmod: ERROR: could not insert module nls_utf8.ko: Key was rejected by service", {
			module: "nls_utf8",
		}),
	],
	"signature-format": [
		m(
			"[    6.029677] module: not signed with expected PKCS#7 message\n[    6.029878] Loading of module with unsupported crypto is rejected\ninsmod: ERROR: could not insert module nls_utf8.ko: Key was rejected by service",
			{ module: "nls_utf8" },
		),
	],
	"operation-not-permitted": [
		m("insmod: ERROR: could not insert module veth.ko: Operation not permitted", { module: "veth" }),
	],
	"tree-not-prepared": [
		m(
			"make: Entering directory '/src/linux-6.1'\n\n  ERROR: Kernel configuration is invalid.\n         include/generated/autoconf.h or include/config/auto.conf are missing.\n         Run 'make oldconfig && make prepare' on kernel src to fix it.\n\nMakefile:758: include/config/auto.conf: No such file or directory\nmake: *** [Makefile:817: include/config/auto.conf] Error 1",
			{ file: "include/generated/autoconf.h" },
		),
		m(
			'***\n*** Configuration file ".config" not found!\n***\n*** Please run some configurator (e.g. "make oldconfig" or\n*** "make menuconfig" or "make xconfig").\n***\nMakefile:786: include/config/auto.conf.cmd: No such file or directory\nmake: *** [Makefile:795: .config] Error 1',
		),
	],
	"flex-missing": [
		m(
			"  HOSTCC  scripts/kconfig/expr.o\n  LEX     scripts/kconfig/lexer.lex.c\n/bin/sh: 1: flex: not found\nmake[1]: *** [scripts/Makefile.host:9: scripts/kconfig/lexer.lex.c] Error 127\nmake: *** [Makefile:714: defconfig] Error 2",
			{ tool: "flex" },
		),
	],
	"build-dir-missing": [
		m("make: *** /lib/modules/9.9.9-none/build: No such file or directory.  Stop.", {
			release_kernel: "9.9.9-none",
		}),
		m("make: *** /lib/modules/9.9.9-none/build: Datei oder Verzeichnis nicht gefunden.  Schluss.", {
			release_kernel: "9.9.9-none",
		}),
	],
	"not-a-kernel-tree": [
		m(
			"make: Entering directory '/srv/empty'\nmake: *** No rule to make target 'modules'.  Stop.\nmake: Leaving directory '/srv/empty'",
			{ path: "/srv/empty" },
		),
	],
	"path-with-space": [
		m(
			"make: Entering directory '/src/linux-6.1'\nMakefile:157: *** building multiple external modules is not supported.  Stop.",
		),
	],
	"arch-variable-wrong": [
		m(
			"Makefile:779: arch/amd64/Makefile: No such file or directory\nmake: *** No rule to make target 'arch/amd64/Makefile'.  Stop.",
			{ file: "arch/amd64/Makefile" },
		),
		m(
			"aarch64-linux-gnu-gcc: error: unrecognized argument in option '-mcmodel=kernel'\naarch64-linux-gnu-gcc: note: valid arguments to '-mcmodel=' are: large small tiny\naarch64-linux-gnu-gcc: error: unrecognized command-line option '-mno-sse'; did you mean '-fno-dse'?",
			{ option: "-mcmodel=kernel" },
		),
	],
	"tree-not-clean": [
		m(
			"make[1]: Entering directory '/srv/out'\n***\n*** The source tree is not clean, please run 'make mrproper'\n*** in /src/linux-6.1\n***\nmake[1]: *** [/src/linux-6.1/Makefile:668: outputmakefile] Error 1",
			{ path: "/src/linux-6.1" },
		),
	],
	"gpl-only-symbol": [
		m("ERROR: modpost: GPL-incompatible module p.ko uses GPL-only symbol 'gplsym'", {
			module: "p",
			symbol: "gplsym",
		}),
	],
	"symbol-name-too-long": [
		m(
			'ERROR: modpost: too long symbol "veryveryveryveryveryveryveryveryveryveryveryverylongsymbolnameindeed" [m.ko]',
			{ module: "m" },
		),
	],
	"missing-module-license": [
		m('ERROR: modpost: missing MODULE_LICENSE() in n.o\nERROR: modpost: "nosuch" [n.ko] undefined!', {
			module: "n",
		}),
	],
	"symbol-namespace": [
		m(
			'ERROR: modpost: module m uses symbol nssym from namespace MY_NS, but does not import it.\nERROR: modpost: "nosuch" [m.ko] undefined!',
			{ module: "m", symbol: "nssym", namespace: "MY_NS" },
		),
	],
	"modpost-undefined": [m('ERROR: modpost: "nosuch" [m.ko] undefined!', { module: "m", symbol: "nosuch" })],
	"symvers-malformed": [m("FATAL: modpost: parse error in symbol dump file")],
	"signing-key-missing": [
		m(
			"At main.c:171:\n- SSL error:FFFFFFFF80000002:system library::No such file or directory: ../crypto/bio/bss_file.c:67\n- SSL error:10000080:BIO routines::no such file: ../crypto/bio/bss_file.c:75\nsign-file: ./certs/signing_key.pem",
			{ file: "certs/signing_key.pem" },
		),
	],
	"host-tools-wrong-arch": [
		m("sh: 1: scripts/basic/fixdep: Exec format error", { file: "scripts/basic/fixdep" }),
		m("bash: line 1: scripts/basic/fixdep: cannot execute binary file: Exec format error", {
			file: "scripts/basic/fixdep",
		}),
	],
	"compiler-flag-unsupported": [
		m(
			"gcc: error: unrecognized argument in option '-mharden-sls=alll'\ngcc: note: valid arguments to '-mharden-sls=' are: all indirect-jmp none return; did you mean 'all'?\ngcc: error: unrecognized command-line option '-fno-such-option'",
			{ option: "-fno-such-option" },
		),
	],
	"clang-built-kernel": [
		m(
			"gcc: error: unrecognized argument to '-fsanitize=' option: 'kcfi'\ngcc: error: unrecognized command-line option '-mretpoline-external-thunk'",
			{ option: "kcfi" },
		),
	],
};
