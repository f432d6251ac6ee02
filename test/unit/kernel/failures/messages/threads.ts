import { type Message, m } from "./message.ts";

/** What public threads of 2016 to 2026 showed, written down with the right answer before it was tried (32 of 35 were right at once). */
export const threads: Record<string, Message[]> = {
	"benign-noise": [
		m(
			"warning: pahole version differs from the one used to build the kernel\n  The kernel was built with: 130\n  You are using:             0\n  CC [M]  main.o\n  LD [M]  lime.o\n  MODPOST Module.symvers\nWARNING: modpost: missing MODULE_DESCRIPTION() in lime.o\n  LD [M]  lime.ko\n  BTF [M] lime.ko\nSkipping BTF generation for lime.ko due to unavailability of vmlinux",
		),
	],
	"btf-generation-failed": [
		m(
			"  BTFIDS  vmlinux\nlibbpf: failed to find '.BTF' ELF section in vmlinux\nFAILED: load BTF from vmlinux: No data available\nmake: *** [Makefile:1177: vmlinux] Error 255",
		),
	],
	"btf-mismatch": [
		m(
			"[    0.642535] BPF:     width type_id=54975 bits_offset=0\n[    0.642932] BPF:  \n[    0.643100] BPF: Invalid member bits_offset\n[    0.643413] BPF:\n[    0.643500] failed to validate module [rust_minimal] BTF: -22",
		),
	],
	"build-dir-missing": [
		m(
			"* dkms: running auto installation service for kernel 6.12.10+bpo-amd64\nError! Your kernel headers for kernel 6.12.10+bpo-amd64 cannot be found at /lib/modules/6.12.10+bpo-amd64/build or /lib/modules/6.12.10+bpo-amd64/source.",
		),
		m(
			"akmods[1203]: Checking kmods exist for 6.14.5-300.fc42.x86_64\nakmods[1203]: Building and installing nvidia-kmod [FAILED]\nakmods[1203]: Could not find files needed to compile modules for 6.14.5-300.fc42.x86_64\nakmods[1203]: Are the development files for kernel 6.14.5-300.fc42.x86_64 or the appropriate kernel-devel package installed?",
		),
	],
	"clang-built-kernel": [
		m(
			"/usr/bin/ld: /home/u/m/x.o: file format not recognized; treating as linker script\n/usr/bin/ld: /home/u/m/x.o:1: syntax error\nwarning: the compiler differs from the one used to build the kernel\n  The kernel was built by: clang version 19.1.7\n  You are using:           clang version 19.1.7",
		),
	],
	"compiler-killed": [
		m(
			"gcc: fatal error: Killed signal terminated program cc1\ncompilation terminated.\nmake[3]: *** [scripts/Makefile.build:250: /var/lib/dkms/rtl8812au/5.13.6/build/hal/hal_com.o] Error 1",
		),
	],
	"concurrent-make": [
		m(
			"fixdep: error opening depfile: scripts/mod/.empty.o.d: No such file or directory\nmake[2]: *** [scripts/Makefile.build:244: scripts/mod/empty.o] Error 2",
		),
	],
	"disk-full": [
		m(
			"cc1: fatal error: opening dependency file /var/lib/dkms/zfs/2.2.6/build/module/zfs/.arc.o.d: No space left on device\ncompilation terminated.",
		),
	],
	"gpl-only-symbol": [
		m(
			"ERROR: modpost: GPL-incompatible module nvidia.ko uses GPL-only symbol '__rcu_read_lock'\nmake[3]: *** [scripts/Makefile.modpost:145: Module.symvers] Error 1",
		),
	],
	"host-tools-missing": [
		m(
			" BTF [M] /8821cu/8821cu.ko\n/bin/sh: line 1: ./tools/bpf/resolve_btfids/resolve_btfids: No such file or directory\nmake[3]: *** [scripts/Makefile.modfinal:60:/8821cu/8821cu.ko] Error 127",
		),
	],
	"kernel-api-changed": [
		m(
			"In file included from ././common/inc/nv-linux.h:36,\n                 from nvidia/nv-platform.c:30:\n././common/inc/nv-timer.h: In function 'nv_timer_delete_sync':\n././common/inc/nv-timer.h:58:5: error: implicit declaration of function 'del_timer_sync' [-Wimplicit-function-declaration]\nmake[4]: *** [/usr/src/kernels/7.0.0/scripts/Makefile.build:289: nvidia/nv-platform.o] Error 1",
		),
		m(
			"timers.c: In function ‘wg_expired_retransmit_handshake’:\ntimers.c:43:32: error: implicit declaration of function ‘from_timer’; did you mean ‘mod_timer’? [-Wimplicit-function-declaration]\ntimers.c:44:43: error: ‘timer_retransmit_handshake’ undeclared (first use in this function)\n# command: make -j8 KERNELRELEASE=6.16.7-273-tkg-eevdf -C /usr/lib/modules/6.16.7-273-tkg-eevdf/build M=/var/lib/dkms/amneziawg/1.0.0/build",
		),
		m(
			"/root/awg/src/compat/compat.h:1291:19: error: static declaration of 'timer_delete' follows non-static declaration\n 1291 | static inline int timer_delete(struct timer_list *timer)\nIn file included from ./include/linux/workqueue.h:9,\nmake[2]: *** [scripts/Makefile.build:270: /root/awg/src/main.o] Error 1",
		),
	],
	"libelf-missing": [
		m(
			"make[1]: Entering directory '/usr/src/kernels/4.15.3-300.fc27.x86_64'\nMakefile:936: *** \"Cannot generate ORC metadata for CONFIG_UNWINDER_ORC=y, please install libelf-dev, libelf-devel or elfutils-libelf-devel\".  Stop.",
		),
	],
	"log-is-elsewhere": [
		m(
			"Sign command: /usr/lib/modules/6.16.0-3-MANJARO/build/scripts/sign-file\nBuilding module(s)...(bad exit status: 2)\nFailed command:\nmake -j32 KERNELRELEASE=6.16.0-3-MANJARO KVERSION=6.16.0-3-MANJARO\n\nError! Bad return status for module build on kernel: 6.16.0-3-MANJARO (x86_64)\nConsult /var/lib/dkms/xpad/0.4/build/make.log for more information.",
		),
	],
	"missing-module-license": [
		m(
			"ERROR: modpost: missing MODULE_LICENSE() in /home/u/hello/hello.o\nmake[2]: *** [/usr/src/linux-headers-6.8.0-45-generic/scripts/Makefile.modpost:145: /home/u/hello/Module.symvers] Error 1",
		),
	],
	"modpost-undefined": [
		m(
			'WARNING: modpost: missing MODULE_DESCRIPTION() in drivers/extcon/extcon-k1xci.o\nERROR: modpost: "PVRProcFsRegister" [drivers/gpu/drm/img-rogue/pvrsrvkm.ko] undefined!\nmake[2]: *** [scripts/Makefile.modpost:147: Module.symvers] Error 1',
		),
	],
	"module-already-loaded": [m("insmod: ERROR: could not insert module hello.ko: File exists")],
	"module-init-failed": [
		m(
			"[   45.120] nvidia: probe of 0000:01:00.0 failed with error -1\n[   45.121] NVRM: The NVIDIA probe routine failed for 1 device(s).\n[   45.122] NVRM: None of the NVIDIA devices were initialized.\nmodprobe: ERROR: could not insert 'nvidia': No such device",
		),
	],
	"module-layout-version": [
		m(
			"-bash-3.2# insmod optee.ko\n[12029.023267] optee: disagrees about version of symbol module_layout\ninsmod: error inserting 'optee.ko': -1 Invalid module format",
		),
	],
	"module-not-found": [
		m(
			"modprobe: FATAL: Module br_netfilter not found in directory /lib/modules/6.6.87.2-microsoft-standard-WSL2",
		),
	],
	"operation-not-permitted": [
		m(
			"root@ct101:~# modprobe wireguard\nmodprobe: ERROR: could not insert 'wireguard': Operation not permitted",
		),
	],
	"pahole-missing": [
		m(
			"  BTF [M] /home/user/ch343ser_linux/driver/ch343.ko\n/bin/sh: 1: pahole: not found\nmake[3]: *** [scripts/Makefile.modfinal:60: /home/user/ch343ser_linux/driver/ch343.ko] Error 127\nmake[3]: *** Deleting file '/home/user/ch343ser_linux/driver/ch343.ko'",
		),
	],
	"relocation-overflow": [
		m(
			"[   33.2] module big: overflow in relocation type 283 val ffff8000100b1000\ninsmod: ERROR: could not insert module big.ko: Invalid module format",
		),
	],
	"rust-metadata-mismatch": [
		m(
			"error[E0514]: found crate `core` compiled by an incompatible version of rustc\n  = note: the following crate versions were found:\n          crate `core` compiled by rustc 1.84.0 (9fc6b4312 2025-01-07): /usr/lib/modules/6.13.1-arch1-1/build/rust/libcore.rmeta",
		),
	],
	"signature-rejected": [
		m(
			"modprobe: ERROR: could not insert 'vboxdrv': Key was rejected by service\nThere were problems setting up VirtualBox.  To re-start the set-up process, run\n  /sbin/vboxconfig\nas root.  If your system is using EFI Secure Boot you may need to sign the\nkernel modules (vboxdrv, vboxnetflt, vboxnetadp, vboxpci) before you can load them.",
		),
	],
	"symbol-version-mismatch": [
		m(
			"[10020.633203] wlan: disagrees about version of symbol del_timer\n[10020.633248] wlan: Unknown symbol del_timer (err -22)\n[10020.633396] wlan: disagrees about version of symbol __platform_driver_register\ninsmod: ERROR: could not insert module wlan.ko: Invalid argument",
		),
	],
	"toolchain-missing": [
		m(
			"make -C /lib/modules/6.8.0-49-generic/build M=/home/u/x modules\nmake[1]: Entering directory '/usr/src/linux-headers-6.8.0-49-generic'\nwarning: the compiler differs from the one used to build the kernel\n  The kernel was built by: x86_64-linux-gnu-gcc-13 (Ubuntu 13.2.0-23ubuntu4) 13.2.0\n  You are using:           \n  CC [M]  /home/u/x/x.o\n/bin/sh: 1: gcc-13: not found\nmake[3]: *** [scripts/Makefile.build:243: /home/u/x/x.o] Error 127",
		),
	],
	"tree-not-prepared": [
		m(
			"make[1]: Entering directory '/usr/src/linux-headers-6.1.60-bpi-r3-main'\n  SYNC    include/config/auto.conf.cmd\ncan't find file Kconfig\nmake[2]: *** [scripts/kconfig/Makefile:77: syncconfig] Error 1",
		),
		m(
			'lib/Kconfig.debug:2603: can\'t open file "Documentation/Kconfig"\nmake[1]: *** [scripts/kconfig/Makefile:77: oldconfig] Error 1\nmake: *** [Makefile:635: oldconfig] Error 2',
		),
	],
	"unknown-parameter": [m("[   12.1] i915: unknown parameter 'enable_fbd' ignored")],
	"unknown-symbol": [
		m(
			"[  512.33] v4l2loopback: Unknown symbol video_device_alloc (err -2)\n[  512.33] v4l2loopback: Unknown symbol v4l2_device_register (err -2)\ninsmod: ERROR: could not insert module v4l2loopback.ko: Unknown symbol in module",
		),
	],
	"vermagic-release": [
		m(
			"[    8.1] hailo_pci: version magic '6.6.31+rpt-rpi-2712 SMP preempt mod_unload modversions aarch64' should be '6.12.25+rpt-rpi-2712 SMP preempt mod_unload modversions aarch64'",
		),
	],
};
