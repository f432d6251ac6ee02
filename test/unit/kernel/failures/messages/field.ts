import { type Message, m } from "./message.ts";

/**
 * What people pasted in 2023 to 2026, shortened to the lines that decide: drivers of dkms, akmods, Yocto, OpenWrt, rpm,
 * NVIDIA, VirtualBox and ZFS, modules in Rust, crashes at load. By the diagnosis that must come first.
 */
export const field: Record<string, Message[]> = {
	"binutils-too-old-for-dwarf": [
		m("ld: found dwarf version '5', this reader only handles version 2, 3 and 4 information"),
		m("ld: DWARF error: could not find variable specification at offset 0x1 version"),
		m("/tmp/x.s: Assembler messages: Error: non-constant .uleb128 is not supported"),
	],
	"btf-generation-failed": [
		m(
			"BTF: .tmp_vmlinux1: pahole version v1.15 is too old, need at least v1.16\nFailed to generate BTF for vmlinux\nTry to disable CONFIG_DEBUG_INFO_BTF",
		),
	],
	"build-dir-missing": [
		m(
			"make -C /lib/modules/5.10.16.3-microsoft-standard-WSL2/build M=/home/u/ldd3/misc-modules modules\nmake[2]: *** /lib/modules/5.10.16.3-microsoft-standard-WSL2/build: No such file or directory.  Stop.",
			{ release_kernel: "5.10.16.3-microsoft-standard-WSL2" },
		),
		m(
			"2024-11-20T10:15:32.1234567Z ##[group]Run make\n2024-11-20T10:15:32.2234567Z make -C /lib/modules/6.8.0-1017-azure/build M=/home/runner/work/x/x modules\n2024-11-20T10:15:32.3234567Z make[1]: *** /lib/modules/6.8.0-1017-azure/build: No such file or directory.  Stop.\n2024-11-20T10:15:32.4234567Z ##[error]Process completed with exit code 2.",
			{ release_kernel: "6.8.0-1017-azure" },
		),
		m(
			"WARNING: Unable to find the kernel source tree for the currently running kernel. Please make sure you have installed the kernel source files for your kernel and that they are properly configured.",
		),
		m("make[1]: *** /lib/modules/6.6.14-0-virt/build: No such file or directory.  Stop.", {
			release_kernel: "6.6.14-0-virt",
		}),
	],
	"cfi-failure": [
		m(
			"[    4.318746] nvidia-nvlink: Nvlink Core is being initialized, major device number 234\n[    4.318777] Missing ENDBR: _portMemAllocatorAllocNonPagedWrapper+0x0/0x10 [nvidia]\n[    4.319459] ------------[ cut here ]------------\n[    4.319460] kernel BUG at arch/x86/kernel/cet.c:132!\n[    4.319738] Oops: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI",
			{ module: "nvidia" },
		),
		m(
			"[  120.5] CFI failure at do_one_initcall+0x5c/0x330 (target: init_module+0x0/0xff8 [vendor_hooks]; expected type: 0x36b1c5a6)\n[  120.5] Internal error: Oops - CFI: 00000000f2008228 [#1] PREEMPT SMP",
			{ module: "vendor_hooks" },
		),
		m(
			"[1.0] CFI failure at do_one_initcall+0x5c/0x330 (target: init_module+0x0/0xff8 [vendor_hooks]; expected type: 0x36b1c5a6)",
		),
	],
	"common-symbols": [
		m(
			"[1.0] hello: please compile with -fno-common\ninsmod: ERROR: could not insert module hello.ko: Invalid module format",
		),
		m("hello: please compile with -fno-common"),
		m('ERROR: modpost: "counter" [/m/hello.ko] is COMMON symbol'),
	],
	"compiler-crashed": [
		m(
			"during RTL pass: vartrack\n/root/drv/hal/btc/halbtc8821c2ant.c: In function 'ex_halbtc8821c2ant_periodical':\n/root/drv/hal/btc/halbtc8821c2ant.c:5390:1: internal compiler error: Segmentation fault\nPlease submit a full bug report,",
		),
		m("clang: error: clang frontend command failed with exit code 139"),
		m("x.c:1:2: internal compiler error: in foo, at bar.c:1"),
	],
	"compiler-flag-unsupported": [
		m(
			"warning: the compiler differs from the one used to build the kernel\n  The kernel was built by: gcc-12 (Debian 12.2.0-9) 12.2.0\n  You are using:           gcc (Debian 10.2.1-6) 10.2.1 20210110\ngcc: error: unrecognized command line option '-mharden-sls=all'",
			{ option: "-mharden-sls=all" },
		),
	],
	"compiler-killed": [
		m(
			"gcc: fatal error: Killed signal terminated program cc1\ncompilation terminated.\nmake[2]: *** [scripts/Makefile.build:273: /var/lib/dkms/nvidia/470.57.02/build/nvidia/nv-frontend.o] Error 1",
		),
		m("cc1: out of memory allocating 65536 bytes after a total of 1 bytes"),
		m("[ 1.0] Out of memory: Killed process 123 (cc1) total-vm:1kB"),
	],
	"compiler-newer-than-tree": [
		m(
			"  HOSTCC  tools/objtool/fixdep.o\nsubcmd-util.h:56:23: error: pointer 'ptr' may be used after 'realloc' [-Werror=use-after-free]\ntools/lib/subcmd/subcmd-util.h:58:21: error: pointer 'ptr' may be used after 'realloc' [-Werror=use-after-free]",
		),
		m("./include/linux/stddef.h:11:9: error: cannot use keyword 'false' as enumeration constant"),
		m("scripts/kconfig/symbol.c:12:3: error: implicit declaration of function 'foo'"),
	],
	"concurrent-make": [
		m(
			"modpost.c:(.text+0x1f7a): undefined reference to `handle_moddevtable'\nld: scripts/mod/modpost.o: in function `read': modpost.c:(.text+0x1): undefined reference to `get_src_version'",
		),
		m("scripts/mod/modpost.o: file not recognized: file truncated"),
		m("fixdep: error opening file: scripts/mod/.empty.o.d: No such file or directory"),
	],
	"configure-probe-failed": [
		m(
			'checking whether inode_owner_or_capable() exists... configure: error:\n\t*** None of the expected "capability" interfaces were detected.\n\t*** This may be because your kernel version is newer than what is\n\t*** supported, or you are using a patched custom kernel with\n\t*** incompatible modifications.\n\t***\n\t*** ZFS Version: zfs-2.1.2-1\n\t*** Compatible Kernels: 3.10 - 5.15',
		),
		m(
			"checking kernel source version... 5.2.8-200.fc30.x86_64\nchecking kernel file name for module symbols... Module.symvers\nchecking whether modules can be built... no\nconfigure: error: *** Unable to build an empty module.",
		),
		m("configure: error: Cannot compile a kernel module with these headers"),
		m("*** This kernel does not include the required loadable module support!"),
	],
	"cross-binutils-mixed": [
		m(
			"ld: /home/u/m/foo.o: file not recognized: file format not recognized\nwarning: the compiler differs from the one used to build the kernel\n  The kernel was built by: clang version 18.1.8\n  You are using:           clang version 18.1.8",
		),
		m(
			"aarch64-linux-gnu-ld: foo.o: Relocations in generic ELF (EM: 62)\nfoo.o: error adding symbols: file in wrong format",
		),
		m("objcopy: Unable to recognise the format of the input file `vdso.so.dbg'"),
		m("strip: x.ko: file format not recognized"),
	],
	"dkms-already-added": [
		m(
			"Error! DKMS tree already contains: hid-tmff2-0.83\nYou cannot add the same module/version combo more than once.",
		),
		m("Module v4l2loopback/0.12.7 already installed on kernel 6.1.0-18-amd64 (x86_64), skip."),
		m("Module rtl88x2bu/5.13.1 already built for kernel 6.1.0-18-amd64 (x86_64), skip."),
	],
	"dkms-build-exclusive": [
		m(
			"Warning: The /var/lib/dkms/hid-xpadneo/v0.9-144-g9b3b696-dirty/6.8.0-rc2/x86_64/dkms.conf\nfor module hid-xpadneo includes a BUILD_EXCLUSIVE directive\nwhich does not match this kernel/arch/config.\nThis indicates that it should not be built.\ndkms autoinstall on 6.8.0-rc2/x86_64 was skipped for hid-xpadneo",
		),
		m(
			"Error!  The dkms.conf for this module includes a BUILD_EXCLUSIVE directive which\ndoes not match this kernel/arch.  This indicates that it should not be built.",
		),
		m(
			"Error! The /var/lib/dkms/shiftfs/k518/5.19.0-1025-aws/x86_64/dkms.conf for module shiftfs includes a BUILD_EXCLUSIVE directive which does not match this kernel/arch.",
		),
	],
	"dkms-source-missing": [
		m(
			"Error! Could not find module source directory.\nDirectory: /usr/src/wireguard-1.0.20210606 does not exist.",
		),
		m("Error! The module/version combo: nvidia-550.90.07 is not located in the DKMS tree."),
		m(
			"Error! Could not locate dkms.conf file.\nFile: /var/lib/dkms/rtl8821ce/5.5.2.1/source/dkms.conf does not exist.",
		),
		m("Error! The module/version combo: x/1 is not located in the DKMS tree."),
	],
	"driver-warning-as-error": [
		m(
			"hal/phydm/phydm_math_lib.c:31:5: error: no previous prototype for 'odm_sign_conversion' [-Werror=missing-prototypes]\ncc1: all warnings being treated as errors",
			{ file: "hal/phydm/phydm_math_lib.c", option: "missing-prototypes" },
		),
		m(
			"r8125_n.c:4242:13: error: variable 'ret' set but not used [-Werror,-Wunused-but-set-variable]\n1 error generated.\nmake[3]: *** [/usr/lib/modules/6.10.3-4-cachyos/build/scripts/Makefile.build:244: r8125_n.o] Error 1",
			{ option: "unused-but-set-variable" },
		),
		m("qdma.c:120:28: error: suggest braces around empty body in an 'if' statement [-Werror=empty-body]"),
	],
	"duplicate-export": [
		m(
			"  MODPOST /tmp/open-gpu-kernel-modules/kernel-open/Module.symvers\nERROR: modpost: vmlinux: 'system_state' exported twice. Previous export was in vmlinux\nERROR: modpost: vmlinux: 'reset_devices' exported twice. Previous export was in vmlinux",
			{ symbol: "system_state" },
		),
	],
	"errno-alone": [
		m(
			"01-01 10:12:48.522     1     1 I (6)[1:init]: Command 'insmod /vendor/lib/modules/fpsgo.ko' action=boot (/vendor/etc/init/hw/init.mt6765.rc:1226) took 1ms and failed: finit_module for \"/vendor/lib/modules/fpsgo.ko\" failed: Exec format error",
		),
	],
	"external-module-missing": [
		m(
			'/usr/src/linux/Makefile:211: *** specified external module directory "/home/u/x" does not exist.  Stop.',
		),
		m('/usr/src/linux/Makefile:199: *** specified kernel directory "/home/u/k" does not exist.  Stop.'),
		m('Makefile:225: *** failed to create output directory "/ro/out".  Stop.'),
	],
	"extra-cflags-ignored": [
		m(
			'make -C /lib/modules/6.17.0-5-generic/build M=/home/u/xrp modules\n  CC [M]  xrp_main.o\nxrp_main.c:19:10: fatal error: xrp_debug.h: No such file or directory\n   19 | #include "xrp_debug.h"',
			{ file: "xrp_debug.h" },
		),
		m(
			"make -C /lib/modules/6.15.4-arch2-1/build M=/m modules\nplatform/platform_ops.c:15:10: fatal error: drv_types.h: No such file or directory",
		),
		m("make -C /lib/modules/6.16.0/build M=/m modules\ncore.c:3:10: fatal error: 'hal_com.h' file not found"),
	],
	"firmware-missing": [
		m(
			"[    8.991234] rtw89_8852be 0000:03:00.0: Direct firmware load for rtw89/rtw8852b_fw-1.bin failed with error -2\n[    8.991250] rtw89_8852be 0000:03:00.0: failed to early request firmware: -2",
		),
		m(
			"[8.9] rtw89_8852be 0000:03:00.0: Direct firmware load for rtw89/rtw8852b_fw-1.bin failed with error -2",
		),
		m("[8.9] iwlwifi: firmware: failed to load iwlwifi-cc-a0-77.ucode (-2)"),
		m("r8152 1-1: failed to load firmware rtl_nic/rtl8156b-2.fw: -2"),
	],
	"host-tools-newer-libc": [
		m(
			"/usr/src/headers/scripts/basic/fixdep: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /usr/src/headers/scripts/basic/fixdep)",
		),
		m("scripts/mod/modpost: /lib64/libc.so.6: version `GLIBC_2.34' not found"),
		m(
			"tools/objtool/objtool: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by tools/objtool/objtool)",
		),
	],
	"host-tools-wrong-arch": [
		m(
			"DKMS make.log for rtl88x2bu-5.3.1 for kernel 4.19.75-v7l+ (armv7l)\nmake ARCH=arm CROSS_COMPILE= -C /lib/modules/4.19.75-v7l+/build M=/var/lib/dkms/rtl88x2bu/5.3.1/build\n  CC [M]  /var/lib/dkms/rtl88x2bu/5.3.1/build/core/rtw_cmd.o\n/bin/sh: 1: scripts/basic/fixdep: Exec format error",
			{ file: "scripts/basic/fixdep" },
		),
	],
	"import-ns-string": [
		m("gasket.c:57:18: error: expected ',' or ';' before 'DMA_BUF'\n   57 | MODULE_IMPORT_NS(DMA_BUF);"),
		m(
			"foo.c:9:1: error: expected ')' before 'VFS'\n./include/linux/module.h:299:33: note: in expansion of macro 'MODULE_INFO'\n  299 | #define MODULE_IMPORT_NS(ns) MODULE_INFO(import_ns, ns)",
		),
		m("x.c:9:18: error: expected string literal before 'CXL' in MODULE_IMPORT_NS"),
	],
	"kbuild-internals-used": [
		m("make[2]: *** No rule to make target 'vmlinux.o', needed by 'modpost'.  Stop."),
		m(
			"make[1]: *** No rule to make target '/usr/src/linux-headers-6.1.0/vmlinux.o', needed by 'modpost'.  Stop.",
		),
		m("make: *** No rule to make target 'vmlinux.o', needed by '__modpost'.  Stop."),
	],
	"kdir-empty": [
		m("make -C  M=/home/u/x\nmake[1]: *** M=/home/u/x: No such file or directory.  Stop."),
		m("make: *** modules: No such file or directory.  Stop."),
		m("make: *** ARCH=arm64: No such file or directory.  Stop."),
	],
	"kernel-api-changed": [
		m(
			"+ make -s -j16 KERNELRELEASE=6.15.3-6.15-alt1\nsrc/p_lkrg_main.c: In function 'p_lkrg_register':\nsrc/p_lkrg_main.c:555:10: error: implicit declaration of function 'del_timer_sync'; did you mean 'dev_mc_sync'? [-Wimplicit-function-declaration]\n  555 |          del_timer_sync(&p_timer);\n      |          ^~~~~~~~~~~~~~\n      |          dev_mc_sync",
			{ symbol: "del_timer_sync", file: "src/p_lkrg_main.c" },
		),
		m(
			"DKMS (dkms-3.1.8) make.log for xone/0.3.r94.g6b9d59a for kernel 6.15.0-rc5-1-cachyos-rc (x86_64)\n# command: make -j16 KERNELRELEASE=6.15.0-rc5-1-cachyos-rc -C /usr/lib/modules/6.15.0-rc5-1-cachyos-rc/build M=/var/lib/dkms/xone/0.3.r94.g6b9d59a/build LLVM=1\n  CC [M]  transport/wired.o\ndriver/gamepad.c:210:2: error: call to undeclared function 'del_timer_sync'; ISO C99 and later do not support implicit function declarations [-Wimplicit-function-declaration]\n  210 |         del_timer_sync(&gamepad->rumble.timer);",
			{ symbol: "del_timer_sync", file: "driver/gamepad.c" },
		),
		m(
			"wctc4xxp/base.c: In function 'wctc4xxp_remove_one':\nwctc4xxp/base.c:4168:13: error: implicit declaration of function 'del_timer_sync'; did you mean 'dev_mc_sync'? [-Werror=implicit-function-declaration]\n 4168 |         if (del_timer_sync(&wc->watchdog))\ncc1: all warnings being treated as errors\nmake[5]: *** [/usr/src/linux/scripts/Makefile.build:203: wctc4xxp/base.o] Error 1",
			{ symbol: "del_timer_sync" },
		),
		m(
			"| DEBUG: Executing shell function do_compile\n| NOTE: make -j 12 KERNEL_SRC=/b/tmp/work-shared/imx8/kernel-source\n|   CC [M]  /b/tmp/work/imx8-poky-linux/foo/1.0-r0/git/foo_main.o\n| /b/tmp/work/imx8-poky-linux/foo/1.0-r0/git/foo_main.c:88:21: error: too many arguments to function 'class_create'\n|    88 |         foo_class = class_create(THIS_MODULE, \"foo\");\n|       |                     ^~~~~~~~~~~~\n| make[3]: *** [/b/tmp/work-shared/imx8/kernel-source/scripts/Makefile.build:250: foo_main.o] Error 1",
			{ symbol: "class_create" },
		),
		m(
			"  CC [M]  /var/lib/dkms/broadcom-sta/6.30.223.271/build/src/shared/linux_osl.o\n/var/lib/dkms/broadcom-sta/6.30.223.271/build/src/wl/sys/wl_cfg80211_hybrid.c:41:10: fatal error: asm/unaligned.h: No such file or directory\n   41 | #include <asm/unaligned.h>\n      |          ^~~~~~~~~~~~~~~~~\ncompilation terminated.\nmake[2]: *** [/usr/src/linux-headers-6.12.9-amd64-common/scripts/Makefile.build:229: /var/lib/dkms/broadcom-sta/6.30.223.271/build/src/wl/sys/wl_cfg80211_hybrid.o] Error 1",
			{ file: "asm/unaligned.h" },
		),
		m(
			"/tmp/vbox.0/r0drv/linux/the-linux-kernel.h: In file included from /tmp/vbox.0/SUPDrvInternal.h:46,\n/tmp/vbox.0/include/iprt/stdarg.h:48:11: fatal error: stdarg.h: No such file or directory\n   48 | # include <stdarg.h>",
			{ file: "stdarg.h" },
		),
		m(
			"drivers/foo/foo-plat.c:412:27: error: initialization of 'void (*)(struct platform_device *)' from incompatible pointer type 'int (*)(struct platform_device *)' [-Wincompatible-pointer-types]\n  412 |         .remove         = foo_remove,\n      |                           ^~~~~~~~~~\ndrivers/foo/foo-plat.c:412:27: note: (near initialization for 'foo_driver.remove')\nmake[3]: *** [/lib/modules/6.11.0-19-generic/build/scripts/Makefile.build:243: drivers/foo/foo-plat.o] Error 1",
		),
		m(
			"os_dep/linux/ioctl_cfg80211.c: In function 'rtw_cfg80211_ch_switch_notify':\nos_dep/linux/ioctl_cfg80211.c:512:9: error: too few arguments to function 'cfg80211_ch_switch_notify'\n  512 |         cfg80211_ch_switch_notify(adapter->pnetdev, &chdef, 0);\nIn file included from ./include/drv_types.h:42:\n/lib/modules/6.9.3-76060903-generic/build/include/net/cfg80211.h:8912:6: note: declared here\nmake[2]: *** [/lib/modules/6.9.3-76060903-generic/build/scripts/Makefile.build:243: os_dep/linux/ioctl_cfg80211.o] Error 1",
			{ symbol: "cfg80211_ch_switch_notify" },
		),
		m(
			"core.c:120:5: error: conflicting types for 'foo_ioctl'\ncore.c:388:9: error: no member named 'f_dentry' in 'struct file'\n2 errors generated.\nmake[2]: *** [scripts/Makefile.build:244: /home/u/mod/core.o] Error 1",
		),
		m(
			"In file included from /tmp/drv/kcompat.c:3:\n/tmp/drv/kcompat.h:6188:20: error: redefinition of 'skb_frag_off'\n 6188 | static inline unsigned int skb_frag_off(const skb_frag_t *frag)\n/usr/src/kernels/5.14.0-427.13.1.el9_4.x86_64/include/linux/skbuff.h:3418:28: note: previous definition of 'skb_frag_off' with type 'unsigned int(const skb_frag_t *)'\nmake[3]: *** [/usr/src/kernels/5.14.0-427.13.1.el9_4.x86_64/scripts/Makefile.build:299: /tmp/drv/kcompat.o] Error 1",
		),
		m(
			"timer.c:44:9: error: implicit declaration of function 'hrtimer_init'; did you mean 'hrtimers_init'? [-Wimplicit-function-declaration]\ntimer.c:46:20: error: 'struct hrtimer' has no member named 'function'\nmake[4]: *** [/usr/lib/modules/6.16.4-arch1-1/build/scripts/Makefile.build:287: timer.o] Error 1",
			{ symbol: "hrtimer_init" },
		),
		m(
			"./include/linux/compiler_types.h:517:45: error: call to '__compiletime_assert_412' declared with attribute error: BUILD_BUG_ON failed: sizeof(struct foo_cb) > sizeof(((struct sk_buff *)0)->cb)\nmake[2]: *** [scripts/Makefile.build:243: /home/u/d/rx.o] Error 1",
		),
	],
	"lld-emulation": [
		m("ld.lld: error: target emulation unknown: -m or at least one .o file required"),
		m(
			"/usr/bin/ld.lld-18: error: target emulation unknown: -m or at least one .o file required\nmake[1]: *** [nvidia.mk] Error 1",
		),
		m("[ 1%] ld.lld: error: target emulation unknown: -m or at least one .o file required"),
	],
	"llvm-version-mixed": [
		m("ld.lld: error: hello.o: Unknown attribute kind (91) (Producer: 'LLVM18.1.8' Reader: 'LLVM 17.0.6')"),
		m("ld.lld: error: x.o: Invalid record (Producer: 'LLVM20.1.8' Reader: 'LLVM 19.1.7')"),
		m("x.o: plugin needed to handle lto object"),
		m("ld: bytecode stream in file 'x.o' generated with LTO version 12.0 instead of the expected 11.3"),
	],
	lockdown: [
		m(
			"Jun 06 14:22:11 fedora kernel: Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7\nJun 06 14:22:11 fedora modprobe[2113]: modprobe: ERROR: could not insert 'v4l2loopback': Operation not permitted",
		),
	],
	"log-is-elsewhere": [
		m(
			"Sign command: /usr/lib/modules/6.16.0-3-MANJARO/build/scripts/sign-file\nBuilding module(s)...(bad exit status: 2)\nFailed command:\nmake -j32 KERNELRELEASE=6.16.0-3-MANJARO KVERSION=6.16.0-3-MANJARO\n\nError! Bad return status for module build on kernel: 6.16.0-3-MANJARO (x86_64)\nConsult /var/lib/dkms/xpad/0.4/build/make.log for more information.",
			{ path: "/var/lib/dkms/xpad/0.4/build/make.log" },
		),
		m(
			"Checking kmods exist for 6.13.4-200.fc41.x86_64 [  OK  ]\nBuilding and installing nvidia-kmod [FAILED]\nBuilding rpms failed; see /var/cache/akmods/nvidia/565.77-1-for-6.13.4-200.fc41.x86_64.failed.log for details\nHint: Some kmods were ignored or failed to build or install.\nYou can try to rebuild and install them by by calling\n'/usr/sbin/akmods --force' as root.",
			{ path: "/var/cache/akmods/nvidia/565.77-1-for-6.13.4-200.fc41.x86_64.failed.log" },
		),
		m(
			"vboxdrv.sh: Stopping VirtualBox services.\nvboxdrv.sh: Starting VirtualBox services.\nvboxdrv.sh: Building VirtualBox kernel modules.\nvboxdrv.sh: failed: Look at /var/log/vbox-setup.log to find out what went wrong.\nThere were problems setting up VirtualBox.  To re-start the set-up process, run\n  /sbin/vboxconfig\nas root.",
			{ path: "/var/log/vbox-setup.log" },
		),
		m("vboxdrv.sh: failed: modprobe vboxdrv failed. Please use 'dmesg' to find out why."),
		m(
			"ERROR: Unable to load the kernel module 'nvidia.ko'.  This happens most frequently when this kernel module was built against the wrong or improperly configured kernel sources, with a version of gcc that differs from the one used to build the target kernel, or if another driver, such as nouveau, is present and prevents the NVIDIA kernel module from obtaining ownership of the NVIDIA device(s).\nPlease see the log entries 'Kernel module load error' and 'Kernel messages' at the end of the file '/var/log/nvidia-installer.log' for more information.",
			{ path: "/var/log/nvidia-installer.log" },
		),
		m(
			"ERROR: hello-mod-0.1-r0 do_compile: oe_runmake failed\nERROR: hello-mod-0.1-r0 do_compile: ExecutionError('/home/u/build/tmp/work/qemuarm-oe-linux-gnueabi/hello-mod/0.1-r0/temp/run.do_compile.59268', 1, None, None)\nERROR: Logfile of failure stored in: /home/u/build/tmp/work/qemuarm-oe-linux-gnueabi/hello-mod/0.1-r0/temp/log.do_compile.59268\nERROR: Task (/home/u/meta-x/recipes-kernel/hello-mod/hello-mod_0.1.bb:do_compile) failed with exit code '1'",
			{ path: "/home/u/build/tmp/work/qemuarm-oe-linux-gnueabi/hello-mod/0.1-r0/temp/log.do_compile.59268" },
		),
	],
	"modpost-undefined": [
		m(
			'make: Entering directory \'/usr/src/linux-headers-5.15.148-tegra-ubuntu22.04_aarch64/3rdparty/canonical/linux-jammy/kernel-source\'\n  LD [M]  /root/TEV-Jetson_Camera_driver/tevs/tevs.o\n  MODPOST /root/TEV-Jetson_Camera_driver/tevs/Module.symvers\nERROR: modpost: "tegracam_device_register" [/root/TEV-Jetson_Camera_driver/tevs/tevs.ko] undefined!\nERROR: modpost: "tegracam_set_privdata" [/root/TEV-Jetson_Camera_driver/tevs/tevs.ko] undefined!',
			{ symbol: "tegracam_device_register", module: "tevs" },
		),
		m(
			"section_start:1699999999:step_script\n&quot;make&quot; modules\n00:12 O ERROR: modpost: &quot;tcp_bpf_bypass_getsockopt&quot; [/builds/x/drv.ko] undefined!",
			{ symbol: "tcp_bpf_bypass_getsockopt" },
		),
	],
	"loader-crashed": [
		m(
			"[    3.114101] hello: loading out-of-tree module taints kernel.\n[    3.114200] BUG: unable to handle page fault for address: ffffffffc03d5040\n[    3.114210] #PF: supervisor read access in kernel mode\n[    3.114300] Oops: 0000 [#1] PREEMPT SMP NOPTI\n[    3.114400] CPU: 0 PID: 94 Comm: insmod Tainted: GF          OE      6.1.0-57-cloud-amd64 #1  Debian 6.1.192-3\n[    3.114500] RIP: 0010:apply_relocate_add+0x207/0x260\n[    3.114600]  load_module+0x9d2/0xc40",
			{ module: "hello", symbol: "apply_relocate_add" },
		),
		m(
			"[   12.1] Unable to handle kernel paging request at virtual address ffff800001234000\n[   12.2] Internal error: Oops: 96000047 [#1] SMP\n[   12.3] pc : apply_relocate_add+0x1bc/0x6a0\n[   12.4] lr : load_module+0x1c10/0x2080",
			{ symbol: "apply_relocate_add" },
		),
		m(
			"Unable to handle kernel paging request at virtual address bf0a1234\nInternal error: Oops: 7 [#1] PREEMPT SMP ARM\nPC is at apply_relocate+0x1c8/0x2ec\nLR is at load_module+0x10f4/0x1a30",
			{ symbol: "apply_relocate" },
		),
		m(
			"[   12.100000] BUG: unable to handle page fault for address: ffffffffc03e5040\n[   12.100000] Oops: Oops: 0000 [#1] PREEMPT SMP NOPTI\n[   12.100000] CPU: 0 UID: 0 PID: 149 Comm: insmod Tainted: GF          OE      6.12.117+deb12-cloud-amd64 #1  Debian 6.12.117-1~deb12u1\n[   12.100000] RIP: 0010:memcmp+0x9/0x50\n[   12.100000] Call Trace:\n[   12.100000]  <TASK>\n[   12.100000]  __write_relocate_add.constprop.0+0xb2/0x280\n[   12.100000]  ? __pfx___memcpy+0x10/0x10\n[   12.100000]  load_module+0x18f1/0x21b0\n[   12.100000]  ? ima_post_read_file+0xd9/0xf0\n[   12.100000]  init_module_from_file+0x89/0xe0",
			{ symbol: "__write_relocate_add.constprop.0" },
		),
	],
	"module-crashed": [
		m(
			"[   25.466902] 8190p: loading out-of-tree module taints kernel.\n[   25.467142] 8190p: module verification failed: signature and/or required key missing - tainting kernel\n[   25.470982] BUG: unable to handle page fault for address: ffffffffc0a5b900\n[   25.470986] #PF: supervisor write access in kernel mode\n[   25.470993] Oops: 0003 [#1] SMP PTI\n[   25.470996] CPU: 1 PID: 454 Comm: systemd-udevd Tainted: G           OE     5.4.0-40-generic #44-Ubuntu\n[   25.471010] RIP: 0010:TSInitialize+0x2e5/0x370 [8190p]",
			{ module: "8190p" },
		),
		m(
			"[ 1201.118213] hello: loading out-of-tree module taints kernel.\n[ 1201.123004] Unable to handle kernel NULL pointer dereference at virtual address 0000000000000008\n[ 1201.131790] Internal error: Oops: 0000000096000046 [#1] PREEMPT SMP\n[ 1201.138040] Modules linked in: hello(O+) brcmfmac brcmutil\n[ 1201.143700] CPU: 2 PID: 1234 Comm: insmod Tainted: G           O       6.6.31+rpt-rpi-v8 #1\n[ 1201.152000] pc : hello_init+0x2c/0x1000 [hello]\n[ 1201.156500] lr : do_one_initcall+0x60/0x3c0",
			{ module: "hello" },
		),
		m(
			"[   12.000001] wl: loading out-of-tree module taints kernel.\n[   12.345678] memcpy: detected buffer overflow: 48 byte write of buffer size 32\n[   12.345700] kernel BUG at lib/string_helpers.c:1045!\n[   12.345712] invalid opcode: 0000 [#1] PREEMPT SMP PTI\n[   12.345733] RIP: 0010:__fortify_panic+0xd/0xf\n[   12.345777]  wl_iw_set_scan+0x1b2/0x230 [wl]",
			{ module: "wl" },
		),
		m("$ sudo insmod xmm7360.ko\nKilled"),
		m("[1.0] kernel BUG at drivers/x.c:1!\n[1.0] pc : hello_init+0x2c/0x1000 [hello]"),
	],
	"module-in-use": [
		m("# rmmod nvidia\nrmmod: ERROR: Module nvidia is in use by: nvidia_uvm nvidia_modeset", {
			module: "nvidia",
		}),
		m("rmmod: ERROR: Module nvidia is in use by: nvidia_uvm nvidia_modeset"),
		m("modprobe: FATAL: Module zfs is in use."),
		m("rmmod: ERROR: Module kvm is in use by kvm_intel"),
	],
	"module-layout-version": [
		m(
			"[    0.784341] btintel: disagrees about version of symbol module_layout\n[    0.784845] init: Failed to insmod '/lib/modules/btintel.ko' with args '': Exec format error\n[    0.785498] init: LoadWithAliases was unable to load btintel",
			{ module: "btintel" },
		),
	],
	"module-name-too-long": [
		m("ERROR: modpost: module name is too long [/m/a_very_long_name_of_a_module.ko]"),
		m("ERROR: modpost: module name is too long [x.ko]"),
		m("modpost: module name is too long [drivers/y.ko]"),
	],
	"module-not-found": [
		m(
			"$ sudo modprobe loop\nmodprobe: FATAL: Module loop not found in directory /lib/modules/5.15.90.1-microsoft-standard-WSL2",
			{ module: "loop" },
		),
		m(
			"depmod: ERROR: could not open directory /lib/modules/5.15.90.1-microsoft-standard-WSL2: No such file or directory\ndepmod: FATAL: could not search modules: No such file or directory",
			{ path: "/lib/modules/5.15.90.1-microsoft-standard-WSL2" },
		),
	],
	"module-not-loaded": [
		m("$ sudo rmmod v4l2loopback\nrmmod: ERROR: Module v4l2loopback is not currently loaded", {
			module: "v4l2loopback",
		}),
		m("rmmod: ERROR: Module v4l2loopback is not currently loaded"),
		m("modprobe: FATAL: Module zfs is not loaded."),
		m("$ sudo rmmod x\nrmmod: ERROR: Module x is not currently loaded"),
	],
	"module-source-missing": [
		m("make[2]: *** No rule to make target '/home/u/x/foo.o', needed by '/home/u/x/bar.o'.  Stop."),
		m(
			"make -C /lib/modules/6.1.0/build M=/home/u/x modules\nmake[3]: *** No rule to make target 'src/foo.o', needed by 'foo_mod.o'.  Stop.",
		),
		m(
			"make -C /lib/modules/6.1.0/build M=/home/u/x modules\n/lib/modules/6.1.0/build/scripts/Makefile.build:41: /home/u/x/Makefile: No such file or directory",
		),
	],
	"objtool-refused": [
		m(
			"foo.o: error: objtool: foo_entry+0x1a: call to {dynamic}() with UACCESS enabled\nmake[4]: *** [/usr/lib/modules/6.16.3-arch1-1/build/scripts/Makefile.build:287: foo.o] Error 1",
			{ file: "foo.o" },
		),
		m(
			"/var/lib/dkms/x/1/build/blob.o: warning: objtool: .text: unexpected end of section\nmake[3]: *** [scripts/Makefile.build:480: /var/lib/dkms/x/1/build/x.o] Error 255",
		),
		m("vmlinux.o: error: objtool: foo+0x1: unannotated intra-function call"),
	],
	"operation-not-permitted": [
		m(
			"[    1.234567] Module nouveau is blacklisted\nmodprobe: ERROR: could not insert 'nouveau': Operation not permitted",
			{ module: "nouveau" },
		),
	],
	"package-kernel-abi": [
		m(
			"Installing kmod-hid (4.19.62-1) to root...\nCollected errors:\n * satisfy_dependencies_for: Cannot satisfy the following dependencies for kmod-hid:\n *      kernel (= 4.19.64-1-52c05eb08af4be27bb7fee46f408b1e4)\n * opkg_install_cmd: Cannot install package kmod-hid.",
		),
		m(
			"Collected errors:\n * pkg_hash_check_unresolved: cannot find dependency kernel (= 5.15.167-1-03ba5b5fee47f2232a088e3cd9832aec) for kmod-nfnetlink-queue\n * pkg_hash_fetch_best_installation_candidate: Packages for kmod-nfnetlink-queue found, but incompatible with the architectures configured\n * opkg_install_cmd: Cannot install package kmod-nft-queue.",
		),
		m(
			"ERROR: unable to select packages:\n  kernel-6.6.73~f8a4e2d1c7b05d3a96d2e1f0b7c4a5d8-r1:\n    breaks: kmod-usb-net-rtl8152-6.6.69-r1[kernel=6.6.69~a1b2c3d4e5f60718293a4b5c6d7e8f90-r1]",
		),
		m(
			"The installed version of package kernel is not compatible, require 4.14.120-1-0f2b58b9 while 4.14.111-1-ee1db38e is installed.",
		),
	],
	"rpm-kernel-symbol-requires": [
		m(
			"Error: \n Problem: conflicting requests\n  - nothing provides ksym(__alloc_pages) = 0x12345678 needed by kmod-mlx5-24.10-1.rhel9u4.x86_64 from @commandline",
			{ symbol: "__alloc_pages" },
		),
		m(
			" Problem: package kmod-nvidia-latest-dkms-3:550.54.15-1.el9.x86_64 requires kernel >= 5.14.0-427.13.1.el9_4, but none of the providers can be installed",
		),
		m(
			"error: Failed dependencies:\n\tkernel(super_setup_bdi_name) = 0xc2260fa3 is needed by kmod-zfs-2.3.5-1.el10.x86_64\n\tnothing provides kernel(sync_blockdev) = 0xd3978ed2 needed by kmod-zfs-2.3.5-1.el10.x86_64",
		),
	],
	"rust-metadata-mismatch": [
		m(
			"  RUSTC [M] hello_rust.o\nerror[E0514]: found crate `core` compiled by an incompatible version of rustc\n  |\n  = note: the following crate versions were found:\n          crate `core` compiled by rustc 1.74.1 (a28077b28 2023-12-04): /usr/src/linux-headers-6.8.0-31-generic/rust/libcore.rmeta\n  = help: please recompile that crate using this compiler (rustc 1.75.0 (82e1608df 2023-12-21))\nerror: aborting due to 1 previous error",
		),
		m("error[E0461]: couldn't find crate `core` with expected target triple target"),
		m("*** Rust compiler 'rustc' is too old."),
	],
	"rust-metadata-missing": [
		m(
			"make[1]: Entering directory '/usr/lib/modules/6.12.4-arch1-1/build'\n  RUSTC [M] /home/u/rust_module/hello.o\nerror: target file \"./scripts/target.json\" does not exist\nmake[3]: *** [scripts/Makefile.build:311: /home/u/rust_module/hello.o] Error 1",
		),
		m("error[E0463]: can't find crate for `kernel`"),
		m("make[1]: *** No rule to make target 'rust/kernel.o', needed by 'x'.  Stop."),
	],
	"signature-rejected": [
		m(
			"mar 06 15:10:43 CS3003NS gdm3[7055]: modprobe: ERROR: could not insert 'nvidia': Key was rejected by service",
			{ module: "nvidia" },
		),
	],
	"signing-digest-refused": [
		m(
			"At main.c:298: - SSL error:03000098:digital envelope routines::invalid digest: ../crypto/evp/pmeth_lib.c:961",
		),
		m(
			"C0F1:error:03000098:digital envelope routines:do_sigver_init:invalid digest:crypto/evp/m_sigver.c:342",
		),
		m("SSL error:0A0C0103: routines::digest not allowed"),
	],
	"source-error": [
		m("hello.c:12:5: error: expected ';' before 'return'"),
		m("hello.c:3:1: error: stray '\\342' in program"),
		m("hello.c:30:1: error: expected declaration or statement at end of input"),
	],
	"strip-of-other-toolchain": [
		m("strip: BFD (GNU Binutils) 2.42.0 assertion fail elf.c:4131"),
		m(
			"objcopy: BFD (GNU Binutils for Debian) 2.40 internal error, aborting at ../../bfd/elf.c:123\nBFD: BFD (GNU Binutils) 2.40 assertion fail elf.c:3",
		),
		m("aarch64-linux-gnu-strip: BFD (GNU Binutils) 2.41 assertion fail ../bfd/elf.c:9"),
	],
	"symbol-namespace": [
		m(
			"  MODPOST /usr/src/fl2000_drm-master/Module.symvers\nERROR: modpost: module fl2000 uses symbol dma_buf_begin_cpu_access from namespace DMA_BUF, but does not import it.\nmake[2]: *** Se borra el archivo '/usr/src/fl2000_drm-master/Module.symvers'",
			{ symbol: "dma_buf_begin_cpu_access", namespace: "DMA_BUF" },
		),
	],
	"symvers-missing": [
		m(
			"WARNING: Module.symvers is missing.\n         Modules may not have dependencies or modversions.\n         You may get many unresolved symbol errors.",
		),
	],
	"toolchain-missing": [
		m(
			"2026/02/11 18:46:29 akmodsbuild: * Rebuilding /usr/src/akmods/nvidia-kmod.latest for kernel(s) 6.18.8-200.fc43.x86_64: Building target platforms: x86_64\n2026/02/11 18:46:29 akmodsbuild: error: Failed build dependencies:\n2026/02/11 18:46:29 akmodsbuild: \tgcc-c++ is needed by nvidia-kmod-3:590.48.01-1.fc43.x86_64",
		),
		m(
			"  BINDGEN rust/bindings/bindings_generated.rs\n/bin/sh: 1: bindgen: not found\nmake[1]: *** [rust/Makefile:336: rust/bindings/bindings_generated.rs] Error 127",
		),
		m(
			"make[1]: Entering directory '/usr/src/linux-headers-6.8.0-45-generic'\n/bin/sh: 1: gcc-13: not found\nmake[3]: *** [scripts/Makefile.build:243: /var/lib/dkms/v4l2loopback/0.12.7/build/v4l2loopback.o] Error 127",
			{ tool: "gcc-13" },
		),
		m(
			"ERROR: Unable to find the development tool `cc` in your path; please make sure that you have the package 'gcc' installed.",
		),
	],
	"tree-not-prepared": [
		m(
			"|   ERROR: Kernel configuration is invalid.\n|          include/generated/autoconf.h or include/config/auto.conf are missing.\n|          Run 'make oldconfig && make prepare' on kernel src to fix it.",
		),
	],
	"trusted-keys-missing": [
		m(
			"make[3]: *** No rule to make target 'debian/canonical-certs.pem', needed by 'certs/x509_certificate_list'.  Stop.",
			{ file: "debian/canonical-certs.pem" },
		),
	],
	"unknown-symbol": [
		m(
			"[  428.714344] kernelsu: Unknown symbol register_kprobe (err -2)\n[  428.714393] kernelsu: Unknown symbol dentry_path_raw (err -2)\n[  428.714454] kernelsu: Unknown symbol kallsyms_lookup_name (err -2)",
			{ symbol: "register_kprobe", module: "kernelsu" },
		),
	],
	"vermagic-localversion": [
		m(
			"[   33.120000] nvidia: version magic '6.6.58-gentoo-dist SMP preempt mod_unload ' should be '6.6.58-gentoo SMP preempt mod_unload '",
			{ module: "nvidia" },
		),
	],
};
