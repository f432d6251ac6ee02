import { quoted } from "../../shell-word.ts";
import type { Entry } from "../entry.ts";
import { follows, refused, reported } from "../place.ts";

/** What stands between a module that is fit and a device that works: userspace of another version, names that are taken, modprobe's own rules. */
export const deviceEntries: Entry[] = [
	{
		id: "driver-version-mismatch",
		title: "The driver's kernel module and its programs are of two versions",
		place: reported(5),
		cause:
			"The module that is loaded is version {release_module|one}, and the libraries that talk to it are {release_kernel|another}: an update replaced one of the two. Firmware of the old version is gone for the same reason.",
		remedy:
			"Reboot, so that the new module is loaded; if the old one still is in /lib/modules, build it anew for this kernel; on an image-based system roll back or update the image as a whole.",
		commands: [
			"cat /proc/driver/nvidia/version; modinfo -F version nvidia; dkms status nvidia",
			"sudo reboot",
			"sudo dkms autoinstall # when modinfo still shows the old version; akmods: sudo akmods --force",
			"sudo update-initramfs -u -k all 2>/dev/null || sudo dracut --force --regenerate-all || sudo mkinitcpio -P # an old module in the initramfs comes back at every boot",
		],
		check: "cat /proc/driver/nvidia/version against modinfo -F version nvidia and the package's version",
		origin: "NVIDIA's kernel module (rm API version check), libnvidia-ml, nvidia-modeset",
		patterns: [
			{
				needles: ["API mismatch: the client"],
				match:
					/NVRM: API mismatch: the client (?:'[^']{1,80}' \(pid \d{1,8}\) )?(?:\S{1,20} )?has the version (?<release_kernel>[\d.]{3,20})/,
				read: ({ groups }) => ({ release_kernel: [groups?.release_kernel ?? ""], module: ["nvidia"] }),
			},
			{
				needles: ["API mismatch: the client"],
				match: /NVRM: API mismatch: the client '[^']{1,80}' \(pid \d{1,8}\)$/,
				read: () => ({ module: ["nvidia"] }),
			},
			{
				needles: ["this kernel module has the version"],
				match: /(?:NVRM: )?this kernel module has the version (?<release_module>\d[\d.]{2,20}\d)/,
				place: reported(6),
				adds: true,
			},
			{
				needles: ["library version mismatch"],
				match: /Driver\/library version mismatch/,
				read: () => ({ module: ["nvidia"] }),
			},
			{
				needles: ["ersion mismatch: nvidia"],
				match:
					/nvidia-modeset: ERROR: Version mismatch: nvidia\.ko\((?<release_kernel>[\d.]{3,20})\) nvidia-modeset(?:\.ko)?\((?<release_module>[\d.]{3,20})\)/,
			},
		],
		explains: ["firmware-missing"],
	},
	{
		id: "device-not-driven",
		title: "The module is loaded, and it does not take the device",
		place: reported(62),
		cause:
			"The loader had no objection; {module|the driver} itself found no device that it can drive: another driver has it, this branch of the driver does not know it, or firmware gave it no memory window.",
		remedy:
			"Read which: another driver (nouveau, vfio-pci) is unbound or blacklisted; a device too old or too new needs another branch of the driver (or the open modules); a BAR of 0M wants 'Above 4G decoding' in the firmware, EFI and 64-bit MMIO for a virtual machine, or pci=realloc.",
		commands: [
			"lspci -nnk | grep -A3 -Ei 'vga|3d|display' # which driver has it",
			"sudo lspci -vv | grep -E 'Region|BAR' # windows that the firmware gave",
			"sudo dmesg | grep -E 'NVRM|BAR|nouveau|vfio' | head -30",
		],
		check: "lspci -nnk: Kernel driver in use; the driver's list of supported devices",
		origin: "NVIDIA's kernel module (nv.c, nv-pci.c); other drivers of hardware say it in like words",
		patterns: [
			{
				needles: ["NVRM: BAR", "not supported by open", "PCI I/O region assigned to your NVIDIA"],
				match:
					/NVRM: (?:installed in this system is not supported by open|BAR\d is 0M|This PCI I\/O region assigned to your NVIDIA device is invalid)/,
				read: () => ({ module: ["nvidia"] }),
			},
			{
				needles: ["NVRM: No NVIDIA", "NVIDIA probe routine was not called"],
				match:
					/NVRM: (?:No NVIDIA (?:GPU|graphics adapter|devices?) (?:found|probed)|The NVIDIA probe routine was not called for \d{1,3} device)/,
				read: () => ({ module: ["nvidia"] }),
			},
			{
				needles: ["NVIDIA probe routine failed", "None of the NVIDIA"],
				match:
					/NVRM: (?:The NVIDIA probe routine failed for \d{1,3} device|None of the NVIDIA (?:graphics adapters|devices) were (?:initialized|probed))/,
				place: reported(69),
				read: () => ({ module: ["nvidia"] }),
			},
			{
				needles: ["NVIDIA open kernel modules", "driver release", "Legacy drivers"],
				match:
					/requires use of the NVIDIA open kernel modules|is not supported by (?:the )?(?:open |closed-source )?.{0,40}NVIDIA (?:\S{1,20} )?driver release|(?:supported through|will ignore) the NVIDIA .{0,60}Legacy drivers/,
				read: () => ({ module: ["nvidia"] }),
			},
			{
				needles: ["RmInitAdapter failed"],
				match: /NVRM: GPU \S{1,20}: RmInitAdapter failed/,
				place: reported(69),
				certainty: "likely",
				read: () => ({ module: ["nvidia"] }),
			},
		],
	},
	{
		id: "name-already-registered",
		title: "The name that the module registers is taken",
		place: refused(56),
		cause:
			"{path|A name in sysfs, /proc or debugfs} exists already: another module (or an earlier load that did not clean up) registered the same class, device or entry, so this one's init fails.",
		remedy:
			"Give class, device or entry a name of its own; or unload the module that has it. After a module that failed or crashed without removing its names, only a reboot clears them.",
		commands: [
			({ path }) =>
				path?.[0]?.startsWith("/") ? [`ls -ld ${quoted(`/sys${path[0].replace(/^\/sys/, "")}`)}`] : [],
			"lsmod | head; sudo dmesg | tail -40",
			"grep -rnE 'class_create|device_create|register_chrdev|proc_create|debugfs_create' {folder|.} --include='*.c'",
		],
		causes: [
			"the same example built twice under two module names",
			"an exit function that does not undo what init did",
			"an error path of init that returns without removing what it had registered",
		],
		check: "ls below /sys/class, /proc or /sys/kernel/debug for the name",
		origin: "fs/sysfs/dir.c (sysfs_warn_dup), lib/kobject.c, fs/proc/generic.c, fs/debugfs/inode.c",
		patterns: [
			{
				needles: ["annot create duplicate filename"],
				match: /sysfs: cannot create duplicate filename '(?<path>\/[^']{1,300})'/,
			},
			{
				needles: ["with -EEXIST"],
				match:
					/kobject(?:_add_internal)?(?::|) ?(?:kobject_add_internal )?failed for (?<path>[\w.:-]{1,100}) (?:\(.{0,80}\) )?with -EEXIST/,
			},
			{
				needles: ["already registered"],
				match: /proc_dir_entry '(?<path>[^']{1,200})' already registered/,
			},
			{
				needles: ["already present!"],
				match:
					/debugfs: (?:Directory|File) '(?<path>[^']{1,200})' (?:in directory|with parent) '[^']{1,200}' already present!/,
			},
		],
		returns: ["EEXIST"],
	},
	{
		id: "load-switched-off",
		title: "modprobe's own configuration keeps the module out",
		place: reported(7),
		cause:
			"{module|The module} is fit or not, nobody tried: a line of /etc/modprobe.d (or the distribution's support policy) runs {tool|another command} in place of loading it.",
		remedy:
			"Find the line, and take it out when you want the module; insmod of the file goes past it. SUSE's policy is allow_unsupported_modules.",
		commands: [
			"grep -rnE '\\b(install|blacklist|allow_unsupported)\\b.*'{module|} /etc/modprobe.d /usr/lib/modprobe.d /run/modprobe.d 2>/dev/null",
			({ tool, module }) =>
				tool?.[0] === "unsupported"
					? [`sudo modprobe --allow-unsupported-modules ${quoted(module?.[0] ?? "NAME")}`]
					: [],
			"sudo modprobe --ignore-install {module|NAME}",
		],
		check: "modprobe -c | grep NAME",
		origin: "kmod (libkmod-module.c, command_do; SUSE's patch for unsupported modules)",
		patterns: [
			{
				needles: ["running install command"],
				match:
					/Error running install command (?:'(?<tool>[^']{1,200})' )?for (?:module )?(?<module>[\w.+-]{1,64})/,
			},
			{
				needles: ["is unsupported"],
				match: /module '(?<module>[\w.+-]{1,64})' is unsupported/,
				read: ({ groups }) => ({ module: [groups?.module ?? ""], tool: ["unsupported"] }),
			},
			{
				needles: ["allow-unsupported", "allow_unsupported_modules"],
				match: /Use --allow-unsupported(?:-modules)? or set allow_unsupported_modules/,
				read: () => ({ tool: ["unsupported"] }),
			},
		],
		returns: ["EINVAL", "EPERM"],
	},
	{
		id: "btf-not-offered",
		title: "This kernel offers no BTF, and a BPF program wants it",
		place: follows(20),
		cause:
			"The kernel was built without CONFIG_DEBUG_INFO_BTF (or /sys is not mounted where the program runs), so there is no {path|/sys/kernel/btf/vmlinux}. No module is at fault.",
		remedy:
			"Boot a kernel with CONFIG_DEBUG_INFO_BTF=y (all large distributions' present ones have it), mount /sys into the container, or give the program a BTF file made for this kernel (BTFHub, pahole -J over a vmlinux with debug information).",
		commands: [
			"ls -l /sys/kernel/btf/vmlinux",
			'zgrep DEBUG_INFO_BTF /proc/config.gz 2>/dev/null || grep DEBUG_INFO_BTF "/boot/config-$(uname -r)"',
		],
		check: "ls /sys/kernel/btf/vmlinux; CONFIG_DEBUG_INFO_BTF",
		origin: "libbpf (btf.c), bpftool, bcc",
		confirm: (_, machine) => {
			const there = machine.exists("/sys/kernel/btf/vmlinux");
			return {
				verdict: there ? "contradicted" : "confirmed",
				evidence: [`/sys/kernel/btf/vmlinux is ${there ? "there" : "not there"}`],
			};
		},
		patterns: [
			{ needles: ["valid kernel BTF"], match: /libbpf: failed to find valid kernel BTF/ },
			{
				needles: ["kernel/btf/vmlinux", "vmlinux BTF"],
				match:
					/(?:failed to (?:load|get|open|read)|[Ee]rror loading|[Cc]an't open) .{0,60}(?<path>\/sys\/kernel\/btf\/vmlinux)|[Ee]rror loading vmlinux BTF/,
			},
			{ needles: ["BTF header not found"], match: /libbpf: BTF header not found/, certainty: "likely" },
			{
				needles: ["upport BTF", "without BTF"],
				match: /[Kk]ernel (?:doesn't|does not) support BTF|kernel (?:was )?(?:compiled|built) without BTF/,
			},
		],
	},
];
