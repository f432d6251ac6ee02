import { type Message, m } from "./message.ts";

/** Wordings of kernels 2.6 to 7.x and of the tools around them, by the diagnosis that must come first. */
export const loading: Record<string, Message[]> = {
	"vermagic-release": [
		m(
			"hello: version magic '2.6.18-8.el5 SMP mod_unload 686 REGPARM 4KSTACKS gcc-4.1' should be '2.6.9-42.ELsmp SMP 686 REGPARM 4KSTACKS gcc-3.4'\ninsmod: error inserting 'hello.ko': -1 Invalid module format",
			{ module: "hello", release_module: "2.6.18-8.el5", release_kernel: "2.6.9-42.ELsmp" },
		),
		m(
			"<3>[   41.200114] wl: version magic '6.8.0-31-generic SMP preempt mod_unload modversions ' should be '6.8.0-35-generic SMP preempt mod_unload modversions '",
			{ module: "wl", release_module: "6.8.0-31-generic", release_kernel: "6.8.0-35-generic" },
		),
		m(
			"Jan 14 09:12:01 nas kernel: [ 8812.001] zfs: version magic '6.1.0-17-amd64 SMP preempt mod_unload modversions ' should be '6.1.0-18-amd64 SMP preempt mod_unload modversions '",
			{ module: "zfs" },
		),
		m(
			"Kernel version mismatch: module was built for 5.15.0-91-generic but the running kernel is 5.15.0-97-generic",
			{
				release_module: "5.15.0-91-generic",
				release_kernel: "5.15.0-97-generic",
			},
		),
		m("The running kernel 6.6.8-200.fc39.x86_64 does not match the kernel headers 6.6.9-200.fc39.x86_64", {
			release_kernel: "6.6.8-200.fc39.x86_64",
		}),
		m(
			"> foo: version magic '4.19.0 SMP mod_unload aarch64' should be\n> '4.14.98-imx SMP preempt mod_unload aarch64'",
			{ release_module: "4.19.0", release_kernel: "4.14.98-imx" },
		),
	],
	"vermagic-localversion": [
		m(
			"[  101.332] snd_foo: version magic '6.6.31+rpt-rpi-v8 SMP preempt mod_unload modversions aarch64' should be '6.6.31-v8+ SMP preempt mod_unload modversions aarch64'",
			{ module: "snd_foo", release_module: "6.6.31+rpt-rpi-v8", release_kernel: "6.6.31-v8+" },
		),
		m(
			"g_ether: version magic '4.9.140 SMP preempt mod_unload aarch64' should be '4.9.140-tegra SMP preempt mod_unload aarch64'",
			{
				release_module: "4.9.140",
			},
		),
		m("hello: version magic '5.10.160+ SMP mod_unload ' should be '5.10.160 SMP mod_unload '", {
			release_module: "5.10.160+",
		}),
		m(
			"x: version magic '3.4.104-dirty preempt mod_unload ARMv7 ' should be '3.4.104 preempt mod_unload ARMv7 '",
			{
				release_module: "3.4.104-dirty",
			},
		),
		m(
			"x: version magic '5.4.0-00012-gdeadbeef1234 SMP mod_unload ' should be '5.4.0-00015-g0123456789ab SMP mod_unload '",
		),
	],
	"vermagic-flags": [
		m(
			"foo: version magic '5.4.83-v7l+ SMP mod_unload modversions ARMv7 p2v8 ' should be '5.4.83-v7l+ SMP mod_unload modversions ARMv7 thumb2 p2v8 '",
			{
				flags_missing: ["thumb2"],
			},
		),
		m(
			"foo: version magic '6.1.0-18-rt-amd64 SMP preempt mod_unload modversions ' should be '6.1.0-18-rt-amd64 SMP preempt_rt mod_unload modversions '",
			{
				flags_missing: ["preempt_rt"],
				flags_extra: ["preempt"],
			},
		),
		m(
			"foo: version magic '2.6.32 mod_unload modversions 586 ' should be '2.6.32 SMP mod_unload modversions 686 '",
			{
				flags_missing: ["SMP", "686"],
				flags_extra: ["586"],
			},
		),
		m(
			"foo: version magic '4.4.0-116-generic SMP mod_unload modversions ' should be '4.4.0-116-generic SMP mod_unload modversions retpoline '",
			{
				flags_missing: ["retpoline"],
			},
		),
		m(
			"vboxdrv: version magic '6.1.0-9-amd64 SMP mod_unload modversions ' should be '6.1.0-10-amd64 SMP preempt mod_unload modversions '",
			{
				flags_missing: ["preempt"],
			},
		),
	],
	"vermagic-randstruct": [
		m(
			"ext: version magic '6.9.3-hardened1-1-hardened SMP preempt mod_unload RANDSTRUCT_1111111111111111111111111111111111111111111111111111111111111111' should be '6.9.3-hardened1-1-hardened SMP preempt mod_unload RANDSTRUCT_2222222222222222222222222222222222222222222222222222222222222222'",
			{
				module: "ext",
			},
		),
		m(
			"[ 3.2] wg: version magic '6.1.25 SMP preempt mod_unload aarch64RANDSTRUCT_aaaa567890123456789012345678901234567890123456789012345678901234' should be '6.1.25 SMP preempt mod_unload aarch64RANDSTRUCT_bbbb567890123456789012345678901234567890123456789012345678901234'",
		),
		m(
			"kernel: nvidia: version magic '4.14.20 SMP mod_unload RANDSTRUCT_PLUGIN_0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a ' should be '4.14.20 SMP mod_unload RANDSTRUCT_PLUGIN_0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b '",
		),
	],
	"vermagic-missing": [
		m("[  12.9] cfg: bad vermagic: kernel tainted.\n[  12.9] Disabling lock debugging due to kernel taint", {
			module: "cfg",
		}),
		m("foo: no version magic, tainting kernel.", { module: "foo" }),
		m('foo: no version for "magic" found: kernel tainted.', { module: "foo" }),
	],
	"struct-module-size": [
		m(
			"insmod: ERROR: could not insert module snd-foo.ko: Invalid module format\nkernel: module snd_foo: .gnu.linkonce.this_module section size must match the kernel's built struct module size at run time",
			{
				module: "snd_foo",
			},
		),
		m(
			"[   9.1] module (missing .modinfo section or name field): .gnu.linkonce.this_module section size must match the kernel's built struct module size at run time",
		),
		m(
			"May 02 10:11:12 box kernel: module wireguard: .gnu.linkonce.this_module section size must match the kernel’s built struct module size at run time\nMay 02 10:11:12 box kernel: wireguard: loading out-of-tree module taints kernel.",
			{
				module: "wireguard",
			},
		),
	],
	"struct-module-layout": [
		m(
			"[  88.1] x86/modules: Skipping invalid relocation target, existing value is nonzero for type 1, loc 00000000d1e2b6a1, val ffffffffc0a5b000",
		),
		m(
			"[   77.4] module: x86/modules: Invalid relocation target, existing value is nonzero for type 10, loc ffffffffc0b0a000, val ffffffffa1",
		),
		m(
			"insmod: ERROR: could not insert module ./e1000e.ko: Invalid module format\nmodule: x86/modules: Skipping invalid relocation target, existing value is nonzero for type 1, loc ffffffffc0461f58, val ffffffffc045e000",
			{
				module: "e1000e",
			},
		),
	],
	"livepatch-reload": [
		m(
			"module: x86/modules: Skipping invalid relocation target, existing value is nonzero for type 2, loc ffffffffc1, val ffffffffc0\nlivepatch: failed to initialize patch 'livepatch_nfs' for module 'nfs' (-8)\nlivepatch: patch 'livepatch_nfs' failed for module 'nfs', refusing to load module 'nfs'",
			{
				module: "nfs",
			},
		),
		m("[ 1.5] livepatch: failed to apply patch 'kpatch_5_1' to module 'xfs' (-22)", { module: "xfs" }),
		m("livepatch: patch 'lp' failed for module 'usbhid', refusing to load module 'usbhid'", {
			module: "usbhid",
		}),
	],
	"module-layout-version": [
		m(
			"[ 4521.1] v4l2loopback: disagrees about version of symbol module_layout\nmodprobe: ERROR: could not insert 'v4l2loopback': Exec format error",
			{
				module: "v4l2loopback",
			},
		),
		m(
			"foo: disagrees about version of symbol struct_module\ninsmod: error inserting 'foo.ko': -1 Invalid module format",
			{
				module: "foo",
				symbol: "struct_module",
			},
		),
		m(
			"modprobe: can't load module brcmfmac (brcmfmac.ko): invalid module format\n[  5.5] cfg80211: disagrees about version of symbol module_layout",
			{
				module: "cfg80211",
			},
		),
	],
	"symbol-version-mismatch": [
		m(
			"mac80211: disagrees about version of symbol cfg80211_chandef_create\nmac80211: Unknown symbol cfg80211_chandef_create (err -22)",
			{
				module: "mac80211",
				symbol: "cfg80211_chandef_create",
			},
		),
		m("rtl8192cu: Unknown symbol ieee80211_rx_napi (err -22)", {
			module: "rtl8192cu",
			symbol: "ieee80211_rx_napi",
		}),
		m("insmod: can't insert 'foo.ko': module has wrong symbol version", { module: "foo" }),
		m(
			"Module lin_tape.ko from kernel 4.18.0-80.el8.x86_64 is not compatible with kernel 4.18.0-147.el8.x86_64 in symbols: blk_execute_rq",
			{
				module: "lin_tape",
				symbol: "blk_execute_rq",
			},
		),
	],
	"symbol-version-missing": [
		m("[ 11.1] nvidia: no symbol version for module_layout", { module: "nvidia", symbol: "module_layout" }),
		m("fglrx: no symbol version for struct_module\nfglrx: Unknown symbol struct_module", {
			module: "fglrx",
			symbol: "struct_module",
		}),
		m('foo: no version for "struct_module" found: kernel tainted.', {
			module: "foo",
			symbol: "struct_module",
		}),
	],
	"unknown-symbol": [
		m("drv: Unknown symbol ether_setup (err -13)", { module: "drv", symbol: "ether_setup" }),
		m(
			"dm_cache: Unknown symbol dm_bufio_client_create (err 0)\nmodprobe: FATAL: Error inserting dm_cache (/lib/modules/3.10.0/kernel/drivers/md/dm-cache.ko): Unknown symbol in module, or unknown parameter (see dmesg)",
			{
				module: "dm_cache",
				symbol: "dm_bufio_client_create",
			},
		),
		m("insmod: cannot insert 'usbserial.ko': unknown symbol in module or invalid parameter", {
			module: "usbserial",
		}),
		m(
			"insmod: failed to load wlan.ko: No such file or directory\n[ 4.4] wlan: Unknown symbol cfg80211_put_bss (err -2)",
			{
				module: "wlan",
				symbol: "cfg80211_put_bss",
			},
		),
		m("depmod: WARNING: /lib/modules/6.1.55/extra/foo.ko needs unknown symbol register_bar", {
			symbol: "register_bar",
		}),
		m("foo.o: unresolved symbol register_chrdev", { symbol: "register_chrdev" }),
		m(
			"systemd-modules-load[311]: Failed to insert module 'i2c_foo': No such file or directory\nkernel: i2c_foo: Unknown symbol i2c_smbus_xfer (err -2)",
			{
				module: "i2c_foo",
			},
		),
	],
	"compiler-runtime-symbol": [
		m("mymod: Unknown symbol __aeabi_ldivmod (err 0)", { module: "mymod", symbol: "__aeabi_ldivmod" }),
		m("foo: Unknown symbol __udivdi3", { symbol: "__udivdi3" }),
		m("[ 3.1] x: Unknown symbol __stack_chk_guard (err -2)", { symbol: "__stack_chk_guard" }),
		m("hello: Unknown symbol _GLOBAL_OFFSET_TABLE_ (err 0)", { symbol: "_GLOBAL_OFFSET_TABLE_" }),
		m("foo: Unknown symbol __x86_indirect_thunk_rax (err 0)"),
	],
	"protected-symbol-export": [
		m(
			"cfg80211: exports protected symbol cfg80211_calculate_bitrate\nlibmodprobe: Failed to insmod '/vendor/lib/modules/cfg80211.ko' with args '': Permission denied",
			{
				module: "cfg80211",
				symbol: "cfg80211_calculate_bitrate",
			},
		),
		m(
			"[ 1.1][ T1] rfkill: exports protected symbol rfkill_alloc\n[ 1.2][ T1] bluetooth: Unknown symbol rfkill_alloc (err -2)",
			{
				symbol: "rfkill_alloc",
			},
		),
		m("foo: Protected symbol: zs_malloc (err -13)", { module: "foo", symbol: "zs_malloc" }),
	],
	"gpl-only-symbol": [
		m("FATAL: modpost: GPL-incompatible module nvidia.ko uses GPL-only symbol 'rcu_read_unlock_strict'", {
			module: "nvidia",
			symbol: "rcu_read_unlock_strict",
		}),
		m(
			"ERROR: modpost: GPL-incompatible module zfs.ko uses GPL-only symbol 'bio_associate_blkg'\nmake[2]: *** [scripts/Makefile.modpost:145: Module.symvers] Error 1",
			{
				symbol: "bio_associate_blkg",
			},
		),
		m("FATAL: modpost: GPL-incompatible module wl.ko uses GPL-only symbol '__rcu_read_lock'"),
	],
	"symbol-namespace": [
		m(
			"ERROR: modpost: module usb_foo uses symbol usb_stor_probe1 from namespace USB_STORAGE, but does not import it.",
			{
				module: "usb_foo",
				symbol: "usb_stor_probe1",
				namespace: "USB_STORAGE",
			},
		),
		m("WARNING: module foo uses symbol dma_buf_get from namespace DMA_BUF, but does not import it.", {
			namespace: "DMA_BUF",
		}),
		m(
			"[ 1.1] v4l2: module uses symbol (dma_buf_put) from namespace DMA_BUF, but does not import it.\n[ 1.1] v4l2: Unknown symbol dma_buf_put (err -22)\nmodprobe: ERROR: could not insert 'v4l2': Invalid argument",
			{
				module: "v4l2",
				symbol: "dma_buf_put",
			},
		),
	],
	"duplicate-export": [
		m("ath: exports duplicate symbol ath_hw_keyreset (owned by ath_pci)", {
			module: "ath",
			symbol: "ath_hw_keyreset",
		}),
		m("ERROR: modpost: drivers/foo/bar: 'bar_register' exported twice. Previous export was in vmlinux", {
			symbol: "bar_register",
		}),
		m(
			"WARNING: /root/mlnx/ib_core: 'ib_register_client' exported twice. Previous export was in drivers/infiniband/core/ib_core.ko",
			{
				symbol: "ib_register_client",
			},
		),
	],
	"signature-rejected": [
		m(
			"modprobe: ERROR: could not insert 'vboxdrv': Key was rejected by service\nmake: *** [install] Fehler 1",
			{ module: "vboxdrv" },
		),
		m("kernel: Loading of unsigned module is rejected", {}),
		m(
			"PKCS#7 signature not signed with a trusted key\ninsmod: ERROR: could not insert module evdi.ko: Key was rejected by service",
			{
				module: "evdi",
			},
		),
		m("modprobe: ERROR: could not insert 'nvidia': 密钥被服务所拒绝", { module: "nvidia" }),
		m("[   14.5] Loading of module with unavailable key is rejected", {}),
	],
	"signature-required": [
		m("insmod: ERROR: could not insert module hello.ko: Required key not available", { module: "hello" }),
		m("modprobe: ERROR: could not insert 'wl': Der notwendige Schlüssel ist nicht verfügbar", {
			module: "wl",
		}),
		m(
			"Request for unknown module key 'Magrathea: Glacier signing key: 7a8b' err -11\nmodprobe: ERROR: could not insert 'foo': Required key not available",
			{
				module: "foo",
			},
		),
	],
	"signature-format": [
		m(
			"[ 4.1] module: not signed with expected PKCS#7 message\ninsmod: ERROR: could not insert module foo.ko: Package not installed",
			{
				module: "foo",
			},
		),
		m(
			"Module is not signed with expected PKCS#7 message\nmodprobe: ERROR: could not insert 'foo': Key was rejected by service",
		),
		m("foo: PKCS#7 signature info has unexpected non-zero params"),
		m(
			"[ 3.1] PKCS7: Unsupported SignedData version\ninsmod: ERROR: could not insert module foo.ko: Invalid argument",
			{
				module: "foo",
			},
		),
		m(
			"PKCS7: Unknown OID: [62] 1.2.840.113549.1.1.18\nUnsupported pkey algo: 113\nLoading of module with unsupported crypto is rejected",
		),
	],
	lockdown: [
		m("Lockdown: insmod: unsigned module loading is restricted; see man kernel_lockdown.7"),
		m(
			"[  3.3] Lockdown: Loading of unsigned modules is restricted; see https://wiki.debian.org/SecureBoot\nmodprobe: ERROR: could not insert 'vboxdrv': Operation not permitted",
			{
				module: "vboxdrv",
			},
		),
		m(
			"insmod: ERROR: could not insert module x.ko: Vorgang nicht zulässig\nOct 10 kernel: Lockdown: insmod: unsigned module loading is restricted; see man kernel_lockdown.7",
			{
				module: "x",
			},
		),
	],
	"operation-not-permitted": [
		m("insmod: can't insert 'foo.ko': Operation not permitted", { module: "foo" }),
		m(
			"modprobe: FATAL: Error inserting fuse (/lib/modules/2.6.32/kernel/fs/fuse/fuse.ko): Operation not permitted",
			{ module: "fuse" },
		),
		m("systemd-modules-load[123]: Failed to insert module 'br_netfilter': Operation not permitted", {
			module: "br_netfilter",
		}),
		m("modprobe: ERROR: could not insert 'wireguard': Opération non permise", { module: "wireguard" }),
		m('finit_module(3, "", 0) = -1 EPERM (Operation not permitted)'),
	],
	"selinux-denied": [
		m(
			'type=AVC msg=audit(1600000000.123:456): avc:  denied  { module_load } for  pid=1234 comm="insmod" path="/root/foo.ko" dev="dm-0" ino=123 scontext=system_u:system_r:container_t:s0 tcontext=unconfined_u:object_r:admin_home_t:s0 tclass=system permissive=0',
			{
				module: "foo",
			},
		),
		m(
			'[  5.5] type=1400 audit(0.0:12): avc: denied { sys_module } for comm="modprobe" capability=16 scontext=u:r:vendor_init:s0 tcontext=u:r:vendor_init:s0 tclass=capability permissive=0\nmodprobe: Failed to insmod /vendor/lib/modules/x.ko: Permission denied',
		),
		m(
			'audit: type=1400 apparmor="DENIED" operation="capable" profile="snap.foo" pid=3 comm="modprobe" capability=16  capname="sys_module"',
		),
	],
	"btf-mismatch": [
		m(
			"BPF:[103311] FWD\nBPF:struct\nBPF:\nBPF:Invalid name\nfailed to validate module [nft_chain_nat] BTF: -22",
			{ module: "nft_chain_nat" },
		),
		m(
			"[ 5.5] BPF: \t type_id=99 bits_offset=0\n[ 5.5] BPF: Invalid name\n[ 5.5] failed to validate module [nvidia] BTF: -22\nmodprobe: ERROR: could not insert 'nvidia': Invalid argument",
			{
				module: "nvidia",
			},
		),
		m("kernel: failed to validate module [veth] BTF: -22", { module: "veth" }),
	],
	"unknown-relocation": [
		m("drv: unhandled relocation of type 19", { module: "drv", relocation: "19" }),
		m("module foo: unsupported RELA relocation: 311", { module: "foo", relocation: "311" }),
		m("foo: Unknown relocation type 23", { module: "foo", relocation: "23" }),
		m(
			"[ 3.2] wl: Unknown rela relocation: 4\ninsmod: ERROR: could not insert module wl.ko: Invalid module format",
			{ module: "wl", relocation: "4" },
		),
		m("hello: unknown relocation: 27", { relocation: "27" }),
		m("foo: Unsupport relocation type 99, please add its support.", { relocation: "99" }),
		m("m: Unknown ADD relocation: 109", { relocation: "109" }),
		m("foo: The unexpected relocation type 'R_RISCV_ALIGN' from PC = 00000000abc", {
			relocation: "R_RISCV_ALIGN",
		}),
	],
	"relocation-overflow": [
		m(
			"overflow in relocation type 11 val ffff888012345678\n`hello' likely not compiled with -mcmodel=kernel",
			{ module: "hello", relocation: "11" },
		),
		m("foo: section 4 reloc 12 sym 'printk': relocation 28 out of range (0xbf0c21c4 -> 0xc0541e3c)", {
			module: "foo",
			symbol: "printk",
			relocation: "28",
		}),
		m("module foo: overflow in relocation type 283 val ffffffbffc0f8a20", {
			module: "foo",
			relocation: "283",
		}),
		m("module 8021q: relocation overflow", { module: "8021q" }),
		m("foo: target 00000000f1234567 can not be addressed by the 32-bit offset from PC = 0000000012", {
			module: "foo",
		}),
		m("foo: REL24 -34512345 out of range!", { module: "foo" }),
		m("foo: section 3 reloc 0 sym '': unsupported interworking call (ARM -> Thumb)", { module: "foo" }),
	],
	"module-decompress-failed": [
		m(
			"[ 9.9] decompression failed with status 6\nmodprobe: ERROR: could not insert 'i915': Invalid argument",
			{ module: "i915" },
		),
		m("ZSTD-decompression failed with status 14"),
		m("kernel: decompression initialization failed with status -22"),
		m("ZSTD-compressed data has too large a window size"),
	],
	"elf-header-invalid": [
		m("insmod: no gzip magic\ninsmod: can't insert 'virtio_net.ko.gz': invalid module format", {
			file: "virtio_net.ko.gz",
		}),
		m("Invalid ELF header magic: != \x7fELF\ninsmod: can't insert 'foo.ko.xz': invalid module format", {
			file: "foo.ko.xz",
		}),
		m("[ 2.2] Module len 4096 truncated"),
		m(
			"[ 2.2] Invalid ELF section header overflow\ninsmod: ERROR: could not insert module x.ko: Invalid module format",
		),
		m("[ 1.2] Invalid architecture in ELF header: 183"),
		m("foo: module has no symbols (stripped?)", { module: "foo" }),
	],
	"module-area-exhausted": [
		m(
			"vmap allocation for size 1052672 failed: use vmalloc=<size> to increase size\ninsmod: can't insert 'big.ko': Cannot allocate memory",
			{ module: "big" },
		),
		m("insmod: vmalloc: allocation failure: 20123648 bytes, mode:0xd2"),
		m("kvm_intel: Could not allocate 2048 bytes percpu data", { module: "kvm_intel" }),
		m("insmod: ERROR: could not insert module foo.ko: Cannot allocate memory", { module: "foo" }),
		m("modprobe: vmalloc error: size 5230592, page order 0, failed to allocate pages, mode:0xcc2"),
	],
	"module-already-loaded": [
		m("modprobe: 错误：无法插入“vfio_pci”：文件已存在", { module: "vfio_pci" }),
		m("insmod: can't insert 'foo.ko': File exists", { module: "foo" }),
		m("modprobe: ERROR: could not insert 'dummy': Module already in kernel", { module: "dummy" }),
		m("insmod: ERROR: could not insert module e1000e.ko: Die Datei existiert bereits", { module: "e1000e" }),
		m("insmod: ERROR: could not insert module ./8812au.ko: 文件已存在", { module: "8812au" }),
	],
	"module-init-failed": [
		m("-> Kernel module load error: No such device", { errno: "ENODEV" }),
		m(
			"second: gave up waiting for init of module first.\nsecond: Unknown symbol first_export (err -16)\ninsmod: ERROR: could not insert module second.ko: Device or resource busy",
			{ module: "second" },
		),
		m("modprobe: ERROR: could not insert 'it87': No such device", { module: "it87" }),
		m("insmod: can't insert 'foo.ko': Input/output error", { module: "foo" }),
		m(
			"modprobe: ERROR: could not insert 'padlock_sha': No such device\n[ 3.3] padlock_sha: VIA PadLock Hash Engine not detected.",
			{ module: "padlock_sha" },
		),
		m("insmod: init_module 'bcmdhd.ko' failed (No such device or address)", { module: "bcmdhd" }),
		m(
			"FATAL: Error inserting kvm_intel (/lib/modules/2.6.32-5-amd64/kernel/arch/x86/kvm/kvm-intel.ko): Operation not supported",
			{ module: "kvm-intel" },
		),
		m("modprobe: ERROR: could not insert 'k10temp': Aucun périphérique de ce type", { module: "k10temp" }),
		m('finit_module(3, "", 0)                  = -1 ENODEV (No such device)'),
	],
	"module-not-found": [
		m("modprobe: module ip_gre not found in modules.dep", { module: "ip_gre" }),
		m(
			"modprobe: ERROR: ../libkmod/libkmod-module.c:832 kmod_module_insert_module() could not find module by name='tp_smapi'\nmodprobe: ERROR: could not insert 'tp_smapi': Unknown symbol in module, or unknown parameter (see dmesg)",
			{ module: "tp_smapi" },
		),
		m("modprobe: FATAL: Module xt_tls not found in directory /lib/modules/6.5.0-41-generic", {
			module: "xt_tls",
			path: "/lib/modules/6.5.0-41-generic",
		}),
		m("FATAL: Module ndiswrapper not found.", { module: "ndiswrapper" }),
		m("modprobe: module 'foo' not found in modules.dep", { module: "foo" }),
		m("modprobe: can't change directory to '/lib/modules/5.10.110': No such file or directory"),
		m("FATAL: Could not load /lib/modules/2.6.32-042stab/modules.dep: No such file or directory"),
		m("systemd-modules-load[200]: Failed to find module 'vhost_net'", { module: "vhost_net" }),
	],
	"unknown-parameter": [
		m("i915: unknown parameter 'enable_rc6' ignored", { module: "i915", parameter: "enable_rc6" }),
		m("foo: Unknown parameter `bar'\ninsmod: error inserting 'foo.ko': -1 Unknown symbol in module", {
			module: "foo",
			parameter: "bar",
		}),
		m(
			"snd_hda_intel: `abc' invalid for parameter `model'\nmodprobe: ERROR: could not insert 'snd_hda_intel': Invalid argument",
			{ parameter: "model" },
		),
	],
	"no-module-support": [
		m("modprobe: ERROR: could not insert 'dummy': Function not implemented", { module: "dummy" }),
		m("insmod: can't insert 'x.ko': Function not implemented", { module: "x" }),
		m("The present kernel disabled CONFIG_MODULES.\nYou cannot build or install external modules."),
		m("modprobe: ERROR: could not insert 'tun': Fonction non implantée"),
	],
	"module-not-retpoline": [
		m(
			"[  19.3] foo: loading module not compiled with retpoline compiler.\n[ 19.3] Spectre V2 : System may be vulnerable to spectre v2",
			{ module: "foo" },
		),
		m(
			"kernel: nvidia: loading module not compiled with retpoline compiler.\nkernel: nvidia: module license 'NVIDIA' taints kernel.",
			{ module: "nvidia" },
		),
		m("wl: loading module not compiled with retpoline compiler.", { module: "wl" }),
	],
	"benign-noise": [
		m(
			"  LD [M]  /root/hello/hello.ko\n  BTF [M] /root/hello/hello.ko\nSkipping BTF generation for /root/hello/hello.ko due to unavailability of vmlinux",
			{ module: "hello" },
		),
		m("vboxdrv: loading out-of-tree module taints kernel.", { module: "vboxdrv" }),
		m(
			"warning: the compiler differs from the one used to build the kernel\n  The kernel was built by: x86_64-linux-gnu-gcc-12 (Ubuntu 12.3.0-1ubuntu1~22.04) 12.3.0\n  You are using:           gcc-12 (Ubuntu 12.3.0-1ubuntu1~22.04) 12.3.0",
		),
		m("foo: module license 'Proprietary' taints kernel.\nDisabling lock debugging due to kernel taint", {
			module: "foo",
		}),
	],
};
