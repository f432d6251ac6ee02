import { type Message, m } from "./message.ts";

/**
 * What a stranger tried who knew only the README: 6 of his 30 threads were right at once, 6 half. The wordings beside
 * them are the same families, from the sources that print them.
 */
export const strangers: Record<string, Message[]> = {
	"driver-version-mismatch": [
		m(
			"[   12.014918] NVRM: API mismatch: the client has the version 570.153.02, but\n               NVRM: this kernel module has the version 570.144.  Please\n               NVRM: make sure that this kernel module and all NVIDIA driver\n               NVRM: components have the same version.\n[   23.991660] nvidia 0000:07:00.0: Direct firmware load for nvidia/570.144/gsp_ga10x.bin failed with error -2",
			{ release_kernel: "570.153.02", release_module: "570.144" },
		),
		m(
			"NVRM: API mismatch: the client 'kwin_wayland' (pid 1234)\nNVRM: has the version 580.65, but this kernel module has the version 575.57.08.",
			{
				release_module: "575.57.08",
			},
		),
		m("Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.90"),
		m("nvidia-modeset: ERROR: Version mismatch: nvidia.ko(390.87) nvidia-modeset.ko(396.54)", {
			release_kernel: "390.87",
		}),
	],
	"device-not-driven": [
		m(
			"NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:1c82)\nNVRM: installed in this system is not supported by open\nNVRM: nvidia.ko because it does not include the required GPU\nNVRM: System Processor (GSP).\nnvidia: probe of 0000:01:00.0 failed with error -1",
		),
		m(
			"NVRM: This PCI I/O region assigned to your NVIDIA device is invalid:\nNVRM: BAR1 is 0M @ 0x0 (PCI:0000:14:00.0)\nnvidia: probe of 0000:14:00.0 failed with error -1",
		),
		m("NVRM: No NVIDIA GPU found."),
		m("NVRM: The NVIDIA probe routine was not called for 1 device(s)."),
		m(
			"NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:2c02) installed in this system requires use of the NVIDIA open kernel modules.",
		),
	],
	"vmlinux-undefined": [
		m(
			"drivers/iommu/exynos-pcie-iommu.o: In function `exynos_sysmmu_irq':\n/home/user/kernel/drivers/iommu/exynos-pcie-iommu.c:458: undefined reference to `dhd_smmu_fault_handler'\nmake: *** [Makefile:1238: vmlinux] Error 1",
			{ symbol: "dhd_smmu_fault_handler" },
		),
		m("ld.lld: error: undefined symbol: hid_bpf_device_init\n>>> referenced by hid-core.c", {
			symbol: "hid_bpf_device_init",
		}),
		m(
			"arch/arm/boot/compressed/../../../drivers/media/dvb.o:(.bss+0x0): multiple definition of `dvb_shutdown_timeout'; drivers/media/b.o:(.bss+0x4): first defined here",
			{ symbol: "dvb_shutdown_timeout" },
		),
	],
	"vmlinux-overflow": [
		m(
			"kernel/built-in.o: in function `x':\n(.text+0x10): relocation truncated to fit: R_AARCH64_LDST64_ABS_LO12_NC against `.text'",
			{
				relocation: "R_AARCH64_LDST64_ABS_LO12_NC",
			},
		),
		m("ld: region `ram' overflowed by 12345 bytes"),
		m(
			"ld.lld: error: vmlinux.o:(.text+0x4): relocation R_ARM_CALL out of range: 33554436 is not in [-33554432, 33554431]",
		),
	],
	"kallsyms-inconsistent": [
		m("Inconsistent kallsyms data\nTry make KALLSYMS_EXTRA_PASS=1 as a workaround"),
		m(
			'Inconsistent kallsyms data, try "make KALLSYMS_EXTRA_PASS=1" as a workaround\nmake: *** [Makefile:1160: vmlinux] Error 1',
		),
		m("kallsyms failure: relative symbol value 0xffffffff80000000 out of range in relative mode"),
	],
	"kernel-tables-unsorted": [
		m(
			"scripts/link-vmlinux.sh: line 195: 848887 Aborted  ${objtree}/scripts/sorttable ${1}\nFailed to sort kernel tables",
			{
				tool: "sorttable",
			},
		),
		m("Cannot find symbol for section 12: .text.perf_callchain_kernel.\nkernel/events/callchain.o: failed", {
			tool: "recordmcount",
		}),
		m(
			"incomplete ORC unwind tables in file: vmlinux\nFailed to sort kernel tables\nmake: *** [Makefile:1177: vmlinux] Error 1",
		),
	],
	"kernel-beyond-driver": [
		m(
			"Loading new zfs-2.3.0 DKMS files...\nBuilding for 6.13.6-76061306-generic\nBuilding initial module for 6.13.6-76061306-generic\nconfigure: error:\n	*** Cannot build against kernel version 6.13.6-76061306-generic.\n	*** The maximum supported kernel version is 6.12.\nERROR (dkms apport): kernel package linux-headers-6.13.6-76061306-generic is not supported\nError! Bad return status for module build on kernel: 6.13.6-76061306-generic (x86_64)\nConsult /var/lib/dkms/zfs/2.3.0/build/make.log for more information.",
			{ release_kernel: "6.13.6-76061306-generic", fact: "6.12" },
		),
		m(
			'Building for 6.12.19\nBuilding initial module for 6.12.19\nconfigure: error:\n        *** None of the expected "file_fallocate" interfaces were detected.\n        *** ZFS Version: zfs-2.1.11-1+deb12u1\n        *** Compatible Kernels: 3.10 - 6.2\nError! Bad return status for module build on kernel: 6.12.19 (x86_64)\nConsult /var/lib/dkms/zfs/2.1.11/build/make.log for more information.',
			{ fact: "6.2" },
		),
		m("configure: error:\n	*** Cannot build against kernel version 6.19.0-rc1.\n", {
			release_kernel: "6.19.0-rc1",
		}),
	],
	"configure-probe-failed": [
		// Within the driver's own range it is something else that the probes fail of.
		m(
			'Building for 6.1.0-27-amd64\nconfigure: error:\n        *** None of the expected "file_fallocate" interfaces were detected.\n        *** Compatible Kernels: 3.10 - 6.2',
		),
	],
	"dkms-hook-failed": [
		m(
			"Running the post_build script...(bad exit status: 1)\ncp: target '/var/lib/dkms/zfs/2.3.1/6.12.21-1-lts/x86_64/': No such file or directory\nError! Bad return status for module build on kernel: 6.12.21-1-lts (x86_64)\nConsult /var/lib/dkms/zfs/2.3.1/build/make.log for more information.",
			{ fact: "post_build", errno: "1" },
		),
		m("Running the pre_build script... (bad exit status: 2)", { fact: "pre_build" }),
		m("Error! pre_install script returned 1", { fact: "pre_install" }),
	],
	"build-packages-missing": [
		m("dpkg-checkbuilddeps: error: Unmet build dependencies: bc libelf-dev:native python3-sphinx", {
			tool: "libelf-dev",
		}),
		m("error: Failed build dependencies:\n\tdwarves is wanted by kernel-6.12.0-1.fc41.x86_64"),
		m("==> ERROR: Could not resolve all dependencies.\n  -> Missing: pahole"),
	],
	"kpatch-refused": [
		m(
			"Extracting new and modified ELF sections\ncreate-diff-object: ERROR: version.o: find_local_syms: 189: couldn't find matching version.c local symbols in vmlinux symbol table\nERROR: invalid ancestor init/version-timestamp.o for init/version-timestamp.o. Check /root/.kpatch/build.log for more details.",
			{ file: "version.o" },
		),
		m("ERROR: aesni-intel_glue.o: 1 unreconcilable difference(s)"),
		m("cmdline.o: function cmdline_proc_show has no fentry/mcount call, unable to patch"),
	],
	"kleaf-refused": [
		m(
			"ERROR: Traceback (most recent call last):\n	File \"/home/l/kernel/common/BUILD.bazel\", line 7, column 6, in <toplevel>\nError: file '//build/kernel/kleaf:kernel.bzl' does not contain symbol 'ddk_headers'",
			{ file: "//build/kernel/kleaf:kernel.bzl" },
		),
		m(
			'ERROR: The following kernel modules are built but not copied. Add these lines to the module_outs attribute of @//common:kernel_aarch64:\n    "net/ipv4/tcp_bic.ko",',
		),
		m(
			"ERROR: no such target '//common:build.config.arpi': target 'build.config.arpi' not declared in package 'common'",
		),
	],
	"devicetree-source-error": [
		m("ERROR: Input tree has errors, aborting (use -f to force output)"),
		m(
			"Error: arch/arm/boot/dts/at91-sama5d3.dtsi:21.1-10 syntax error\nFATAL ERROR: Unable to parse input tree",
			{
				file: "at91-sama5d3.dtsi",
			},
		),
		m(
			'arch/arm64/boot/dts/a.dts:5.10-20: ERROR (phandle_references): /soc/i2c: Reference to non-existent node or label "pinctrl_i2c"',
			{ symbol: "pinctrl_i2c" },
		),
		m(
			"Error: overlay.dtso:12.3-9 Label or path i2c_arm not found\nFATAL ERROR: Syntax error parsing input tree",
		),
	],
	"assembler-refused": [
		m(
			"arch/riscv/kernel/head.S: Assembler messages:\narch/riscv/kernel/head.S:36: Error: unrecognized opcode `csrr a5,sstatus', extension `zicsr' required\nmake[1]: *** [head.o] Error 1",
			{
				option: "zicsr",
			},
		),
		m("/tmp/cc1.s:31: Error: no such instruction: `endbr64'", { symbol: "endbr64" }),
		m("{standard input}:45: Error: selected processor does not support `dmb ish' in ARM mode", {
			symbol: "dmb ish",
		}),
	],
	"libc-headers-missing": [
		m("./scripts/sorttable.c:27:10: fatal error: 'elf.h' file not found", { file: "elf.h" }),
		m(
			"In file included from ../scripts/selinux/mdp/mdp.c:36:\n../scripts/mod/file2alias.c:12:10: fatal error: 'asm/types.h' file not found",
			{ file: "asm/types.h" },
		),
		m("scripts/basic/fixdep.c:90:10: fatal error: sys/types.h: No such file or directory", {
			file: "sys/types.h",
		}),
	],
	"headers-scripts-mixed": [
		m(
			"make -C /lib/modules/6.4.0-1-amd64/build M=/var/lib/dkms/dkms_test/1.0/build\n/var/lib/dkms/dkms_test/1.0/build/dkms_test.mod.c:10:10: fatal error: asm/orc_header.h: No such file or directory",
			{ file: "asm/orc_header.h", tool: "dkms_test.mod.c" },
		),
		m("/home/u/x/x.mod.c:3:10: fatal error: 'linux/export-internal.h' file not found"),
		m("/home/u/x/x.mod.c:1:10: fatal error: linux/build-salt.h: No such file or directory"),
	],
	"name-already-registered": [
		m(
			"[  223.1234567] sysfs: cannot create duplicate filename '/class/chardrv'\n[  223.123999] Call Trace:",
			{
				path: "/class/chardrv",
			},
		),
		m(
			"[   10.000001] kobject_add_internal failed for mydev with -EEXIST, don't try to register things with the same name in the same directory.",
			{ path: "mydev" },
		),
		m("[   10.000001] proc_dir_entry 'driver/mine' already registered", { path: "driver/mine" }),
		m("debugfs: Directory 'mine' with parent '/' already present!"),
	],
	"load-switched-off": [
		m(
			"modprobe: ERROR: libkmod/libkmod-module.c:1084 command_do() Error running install command '/bin/false' for module nouveau: retcode 1\nmodprobe: ERROR: could not insert 'nouveau': Invalid argument",
			{ module: "nouveau", tool: "/bin/false" },
		),
		m(
			"modprobe: ERROR: ../libkmod/libkmod-module.c:968 command_do() Error running install command for cramfs",
			{
				module: "cramfs",
			},
		),
		m(
			"modprobe: ERROR: module 'vboxdrv' is unsupported\nmodprobe: ERROR: Use --allow-unsupported or set allow_unsupported_modules 1 in\nmodprobe: ERROR: /etc/modprobe.d/10-unsupported-modules.conf",
			{ module: "vboxdrv" },
		),
	],
	"btf-not-offered": [
		m("libbpf: failed to find valid kernel BTF\nlibbpf: Error loading vmlinux BTF: -3"),
		m("Error: failed to load BTF from /sys/kernel/btf/vmlinux: No such file or directory", {
			path: "/sys/kernel/btf/vmlinux",
		}),
		m("fatal: kernel doesn't support BTF, CO-RE programs cannot run"),
	],
	"module-not-loaded": [
		m(
			"Error: unable to open '/sys/module/falco/parameters/g_buffer_bytes_dim': Errno 2. Please ensure the kernel module is already loaded.",
			{ module: "falco" },
		),
	],
	"no-module-support": [
		m(
			"initrd-init[224]: Failed to populate modprobe path with /nix/store/sivh-kmod-31/bin/modprobe: No such file or directory (os error 2).",
		),
	],
	"build-dir-missing": [
		m("No headers found for current active kernel 6.1.28-v8+", { release_kernel: "6.1.28-v8+" }),
		m(
			"chdir(/lib/modules/3.10.0-1160.el7.x86_64/build): No such file or directory\nmodprobe: FATAL: Module kheaders not found.",
			{ release_kernel: "3.10.0-1160.el7.x86_64" },
		),
		m(
			'Checking "/lib/modules/5.14.0-70.el9.x86_64/build/.config" failed with error: No such file or directory',
			{
				release_kernel: "5.14.0-70.el9.x86_64",
			},
		),
	],
	"compiler-flag-unsupported": [
		m(
			"Cannot use CONFIG_LTO_CLANG: requires GNU gold 1.12 or later\nmake[1]: *** [Makefile:1206: prepare-compiler-check] Error 1",
			{
				config: "CONFIG_LTO_CLANG",
				fact: "requires GNU gold 1.12 or later",
			},
		),
		m(
			"***\n*** Compiler is too old.\n***   Your GCC version:    4.8.3\n***   Minimum GCC version: 5.1.0\n***\nscripts/Kconfig.include:44: Sorry, this compiler is not supported.",
			{ fact: "Minimum GCC version: 5.1.0" },
		),
		m("Makefile:15: *** GNU Make >= 4.0 is required. Your Make version is 3.82.  Stop.", { tool: "make" }),
		m(
			"In file included from include/linux/compiler.h:58:0:\n../include/linux/compiler-gcc.h:20:3: error: #error Sorry, your version of GCC is too old - please use 5.1 or newer.\nmake -C /x M=/d modules",
		),
	],
	"toolchain-missing": [
		m(
			'./scripts/rust_is_available.sh: line 21: 100000 *  + 100 *  + : syntax error: operand expected (error token is "+ ")',
			{
				tool: "libclang",
			},
		),
		m("*** unknown C compiler"),
		m("***\n*** Rust bindings generator 'bindgen' could not be found.\n***", { tool: "bindgen" }),
	],
	"module-init-failed": [
		m("[    5.123456] apex 0000:08:00.0: Couldn't initialize interrupts: -22", {
			module: "apex",
			errno: "-22",
			parameter: "0000:08:00.0",
		}),
	],
	"not-a-kernel-tree": [
		m(
			"make[1]: Entering directory '/usr/lib/modules/6.0.0-5-amd64/build'\nmake[1]: *** No targets specified and no makefile found.  Stop.",
			{ path: "/usr/lib/modules/6.0.0-5-amd64/build" },
		),
	],
	"module-not-found": [
		m("Module mlx5_core does not exist, skipping... [FAILED]", { module: "mlx5_core" }),
		m("==> ERROR: module not found: `nvidia'", { module: "nvidia" }),
		m("dracut: Cannot find module directory /lib/modules/6.1.0-9-amd64/", {
			path: "/lib/modules/6.1.0-9-amd64",
		}),
		m(
			"W: missing /lib/modules/5.10.0-8-amd64\nW: Ensure all necessary drivers are built into the linux image!",
		),
		m(
			"dracut[E]: FAILED:  /usr/lib/dracut/dracut-install -D /var/tmp/dracut.x/initramfs --kerneldir /lib/modules/6.5.0/ -m nvidia",
			{ module: "nvidia" },
		),
	],
	"makefile-refuses": [
		m("/var/lib/dkms/amdgpu/5.18/build/Makefile:16: *** dma_resv->seq is missing., exit.... 中止.", {
			fact: "dma_resv->seq is missing",
		}),
		m("Makefile:31: *** This driver wants Linux 5.10 or newer.  Stop.", {
			fact: "This driver wants Linux 5.10 or newer",
		}),
		m("/home/u/drv/common.mk:107: *** unexpected configuration, contact support.  Schluss."),
	],
	"compiler-not-runnable": [
		m(
			'./scripts/gcc-version.sh: line 26: /home/n/tools/bin/arm-linux-gnueabihf-gcc: cannot execute binary file: Exec format error\n/home/n/tools/bin/arm-linux-gnueabihf-gcc: 1: Syntax error: "(" unexpected\nCannot use CONFIG_CC_STACKPROTECTOR_REGULAR: -fstack-protector not supported by compiler',
			{ tool: "/home/n/tools/bin/arm-linux-gnueabihf-gcc" },
		),
		m("/bin/sh: 1: /opt/x/bin/aarch64-linux-gnu-gcc: Exec format error"),
		m("/bin/bash: line 1: /opt/x/bin/arm-none-linux-gnueabi-gcc: cannot execute: required file not found"),
	],
	"tree-incomplete": [
		m(
			"Makefile:67: /home/m/linux-5.10.4-808/tools/build/Makefile.include: No such file or directory\nmake[2]: *** No rule to make target '/home/m/linux-5.10.4-808/tools/build/Makefile.include'.  Stop.\nmake[1]: *** [Makefile:71: bpf/resolve_btfids] Error 2",
			{ file: "tools/build/Makefile.include" },
		),
		m(
			"Makefile:2: ../scripts/Makefile.include: No such file or directory\nmake[1]: *** No rule to make target '../scripts/Makefile.include'.  Stop.",
		),
		m("Makefile:5: /src/linux/tools/scripts/Makefile.arch: No such file or directory"),
	],
	"kernel-headers-not-included": [
		m(
			"err_mod.c:5:20: error: expected declaration specifiers or '...' before string constant\n    5 | MODULE_DESCRIPTION(\"Error module\");",
			{
				file: "err_mod.c",
			},
		),
		m(
			"/home/u/h/hello.c:20:1: error: type defaults to 'int' in declaration of 'module_init' [-Werror=implicit-int]",
			{
				symbol: "module_init",
			},
		),
		m(
			'.././include/vm_assert.h:43:40: error: missing binary operator before token "("\n #if LINUX_VERSION_CODE < KERNEL_VERSION(5, 15, 0)',
		),
	],
	"download-failed": [
		m("make[3]: *** [Makefile:634: /home/u/openwrt/dl/backports-5.15.92-1.tar.xz] Error 1"),
		m(
			"ERROR: linux-imx-5.15-r0 do_fetch: Fetcher failure for URL: 'git://example.org/linux-imx.git'. Unable to fetch URL from any source.",
		),
		m("curl: (22) The requested URL returned error: 400 Bad Request"),
	],
	"program-missing": [
		m("/bin/sh: 1: foo-gen: not found\nmake[2]: *** [/home/u/x/Makefile:5: /home/u/x/gen.h] Error 127", {
			tool: "foo-gen",
		}),
		m("sh: 1: spatch: not found", { tool: "spatch" }),
		m("No (suitable) spatch found in $PATH.", { tool: "spatch" }),
	],
	"duplicate-export": [
		m("[  312.691809] cfg80211: exports duplicate symbol __cfg80211_alloc_event_skb (owned by kernel)", {
			tool: "kernel",
		}),
	],
	"module-decompress-failed": [
		m(
			"modprobe: can't load module wireguard (kernel/drivers/net/wireguard/wireguard.ko.zst): invalid module format",
			{
				module: "wireguard",
			},
		),
	],
	"benign-noise": [
		m("Warning: modules_install: missing 'System.map' file. Skipping depmod."),
		m("wsl: A custom kernel was specified without kernel modules."),
	],
	"host-tools-missing": [
		m("install: cannot stat 'tools/bpf/resolve_btfids/resolve_btfids': No such file or directory"),
	],
	"errno-alone": [m("ERROR: Couldn't insert module '/tmp/stapX/stap_1.ko': Invalid module format")],
	"selinux-denied": [
		m('Chromium OS LSM: init_module denied module="/usr/local/x.ko" pid=12 cmdline="insmod x.ko"', {
			file: "/usr/local/x.ko",
		}),
	],
};
