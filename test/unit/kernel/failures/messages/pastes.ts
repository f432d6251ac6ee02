import { type Message, m } from "./message.ts";

/** Further public threads, by other systems and build systems than those of threads.ts; 34 of the 46 that were written down were right at once. */
export const pastes: Record<string, Message[]> = {
	"arch-variable-wrong": [
		m(
			">>> Compiling source in /var/tmp/portage/sys-fs/vdo-kmod-8.2.0.21/work/kvdo-8.2.0.21 ...\nmake -j16 -C /usr/src/linux M=/var/tmp/portage/sys-fs/vdo-kmod-8.2.0.21/work/kvdo-8.2.0.21\nmake: Entering directory '/usr/src/linux-6.6.13-gentoo'\n/usr/src/linux-6.6.13-gentoo/Makefile:768: arch/amd64/Makefile: No such file or directory\nmake: *** No rule to make target 'arch/amd64/Makefile'.  Stop.",
		),
		m(
			"pi@raspberrypi:~/rtl8821CU $ make\nmake ARCH=arm64 CROSS_COMPILE= -C /lib/modules/4.9.35-v7+/build M=/home/pi/rtl8821CU  modules\nmake[1]: Entering directory '/home/pi/linux-be2540e540f5442d7b372208787fb64100af0c54'\n  CC [M]  /home/pi/rtl8821CU/core/rtw_cmd.o\ngcc: error: unrecognized command line option ‘-mgeneral-regs-only’\nscripts/Makefile.build:293: recipe for target '/home/pi/rtl8821CU/core/rtw_cmd.o' failed\nmake[2]: *** [/home/pi/rtl8821CU/core/rtw_cmd.o] Error 1",
		),
	],
	"benign-noise": [
		m(
			"depmod: ERROR: fstatat(8, nvme-rdma.ko): No such file or directory\ndepmod: ERROR: fstatat(8, nvmet-rdma.ko): No such file or directory\ndepmod: ERROR: fstatat(10, mlxsw_spectrum.ko): No such file or directory\ndepmod: ERROR: fstatat(7, cifs.ko): No such file or directory\nInstalled:\n  linuxki-7.12-1.noarch\nComplete!",
		),
	],
	"build-dir-missing": [
		m(
			"Jan 03 03:10:48 bazzite rpm-ostree(akmod-nct6687d.post)[17018]: Building /usr/src/akmods/nct6687d-kmod-1.0.155-git2f40c7e.src.rpm for kernel 6.17.12-300.fc43.x86_64\nJan 03 03:10:48 bazzite rpm-ostree(akmod-nct6687d.post)[17025]: ERROR: Files needed for building modules against kernel\nJan 03 03:10:48 bazzite rpm-ostree(akmod-nct6687d.post)[17025]:  6.17.12-300.fc43.x86_64 could not be found as the following\nJan 03 03:10:48 bazzite rpm-ostree(akmod-nct6687d.post)[17025]:  directories are missing:\nJan 03 03:10:48 bazzite rpm-ostree(akmod-nct6687d.post)[17025]:  /usr/src/kernels/6.17.12-300.fc43.x86_64/\nJan 03 03:10:48 bazzite rpm-ostree(akmod-nct6687d.post)[17025]:  /usr/lib/modules/6.17.12-300.fc43.x86_64/build/",
			{ release_kernel: "6.17.12-300.fc43.x86_64" },
		),
		m(
			"(2/4) Install DKMS modules\n==> ERROR: Missing 5.18.5-hardened1-2-hardened kernel headers for module lkrg/r481.7bb9cf1.",
			{ release_kernel: "5.18.5-hardened1-2-hardened" },
		),
		m(
			"Executing akms-0.2.0-r0.trigger\nakms: Building module librem-ec-acpi/0.91 for kernel 5.16.0-0-edge\nakms: ERROR: Package linux-edge-dev=5.16.0-r0 is not available in the repositories!",
			{ release_kernel: "5.16.0-0-edge" },
		),
		m(
			"File: /var/lib/dkms/steamdeck/6.8.12.valve2/build/make.log\nDKMS make.log for steamdeck/6.8.12.valve2 for kernel 6.12.6-zen1-1-zen (x86_64)\nMon, 23 Dec 2024 17:44:47 +05\nmake -C /lib/modules/6.12.4-zen1-1-zen/build M=/var/lib/dkms/steamdeck/6.8.12.valve2/build modules\nmake[1]: *** /lib/modules/6.12.4-zen1-1-zen/build: No such file or directory.  Stop.\nmake: *** [Makefile:9: all] Error 2",
			{ release_kernel: "6.12.4-zen1-1-zen" },
		),
		m(
			"onecloud-10-804:RTL8192EU:# make\nmake ARCH=armv7l CROSS_COMPILE= -C /lib/modules/6.6.21-current-meson/build M=/root/RTL8192EU  modules\nmake[1]: *** /lib/modules/6.6.21-current-meson/build: No such file or directory.  Stop.\nmake: *** [Makefile:1829: modules] Error 2",
			{ release_kernel: "6.6.21-current-meson" },
		),
	],
	"cfi-failure": [
		m(
			"Jun 05 09:41:15 sdr-aptv kernel: traps: Missing ENDBR: init_module+0x0/0x1000 [v4l2loopback]\nJun 05 09:41:15 sdr-aptv kernel: ------------[ cut here ]------------\nJun 05 09:41:15 sdr-aptv kernel: kernel BUG at arch/x86/kernel/traps.c:252!\nJun 05 09:41:15 sdr-aptv kernel: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI\nJun 05 09:41:15 sdr-aptv kernel: CPU: 3 PID: 2310 Comm: modprobe Tainted: G           OE     5.18.1-arch1-1 #1 aeb6a372\nJun 05 09:41:15 sdr-aptv kernel: RIP: 0010:exc_control_protection+0xc2/0xd0",
			{ module: "v4l2loopback" },
		),
		m(
			"[   45.141648] lkrg: loading out-of-tree module taints kernel.\n[   45.141655] lkrg: module verification failed: signature and/or required key missing - tainting kernel\n[   45.152140] traps: Missing ENDBR: kallsyms_lookup_name+0x4/0xd0\n[   45.152178] ------------[ cut here ]------------\n[   45.152179] kernel BUG at arch/x86/kernel/traps.c:255!\n[   45.152182] invalid opcode: 0000 [#1] PREEMPT SMP NOPTI\n[   45.152185] CPU: 8 PID: 2004 Comm: insmod Tainted: G           OE      6.4.0-rc3+ #5\n[   45.152188] RIP: 0010:exc_control_protection+0xc2/0xd0",
			{ module: "lkrg" },
		),
	],
	"clang-built-kernel": [
		m(
			"make -C /lib/modules/6.14.5-pikaos/build/include/.. M=$PWD SRCROOT=$PWD/. \\\n  MODULEBUILDDIR= modules\nmake[2]: Entering directory '/usr/src/linux-headers-6.14.5-pikaos'\nwarning: the compiler differs from the one used to build the kernel\n  The kernel was built by: Debian clang version 19.1.3 (2 8d4b1af86f80705ca946f3547f6aeb5c52202eb5)\n  You are using:           gcc (Debian 14.2.0-7) 14.2.0\n  CC [M]  linux/driver.o\ngcc: error: unrecognized command-line option ‘-mretpoline-external-thunk’\ngcc: error: unrecognized command-line option ‘-fsplit-lto-unit’\nmake[5]: *** [/usr/src/linux-headers-6.14.5-pikaos/scripts/Makefile.build:212: linux/driver.o] Error 1",
		),
	],
	"compiler-runtime-symbol": [
		m(
			'2024-08-19T13:02:11.5137636Z ERROR: modpost: "__stack_chk_guard" [arch/arm64/geniezone/gzvm.ko] undefined!\n2024-08-19T13:02:11.5139100Z ERROR: modpost: "__stack_chk_guard" [mm/zsmalloc.ko] undefined!\n2024-08-19T13:02:11.5140276Z ERROR: modpost: "__stack_chk_guard" [drivers/block/zram/zram.ko] undefined!\n2024-08-19T13:02:11.5155115Z WARNING: modpost: suppressed 35 unresolved symbol warnings because there were too many)\n2024-08-19T13:02:11.5159111Z make[2]: *** [../scripts/Makefile.modpost:186: Module.symvers] Error 1',
			{ symbol: "__stack_chk_guard" },
		),
	],
	"dkms-module-not-built": [
		m(
			"==> dkms install --no-depmod nct6687d-dkms-git/r119.7df2680 -k 6.15.2-arch1-1\n\nError! Build of nct6687.ko failed for: 6.15.2-arch1-1 (x86_64)\nMake sure the name and location of the generated module are correct,\nor consult /var/lib/dkms/nct6687d-dkms-git/r119.7df2680/build/make.log for more information.\n==> WARNING: `dkms install --no-depmod nct6687d-dkms-git/r119.7df2680 -k 6.15.2-arch1-1' exited 7\nDKMS (dkms-3.2.1) make.log for nct6687d-dkms-git/r119.7df2680 for kernel 6.15.2-arch1-1 (x86_64)\nBuilding module(s)\n# command: make -j32 KERNELRELEASE=6.15.2-arch1-1 -C /usr/lib/modules/6.15.2-arch1-1/build M=/var/lib/dkms/nct6687d-dkms-git/r119.7df2680/build\nmake: Entering directory '/usr/lib/modules/6.15.2-arch1-1/build'\nmake[1]: Entering directory '/var/lib/dkms/nct6687d-dkms-git/r119.7df2680/build'\n  MODPOST Module.symvers\nmake[1]: Leaving directory '/var/lib/dkms/nct6687d-dkms-git/r119.7df2680/build'\n\n# exit code: 0",
			{ module: "nct6687", release_kernel: "6.15.2-arch1-1" },
		),
		m(
			"Error!  Build of p_lkrg.ko failed for: 5.18.12-hardened1-1-hardened (x86_64)\nMake sure the name of the generated module is correct and at the root of the\nbuild directory, or consult make.log in the build directory\n/var/lib/dkms/lkrg/r481.7bb9cf1/build for more information.",
			{ module: "p_lkrg" },
		),
		m("Error! Build of v4l2loopback.ko.zst failed for: 6.8.0-45-generic (x86_64)", {
			module: "v4l2loopback",
		}),
	],
	"errno-alone": [
		m(
			"01-01 10:12:48.522     1     1 I (6)[1:init]: Command 'insmod /vendor/lib/modules/fpsgo.ko' action=boot (/vendor/etc/init/hw/init.mt6765.rc:1226) took 1ms and failed: finit_module for \"/vendor/lib/modules/fpsgo.ko\" failed: Exec format error\n01-01 10:12:48.552     1     1 I (0)[1:init]: Command 'insmod /vendor/lib/modules/connfem.ko' action=boot (/vendor/etc/init/init.connfem.rc:2) took 2ms and failed: finit_module for \"/vendor/lib/modules/connfem.ko\" failed: Exec format error",
			{ module: "fpsgo" },
		),
	],
	"external-module-missing": [
		m(
			"Sat 31 Dec 2022 02:36:01 PM IST\nmake: Entering directory '/usr/src/linux-headers-6.1.0-1-pve'\nscripts/Makefile.build:44: /var/lib/dkms/i915-sriov/6.1/build/Makefile: No such file or directory\nmake[1]: *** No rule to make target '/var/lib/dkms/i915-sriov/6.1/build/Makefile'.  Stop.\nmake: *** [Makefile:1996: /var/lib/dkms/i915-sriov/6.1/build] Error 2\nmake: Leaving directory '/usr/src/linux-headers-6.1.0-1-pve'",
			{ folder: "/var/lib/dkms/i915-sriov/6.1/build" },
		),
	],
	"extra-cflags-ignored": [
		m(
			"make -C /lib/modules/6.17.0-29-generic/build M=/usr/src/vmmon-17.6.3 modules\nmake[1]: Entering directory '/usr/src/linux-headers-6.17.0-29-generic'\nmake[2]: Entering directory '/usr/src/vmmon-17.6.3'\n  CC [M]  linux/driver.o\nlinux/driver.c:21:10: fatal error: driver-config.h: No such file or directory\ncompilation terminated.",
			{ file: "driver-config.h" },
		),
	],
	"kernel-api-changed": [
		m(
			"Building for 6.8.12-5-pve 6.8.12-4-pve\nModule build for kernel 6.8.12-4-pve was skipped since the\nkernel headers for this kernel do not seem to be installed.\nBuilding initial module for 6.8.12-5-pve\n/var/lib/dkms/i915-sriov-dkms/2024.12.30/build/drivers/gpu/drm/i915/i915_driver.c:1234:9: error: implicit declaration of function 'drm_foo' [-Werror=implicit-function-declaration]\nError! Bad return status for module build on kernel: 6.8.12-5-pve (x86_64)\nConsult /var/lib/dkms/i915-sriov-dkms/2024.12.30/build/make.log for more information.",
			{ symbol: "drm_foo" },
		),
		m(
			"DKMS make.log for 8852au-20230824 for kernel 4.19.292_1 (x86_64)\nmake ARCH=x86_64 CROSS_COMPILE= -C /usr/lib/modules/4.19.292_1/build M=/var/lib/dkms/8852au/20230824/build  modules\n/var/lib/dkms/8852au/20230824/build/os_dep/osdep_service_linux.c: In function 'openFile':\n/var/lib/dkms/8852au/20230824/build/os_dep/osdep_service_linux.c:392:9: error: implicit declaration of function 'MODULE_IMPORT_NS' [-Werror=implicit-function-declaration]\n/var/lib/dkms/8852au/20230824/build/os_dep/osdep_service_linux.c:392:26: error: 'VFS_internal_I_am_really_a_filesystem_and_am_NOT_a_driver' undeclared (first use in this function)",
			{ symbol: "MODULE_IMPORT_NS" },
		),
	],
	"log-is-elsewhere": [
		m(
			"Checking kmods exist for 6.13.4-200.fc41.x86_64 [  OK  ]\nBuilding and installing nvidia-kmod [FAILED]\nBuilding rpms failed; see /var/cache/akmods/nvidia/565.77-1-for-6.13.4-200.fc41.x86_64.failed.log for details\n\nHint: Some kmods were ignored or failed to build or install.\nYou can try to rebuild and install them by by calling\n'/usr/sbin/akmods --force' as root.",
			{ path: "/var/cache/akmods/nvidia/565.77-1-for-6.13.4-200.fc41.x86_64.failed.log" },
		),
		m("Starting VirtualBox services.\nvboxdrv.sh: failed: Look at /var/log/vbox-setup.log.03.", {
			path: "/var/log/vbox-setup.log.03",
		}),
		m("ERROR: Logfile of failure stored in: /build/tmp/work/hello-mod/0.1/temp/log.do_compile.12345", {
			path: "/build/tmp/work/hello-mod/0.1/temp/log.do_compile.12345",
		}),
	],
	"modpost-undefined": [
		m(
			'make -C /lib/modules/6.10.6-gentoo-x86_64/build M=/home/mcadoo/git/hid-tmff2/deps/hid-tminit modules\nmake[2]: Entering directory \'/usr/src/linux-6.10.6-gentoo\'\n  CC [M]  /home/mcadoo/git/hid-tmff2/deps/hid-tminit/hid-tminit.o\n  MODPOST /home/mcadoo/git/hid-tmff2/deps/hid-tminit/Module.symvers\nERROR: modpost: "__hid_register_driver" [/home/mcadoo/git/hid-tmff2/deps/hid-tminit/hid-tminit-new.ko] undefined!\nERROR: modpost: "memcpy" [/home/mcadoo/git/hid-tmff2/deps/hid-tminit/hid-tminit-new.ko] undefined!\nERROR: modpost: "kfree" [/home/mcadoo/git/hid-tmff2/deps/hid-tminit/hid-tminit-new.ko] undefined!',
			{ symbol: "memcpy" },
		),
		m(
			"make[2]: Entering directory '/usr/src/kernels/5.14.0-437.el9.x86_64'\n  MODPOST /repos/vmware-host-modules/vmnet-only/Module.symvers\nERROR: modpost: \"csum_and_copy_to_user\" [/repos/vmware-host-modules/vmnet-only/vmnet.ko] undefined!",
			{ symbol: "csum_and_copy_to_user" },
		),
	],
	"module-layout-version": [
		m(
			"akms: Installing module acpi_call 1.2.2-r0 for kernel 5.15.115-0-lts\nakms: Module acpi_call/1.2.2-r0 for 5.15.115-0-lts installed successfully\n# modprobe acpi_call\nmodprobe: ERROR: could not insert 'acpi_call': Exec format error\nacpi_call: disagrees about version of symbol module_layout",
			{ module: "acpi_call" },
		),
	],
	"module-not-found": [
		m(
			"  DEPMOD  /home/joni/BUILDROOT/kernel-6.4.0_tkg-1.x86_64/lib/modules/6.4.0_tkg_pds-g6995e2de6891\ndepmod: ERROR: could not open directory /home/joni/BUILDROOT/kernel-6.4.0_tkg-1.x86_64/usr/lib/modules/99.98.6.4.0_tkg_pds-g6995e2de6891: No such file or directory\ndepmod: FATAL: could not search modules: No such file or directory\nmake[2]: *** [Makefile:1959: modules_install] Error 1\nerror: Bad exit status from /var/tmp/rpm-tmp.uTWTrl (%install)",
			{ path: "/usr/lib/modules/99.98.6.4.0_tkg_pds-g6995e2de6891" },
		),
		m(
			'fatal: [127.0.0.1]: FAILED! => {"changed": false, "cmd": ["depmod", "-a", "6.6.22-v8+"], "msg": "non-zero return code", "rc": 1, "stderr": "depmod: ERROR: could not open directory /lib/modules/6.6.22-v8+: No such file or directory\\ndepmod: FATAL: could not search modules: No such file or directory"}',
			{ release_kernel: "6.6.22-v8+" },
		),
		m(
			"error: builder for '/nix/store/8pba-linux-6.16.5-modules-shrunk.drv' failed with exit code 1;\n       last 3 log lines:\n       > kernel version is 6.16.5-cachyos\n       > root module: xhci_pci\n       > modprobe: FATAL: Module xhci_pci not found in directory /nix/store/q76b-linux-6.16.5-modules/lib/modules/6.16.5-cachyos",
			{ module: "xhci_pci" },
		),
	],
	"no-module-support": [
		m("insmod hello.ko\ninsmod: ERROR: could not insert module hello.ko: Function not implemented", {
			module: "hello",
		}),
	],
	"not-a-kernel-tree": [
		m(
			"briaguya@alice:~/code/gcadapter-oc-kmod$ make\nmake -C \"/lib/modules/6.9.9-amd64/build\" M=\"/home/briaguya/code/gcadapter-oc-kmod\" modules\nmake[1]: Entering directory '/usr/lib/modules/6.9.9-amd64/build'\nmake[1]: *** No rule to make target 'modules'.  Stop.\nmake[1]: Leaving directory '/usr/lib/modules/6.9.9-amd64/build'\nmake: *** [Makefile:6: all] Error 2",
			{ tree: "/usr/lib/modules/6.9.9-amd64/build" },
		),
	],
	"objtool-refused": [
		m(
			"make[1]: Entering directory '/usr/src/linux-headers-6.17.0-29-generic'\nuserif.o: error: objtool: VNetCsumAndCopyToUser+0x31: call to csum_partial_copy_nocheck() with UACCESS enabled",
			{ file: "userif.o" },
		),
	],
	"openwrt-kmod-files": [
		m(
			"ERROR: module '/home/hacker/openwrt/build_dir/target-aarch64_generic_musl/linux-armsr_armv8/linux-6.6.43/net/sched/act_bpf.ko' is missing.\nmake[3]: *** [modules/netsupport.mk:807: /home/hacker/openwrt/bin/targets/armsr/armv8/packages/kmod-sched-bpf_6.6.43-r1_aarch64_generic.ipk] Error 1\n    ERROR: package/kernel/linux failed to build.",
			{ module: "act_bpf" },
		),
		m(
			"Package kmod-openvswitch is missing dependencies for the following libraries:\npsample.ko\nmake[3]: *** [Makefile:163: kmod-openvswitch_6.12.30.3.5.1-r1_aarch64_cortex-a53.ipk] Error 1",
			{ driver: "kmod-openvswitch" },
		),
		m("Package kmod-wireguard is missing dependencies for the following libraries:\nlibblake2s.ko", {
			driver: "kmod-wireguard",
		}),
	],
	"return-thunk-unpatched": [
		m(
			"[  195.947121] ------------[ cut here ]------------\n[  195.947247] missing return thunk: 0xffffffffc0e5322d-0xffffffffc118903b: e9 09 5e 33 00\n[  195.947259] WARNING: CPU: 4 PID: 125713 at arch/x86/kernel/alternative.c:766 apply_returns+0x198/0x1b0\n[  195.947264] Modules linked in: spl(OE) nft_fib_inet nft_fib_ipv4 [last unloaded: spl(OE)]\n[  195.947281] CPU: 4 PID: 125713 Comm: insmod Kdump: loaded Tainted: P        W  OE     -------  ---  5.14.0-570.12.1.el9_6.x86_64 #1",
		),
		m(
			"Unpatched return thunk in use. This should not happen!\nWARNING: CPU: 3 PID: 812 at arch/x86/kernel/cpu/bugs.c:3007 __warn_thunk+0x2a/0x40",
		),
		m("missing return thunk: sha256_transform_avx+0x10/0x80 [spl]-0x0: e9 09 5e 33 00", {
			module: "spl",
			symbol: "sha256_transform_avx",
		}),
	],
	"rust-metadata-missing": [
		m(
			"> make -C $KDIR M=$PWD\nerror[E0463]: can't find crate for `core`\n  |\n  = note: the `target` target may not be installed\n  = help: consider downloading the target with `rustup target add target`\n  = help: consider building the standard library from source with `cargo build -Zbuild-std`",
		),
	],
	"subdirs-obsolete": [
		m(
			"root@nvidia-desktop:/home/nvidia/simcom_wwan# make\nmake     -C /lib/modules/5.10.104-tegra/build     SUBDIRS=/home/nvidia/simcom_wwan modules\nmake[1]: Entering directory '/usr/src/linux-headers-5.10.104-tegra-ubuntu20.04_aarch64/kernel-5.10'\n  SYNC    include/config/auto.conf.cmd\ndrivers/video/Kconfig:27: can't open file \"drivers/video/tegra/Kconfig\"\nmake[3]: *** [scripts/kconfig/Makefile:71: syncconfig] Error 1\nmake[2]: *** [Makefile:633: syncconfig] Error 2\nmake[1]: *** [Makefile:742: include/config/auto.conf.cmd] Error 2\nmake: *** [Makefile:6: default] Error 2",
			{ folder: "/home/nvidia/simcom_wwan" },
		),
	],
	"toolchain-missing": [
		m(
			"2026/03/07 02:22:35 akmods: Building RPM using the command '/usr/sbin/akmodsbuild --kernels 6.18.13-200.fc43.aarch64 /usr/src/akmods/nvidia-kmod.latest'\nBuilding target platforms: aarch64\nInstalling /usr/src/akmods/nvidia-kmod.latest\nsetting SOURCE_DATE_EPOCH=1772841600\nerror: Failed build dependencies:\n        gcc-c++ is needed by nvidia-kmod-3:590.48.01-4.fc43.aarch64\n2026/03/07 02:22:36 akmodsbuild: error: Failed build dependencies:\n2026/03/07 02:22:36 akmodsbuild:        gcc-c++ is needed by nvidia-kmod-3:590.48.01-4.fc43.aarch64",
			{ tool: "g++" },
		),
		m(
			"make -C /lib/modules/5.10.0-22-amd64/build M=/home/robin/rtw88 modules\nmake[1] : entering directory « /usr/src/linux-headers-5.10.0-22-amd64 »\nmake[1] : leaving directory « /usr/src/linux-headers-5.10.0-22-amd64 »\nmake: depmod: No such file or directory\nmake: *** [Makefile:124 : install] Error 127",
			{ tool: "depmod" },
		),
		m(
			"DKMS make.log for system76-1.0.13 for kernel 5.16.14-1-MANJARO (x86_64)\nWed Mar 23 00:00:14 CET 2022\nmake: Entering directory '/usr/lib/modules/5.16.14-1-MANJARO/build'\nmake: uname: No such file or directory\nmake: make: No such file or directory\nmake: *** [Makefile:1846: /var/lib/dkms/system76/1.0.13/build] Error 127\nmake: Leaving directory '/usr/lib/modules/5.16.14-1-MANJARO/build'",
			{ tool: "make" },
		),
	],
	"tree-not-writable": [
		m(
			"buildPhase\nbuild flags: -j8 ARCH=x86_64 CROSS_COMPILE= KDIR=/nix/store/6b9j-linux-6.13-dev/lib/modules/6.13.0/build\nmake -C /nix/store/6b9j-linux-6.13-dev/lib/modules/6.13.0/build M=$PWD modules\nmake[1]: Entering directory '/nix/store/6b9j-linux-6.13-dev/lib/modules/6.13.0/build'\nmkdir: cannot create directory '.tmp_63': Permission denied\nmkdir: cannot create directory '.tmp_66': Permission denied",
			{ path: "/nix/store/6b9j-linux-6.13-dev/lib/modules/6.13.0/build" },
		),
	],
	"unknown-relocation": [
		m(
			"admin@IRONJAW:/volume1/docker/_update/module_test$ sudo insmod ./iptable_raw.ko\ninsmod: ERROR: could not insert module ./iptable_raw.ko: Invalid module format\nadmin@IRONJAW:/volume1/docker/_update/module_test$ sudo dmesg | tail -50\n[ 6882.377841] WARNING: module 'iptable_raw' built without retpoline-enabled compiler, may affect Spectre v2 mitigation\n[ 6882.389675] iptable_raw: module verification failed: signature and/or required key missing - tainting kernel\n[ 6882.400774] module: iptable_raw: Unknown rela relocation: 4",
			{ module: "iptable_raw", relocation: "4" },
		),
	],
	"module-crashed": [
		m(
			"[  101.100000]  ? __die+0x24/0x70\n[  101.100000]  ? page_fault_oops+0x82/0x160\n[  101.100000]  ? exc_page_fault+0x85/0x1c0\n[  101.100000]  ? mydrv_init+0x2b/0x1000 [mydrv]\n[  101.100000]  do_one_initcall+0x5b/0x310\n[  101.100000]  do_init_module+0x60/0x240",
			{ module: "mydrv", symbol: "mydrv_init" },
		),
	],
	"module-init-failed": [
		m("[   12.401000] imx219: probe of 10-0010 failed with error -22", {
			module: "imx219",
			parameter: "10-0010",
		}),
		m("[    9.120000] imx219 10-0010: probe with driver imx219 failed with error -5", {
			module: "imx219",
			parameter: "10-0010",
		}),
	],
	"selinux-denied": [
		m(
			'audit: type=1400 audit(1700000000.123:55): avc:  denied  { integrity } for  pid=1234 comm="modprobe" lockdown_reason="unsigned module loading" scontext=system_u:system_r:kmod_t:s0 tcontext=system_u:system_r:kmod_t:s0 tclass=lockdown permissive=0',
			{ option: "lockdown", tool: "modprobe" },
		),
	],
	"rust-metadata-mismatch": [
		m("error[E0461]: couldn't find crate `core` with expected target triple target-7716268263863398243", {
			option: "E0461",
			symbol: "core",
		}),
	],
	"unknown-symbol": [
		m(
			"/data/local/tmp # insmod ksu.ko\ninsmod: failed to load ksu.ko: No such file or directory\n/data/local/tmp # dmesg\n[ 1624.977215] kernelsu: Unknown symbol kallsyms_lookup_name (err -2)\n[ 1624.977369] kernelsu: Unknown symbol dentry_path_raw (err -2)\n[ 1624.977459] kernelsu: Unknown symbol security_add_hooks (err -2)",
			{ symbol: "kallsyms_lookup_name", module: "kernelsu" },
		),
		m(
			"depmod: WARNING: /lib/modules/5.10.0-20-amd64/updates/drivers/net/ethernet/intel/ice-netmap/ice-netmap.ko needs unknown symbol get_zeroed_page\ndepmod: WARNING: /lib/modules/5.10.0-20-amd64/updates/drivers/net/ethernet/intel/ice-netmap/ice-netmap.ko needs unknown symbol msleep",
			{ symbol: "msleep", module: "ice-netmap" },
		),
	],
};

/** What is no failure that anybody here knows: the line to look at is named, and nothing is called harmless. */
export const unknown: readonly [line: string, text: string][] = [
	[
		"Not to be used as root",
		"[...] => #29 16.67 >>> Running %post scriptlet: akmod-vhba-0:20260313-1.fc44.x86_64\n[...] => #29 16.67 >>> Building /usr/src/akmods/vhba-kmod-20260313-1.fc44.src.rpm for kernel 7.0.9-ogc3.2.fc44.x86_64\n[...] => #29 16.67 >>> ERROR: Not to be used as root; start as user or 'akmodsbuild' instead.\n[...] => #29 16.67 >>> [RPM] %post(akmod-vhba-20260313-1.fc44.x86_64) scriptlet failed, exit status 1",
	],
	[
		"Failed to evaluate",
		"* kernel-hooks: executing hook 20-akms.hook (lts, 6.18.33-0, )\n* akms: ERROR: Failed to evaluate /usr/src/hid_xpadneo/AKMBUILD\n* akms: ERROR: Failed to evaluate /usr/src/zfs/AKMBUILD\n* kernel-hooks: ERROR: hook 20-akms.hook failed",
	],
	[
		"Chyba 2",
		"make[2]: *** [/usr/src/kernel-headers-6.12.7_1/Makefile:1937: /var/lib/dkms/nvidia/470.239.06/build] Chyba 2\nmake[1]: *** [Makefile:224: __sub-make] Error 2\nmake[1]: Leaving directory '/usr/src/kernel-headers-6.12.7_1'\nmake: *** [Makefile:80: modules] Error 2",
	],
];
