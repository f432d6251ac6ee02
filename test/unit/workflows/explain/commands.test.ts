import { expect, it } from "vitest";
import { readBoards } from "../../../../src/host/machine/boards.ts";
import { commandsFor, hereFor, remedyFor } from "../../../../src/kernel/failures/catalogue.ts";
import { posterOf } from "../../../../src/kernel/failures/poster/poster.ts";
import { LogReader } from "../../../../src/kernel/failures/reading/log-reader.ts";
import { boardsOf } from "../../../../src/kernel/source/board.ts";
import { installer } from "../../../../src/workflows/explain/index.ts";

/** The first diagnosis of a log: its remedy and its commands as one text. */
function advice(text: string): string {
	const reader = new LogReader();
	reader.feed(new TextEncoder().encode(text));
	const { diagnoses, context } = reader.finish();
	const [first] = diagnoses;
	if (first === undefined) throw new Error("no diagnosis");
	const { entry, details } = first;
	const poster = posterOf(context, details, (release) =>
		boardsOf({ release }, readBoards()).map(({ board }) => board.id),
	);
	// The package lists of the machine that tests are of no interest.
	const install = poster.system === null ? () => null : installer(details, poster);
	const commands = commandsFor(entry.id, details, install, poster);
	return [remedyFor(entry.id, details), hereFor(entry.id, details, poster), ...commands].join("\n");
}

const dkms = "DKMS make.log for tcp-brutal-1.0.2 for kernel 6.8.10-x64v4-xanmod1 (x86_64)\n";

/** What a poster on that system can type: what has to be there, and what would lead astray. */
it.each<[what: string, log: string, wanted: string[], never: string[]]>([
	[
		"packages of build tools are named",
		"make[1]: Entering directory '/usr/lib/modules/7.2.3-1-cachyos/build'\ngcc: error: unrecognized command-line option '-mstack-alignment=8'",
		["pacman -S", "clang lld", "\nmake LLVM=1"],
		["-C /lib/modules"],
	],
	[
		"a compiler of a toolset is called gcc",
		"make: Entering directory '/usr/src/kernels/5.15.0-0.30.19.el8uek.x86_64'\n  The kernel was built by: gcc (GCC) 11.2.1 20220127\ngcc: error: unrecognized command line option '-ftrivial-auto-var-init=zero'",
		["gcc-toolset-11/enable", "make -C /lib/modules/5.15.0-0.30.19.el8uek.x86_64/build"],
		["CC=gcc-11"],
	],
	[
		"an option for make reaches it through dkms",
		`${dkms}  The kernel was built by: gcc-14 (Debian) 14.2.0\ngcc: error: unrecognized command line option '-fmin-function-alignment=16'`,
		["sudo env MAKEFLAGS=CC=gcc-14 dkms build --force tcp-brutal/1.0.2 -k 6.8.10-x64v4-xanmod1"],
		[],
	],
	[
		"dkms takes the source from /usr/src",
		"make -C /lib/modules/6.15.4-arch2-1/build M=/var/lib/dkms/rtl8851bu/1.19.10/build modules\nplatform/platform_ops.c:15:10: fatal error: drv_types.h: No such file or directory",
		["/usr/src/rtl8851bu-1.19.10 ", "sudo xargs -r sed -i 's/\\bEXTRA_CFLAGS\\b/ccflags-y/g"],
		["/var/lib/dkms/rtl8851bu/1.19.10/build/Makefile"],
	],
	[
		"the same version of a driver is not built again",
		"/var/lib/dkms/nvidia/460.73.01/build/nvidia/nv.c:228:6: error: 'struct x' has no member named 'open_device'",
		["sudo dkms remove nvidia/460.73.01 --all", "newest kernel of each driver branch"],
		["dkms install nvidia/460.73.01"],
	],
	[
		"after a reboot it is the kernel then that is built for",
		"# dkms install --force -m i915-sriov-dkms -v 6.2\nError! Your kernel headers for kernel 6.2.16-3-pve cannot be found.\nE: Unable to locate package pve-headers-6.2.16-3-pve",
		["proxmox-default-headers", 'dkms build --force i915-sriov-dkms/6.2 -k "$(uname -r)"'],
		["apt install pve-headers-6.2.16-3-pve", "-k 6.2.16-3-pve"],
	],
	[
		"which systems have that C library",
		"scripts/basic/fixdep: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by scripts/basic/fixdep)",
		["RHEL 9, Debian 12, Ubuntu 22.04", "debian:12"],
		["TREE scripts"],
	],
	[
		"headers of a newer system for dkms",
		`${dkms}/usr/src/linux-headers-6.8.10-x64v4-xanmod1/tools/objtool/objtool: /lib/x86_64-linux-gnu/libc.so.6: version 'GLIBC_2.38' not found (required by /usr/src/linux-headers-6.8.10-x64v4-xanmod1/tools/objtool/objtool)`,
		["kprep source get -t 6.8.10-x64v4-xanmod1", "--kernelsourcedir"],
		["docker"],
	],
	[
		"the bare source of SUSE is not configured",
		"make -C /usr/src/linux-6.2.8-1 M=/home/u/x modules\nMakefile:757: include/config/auto.conf: No such file or directory",
		[
			"/usr/src/linux-6.2.8-1-obj/ARCH/FLAVOUR",
			"zypper install kernel-default-devel",
			"make -C /lib/modules/$(uname -r)/build M=/home/u/x",
		],
		["6.2.8-1/build", "make -C /usr/src/linux-6.2.8-1"],
	],
	[
		"a 32-bit system under a 64-bit kernel",
		"make: Entering directory '/usr/src/rpi-kernel-headers-6.1.27_1'\ncrypto/Kconfig:1399: can't open file \"arch/arm64/crypto/Kconfig\"",
		["ARCH=arm", "linux32"],
		["linux6.1-headers"],
	],
	[
		"a module that insmod was given as a file",
		"insmod: ERROR: could not insert module /root/cp210x.ko: Unknown symbol in module",
		["modinfo -F depends /root/cp210x.ko", "sudo insmod /root/cp210x.ko", "dmesg | tail -50"],
		["SYMBOL", "sudo depmod"],
	],
	[
		"two tools, two errnos: a symbol of another version",
		"modprobe: ERROR: could not insert 'rtw_8822cu': Invalid argument\ninsmod: ERROR: could not insert module rtw_8822cu.ko: Unknown symbol in module",
		["err -22"],
		[],
	],
	[
		"options behind the words of a version magic",
		"version magic '4.4.59+ SMP preempt mod_unload ' should be '4.4.59+ SMP mod_unload '",
		["-d PREEMPT -e PREEMPT_NONE", "synoconfigs"],
		["/lib/modules/4.4.59+/build"],
	],
	[
		"Docker Desktop has its headers in an image",
		"x: version magic '4.14.131-linuxkit SMP RANDSTRUCT_PLUGIN_ee2 ' should be '4.14.131-linuxkit SMP RANDSTRUCT_PLUGIN_ab7 '",
		["docker/for-desktop-kernel:4.14.131-HASH", "usr/src/linux-headers-4.14.131-linuxkit"],
		["/lib/modules/4.14.131-linuxkit/build"],
	],
	[
		"a kernel of one's own in WSL2",
		"modprobe: FATAL: Module kvm not found in directory /lib/modules/6.18.40.1-microsoft-standard-WSL2+",
		["kernelModules=", "wsl.exe --shutdown"],
		["sudo depmod"],
	],
	[
		"an old kernel of WSL2 has no headers folder",
		"uio: version magic '5.4.0-55-generic SMP mod_unload ' should be '4.19.128-microsoft-standard SMP mod_unload '",
		["linux-msft-wsl-4.19.y"],
		["/lib/modules/4.19.128-microsoft-standard/build"],
	],
	[
		"kmods of an rpm package are not made with make",
		"kernel: module spl: .gnu.linkonce.this_module section size must match the kernel's built struct module size at run time\ndepmod: WARNING: /lib/modules/5.14.0-503.33.1.el9_5.x86_64/weak-updates/zfs/zfs.ko needs unknown symbol taskq_create_synced",
		["dnf upgrade --refresh kmod-zfs", "weak-updates"],
		["make -C"],
	],
	[
		"many modules at once are of another build",
		["nvgpu", "tegra_drm", "nvmap"]
			.map((name) => `${name}: disagrees about version of symbol module_layout`)
			.join("\n"),
		["3 modules at once"],
		[],
	],
	[
		"one module is one module",
		"nvgpu: disagrees about version of symbol module_layout",
		[],
		["modules at once"],
	],
	[
		"the guard of the stack per task",
		'ERROR: modpost: "__stack_chk_guard" [/root/zfs/module/zfs/zfs.ko] undefined!',
		["STACKPROTECTOR_PER_TASK"],
		[],
	],
	[
		"64-bit division on 32 bits",
		'ERROR: modpost: "__aeabi_uldivmod" [/m/x.ko] undefined!',
		["div64_u64()"],
		["STACKPROTECTOR_PER_TASK"],
	],
	[
		"IBT's ENDBR is no matter of clang",
		"[  100.000000] traps: Missing ENDBR: hello_cb+0x0/0x10 [hello]\n[  100.000010] kernel BUG at arch/x86/kernel/cet.c:132!\n[  100.000020] hello: loading out-of-tree module taints kernel.",
		["IBT"],
		["env MAKEFLAGS=LLVM=1", "make LLVM=1"],
	],
	[
		"CFI and an address that was looked up",
		"frida_agent: loading out-of-tree module taints kernel.\nKernel panic - not syncing: CFI failure (target: kallsyms_lookup_name+0x0/0xec)",
		["__nocfi", "LLVM=1"],
		["/lib/modules/"],
	],
	[
		"LLVM of the version that wrote the objects",
		"make: Entering directory '/usr/src/linux-headers-6.8.0-1-generic'\nld.lld: error: Unknown attribute kind (86) (Producer: 'LLVM17.0.6' Reader: 'LLVM 16.0.6')",
		["make LLVM=-17 -C /lib/modules/6.8.0-1-generic/build M=$PWD clean\n", "M=$PWD modules"],
		[],
	],
	[
		"two snapshots of one LLVM have the same number",
		"ld.lld: error: Unknown attribute kind (73) (Producer: 'LLVM13.0.0git' Reader: 'LLVM 13.0.0git')",
		["command -v clang", "LLVM=1", "make clean"],
		["LLVM=-13"],
	],
	[
		"the driver's own Makefile went into the tree",
		"make -C /lib/modules/7.0.0-10-generic/build M=/home/u/drv modules\nmake[1]: Entering directory '/usr/src/linux-headers-7.0.0-10-generic'\n/home/u/drv/thread.c:120:28: error: suggest braces around empty body in an 'if' statement [-Werror=empty-body]",
		["\ncd /home/u/drv && make KCFLAGS=-Wno-error=empty-body"],
		["-C /lib/modules/7.0.0-10-generic"],
	],
	[
		"make was typed for the tree",
		"u@h:~/drv$ make -C /lib/modules/7.0.0-10-generic/build M=/home/u/drv modules\n/home/u/drv/thread.c:120:28: error: suggest braces around empty body in an 'if' statement [-Werror=empty-body]",
		["make KCFLAGS=-Wno-error=empty-body -C /lib/modules/7.0.0-10-generic/build M=/home/u/drv modules"],
		["cd "],
	],
	[
		"nothing tells who calls make: both ways",
		"libqdma/thread.c:120:28: error: suggest braces around empty body in an 'if' statement [-Werror=empty-body]\nmake[3]: *** [/lib/modules/7.0.0-10-generic/build/scripts/Makefile.build:289: libqdma/thread.o] Error 1",
		["\nmake KCFLAGS=-Wno-error=empty-body # in the driver's own folder", "build M=$PWD modules"],
		[],
	],
	[
		"a driver with a configure script",
		"make: Entering directory '/usr/src/kernels/5.15.0-0.30.19.el8uek.x86_64'\n  CC [M]  /root/zfs-2.1.5/build/config_modules/config_modules.o\ngcc: error: unrecognized command line option '-ftrivial-auto-var-init=zero'",
		["./configure && make"],
		["M=$PWD modules"],
	],
	[
		"modpost makes no .ko of what it refuses",
		'ERROR: modpost: "__stack_chk_guard" [/root/zfs/module/zfs/zfs.ko] undefined!',
		["nm -u /root/zfs/module/zfs/zfs.o"],
		["zfs.ko |"],
	],
	[
		"a packed module is signed unpacked, where it lies",
		"insmod /lib/modules/5.15.92-200.fc37.x86_64/extra/lnbp21.ko.xz\nmodprobe: ERROR: could not insert 'lnbp21': Key was rejected by service",
		[
			"sudo unxz /lib/modules/5.15.92-200.fc37.x86_64/extra/lnbp21.ko.xz && ",
			"extra/lnbp21.ko && sudo xz --check=crc32",
		],
		[],
	],
	[
		"root types no sudo",
		"root@pve:~# modprobe wireguard\nmodprobe: ERROR: could not insert 'wireguard': Exec format error",
		['"$(modinfo -n wireguard)"', "dmesg | tail"],
		["sudo dmesg | tail -50 | kprep explain\n", "sudo make"],
	],
	[
		"NVIDIA's own modules on a Jetson",
		"nvidia: disagrees about version of symbol i2c_get_adapter\nLinux version 5.15.148-tegra (buildbrain@x) (gcc 11)",
		["nvidia-l4t-kernel-oot-modules", "Linux_for_Tegra/source"],
		["M=$PWD"],
	],
	[
		"what modprobe --force leaves in the log is not the reason",
		"# modprobe --force 8821ce\nmodprobe: ERROR: could not insert '8821ce': Exec format error\n8821ce: module_layout: kernel tainted.",
		["modprobe 8821ce # without --force", "do not"],
		["Module.symvers"],
	],
	[
		"busybox names files below its modules",
		"# modprobe wireguard\nmodprobe: can't load module wireguard (extra/wireguard.ko): invalid module format",
		['--module "/lib/modules/$(uname -r)/extra/wireguard.ko"'],
		["make"],
	],
	[
		"the source for modules has one path",
		`${dkms}/usr/src/linux-headers-6.8.10-x64v4-xanmod1/tools/objtool/objtool: /lib/x86_64-linux-gnu/libc.so.6: version 'GLIBC_2.38' not found (required by /usr/src/linux-headers-6.8.10-x64v4-xanmod1/tools/objtool/objtool)`,
		["--dest ~/linux-source", "sync ~/linux-source", "--kernelsourcedir ~/linux-source"],
		["$PWD/linux-source"],
	],
	[
		"a source that is there after all: what every object needs",
		"make[1]: Entering directory '/usr/src/linux-headers-4.12.0+104-ph'\nmake[2]: *** No rule to make target '/var/lib/dkms/kpatch/0.6.1/build/kmod/core/core.o', needed by '/var/lib/dkms/kpatch/0.6.1/build/kmod/core/kpatch.o'.  Stop.",
		["sudo make -C /usr/src/linux-headers-4.12.0+104-ph tools/objtool"],
		["submodule update"],
	],
	[
		"a package without the Kconfig files of other architectures",
		"make: Entering directory '/usr/src/rpi-kernel-headers-6.1.27_1'\ncrypto/Kconfig:1399: can't open file \"arch/arm64/crypto/Kconfig\"",
		[
			"cd /usr/src/rpi-kernel-headers-6.1.27_1 && for f in $(grep -oh 'arch/[a-z0-9]*/crypto/Kconfig' crypto/Kconfig)",
		],
		[],
	],
	[
		"exports for GPL modules are unknown to another",
		"drv: module license 'Proprietary' taints kernel.\ndrv: Unknown symbol crypto_destroy_tfm (err -2)",
		["EXPORT_SYMBOL_GPL"],
		[],
	],
	[
		"a repository that is off",
		"  - nothing provides kernel(sync_blockdev) = 0xd3978ed2 needed by kmod-zfs-2.3.5-1.el10.x86_64 from zfs-testing-kmod",
		["sudo dnf upgrade --enablerepo=zfs-testing-kmod kernel-core kmod-zfs"],
		[],
	],
	[
		"signed and enrolled, and refused all the same",
		"insmod /lib/modules/5.15.92-200.fc37.x86_64/extra/lnbp21.ko.xz\nmodprobe: ERROR: could not insert 'lnbp21': Key was rejected by service",
		["keyctl list %:.machine", "before 5.18"],
		[],
	],
	[
		"a module that was forced",
		"# modprobe --force 8821ce\nmodprobe: ERROR: could not insert '8821ce': Exec format error\n8821ce: module_layout: kernel tainted.",
		["do not", "dmesg | tail -50"],
		[],
	],
	[
		"strip of binutils in dkms",
		"strip: BFD (GNU Binutils) 2.42.0 assertion fail /usr/src/debug/binutils/bfd/elf.c:4131",
		['STRIP[0]="no"', "/etc/dkms/"],
		["..."],
	],
])("%s", (_, log, wanted, never) => {
	const text = advice(log);
	for (const part of wanted) expect(text).toContain(part);
	for (const part of never) expect(text).not.toContain(part);
});

it("a line that make or gcc ended is not glued to the next one", () => {
	const reader = new LogReader();
	reader.feed(
		new TextEncoder().encode(
			"  OBJCOPY arch/arm64/kernel/vdso/vdso.so\nobjcopy: Unable to recognise the format of the input file `arch/arm64/kernel/vdso/vdso.so.dbg'",
		),
	);
	expect(reader.finish().diagnoses[0]?.details.tool).toEqual(["objcopy"]);
});
