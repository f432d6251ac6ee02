/** Who ships a kernel, told by its release, and where its config is usually to be had. */
export interface Vendor {
	name: string;
	release: RegExp;
	/** R stands for the release, S for its series. */
	places: string[];
}

/** The first that fits counts. */
export const VENDORS: readonly Vendor[] = [
	{
		name: "WSL2",
		release: /microsoft/i,
		places: [
			"Microsoft/config-wsl in the WSL2-Linux-Kernel source of the same tag",
			"/proc/config.gz on the machine",
		],
	},
	{
		name: "Raspberry Pi",
		release: /rpi|-v[678]l?\+?$/,
		places: [
			"/proc/config.gz on the board, after `modprobe configs`",
			"bcm2711_defconfig or bcm2712_defconfig of the raspberrypi/linux source",
		],
	},
	{
		name: "NVIDIA Jetson",
		release: /tegra/,
		places: [
			"/proc/config.gz on the board",
			"tegra_defconfig or defconfig of the L4T kernel source (public_sources)",
		],
	},
	{
		name: "Android",
		release: /android\d/,
		places: [
			"/proc/config.gz on the device (adb shell)",
			"gki_defconfig of the common kernel branch in the release",
		],
	},
	{
		name: "Proxmox VE",
		release: /-pve$/,
		places: ["the package proxmox-headers-R", "/boot/config-R on the machine"],
	},
	{
		name: "Amazon Linux",
		release: /amzn/,
		places: ["the package kernel-devel-R", "/boot/config-R on the machine"],
	},
	{
		name: "Fedora or Red Hat",
		release: /\.(?:fc|el)\d+/,
		places: ["/lib/modules/R/config of the package kernel-core-R", "the package kernel-devel-R"],
	},
	{
		name: "Ubuntu",
		release:
			/^\d+\.\d+\.0-\d+-(?:generic|lowlatency|aws|azure|gcp|gke|oracle|ibm|kvm|raspi|nvidia|realtime|oem)/,
		places: ["/boot/config-R of the package linux-modules-R", "the package linux-headers-R"],
	},
	{
		name: "Alpine Linux",
		release: /^\d+\.\d+\.\d+-\d+-(?:lts|virt|rpi|stable|edge)$/,
		places: ["/boot/config-FLAVOUR of the package linux-FLAVOUR", "the package linux-FLAVOUR-dev"],
	},
	{
		name: "Arch Linux",
		release: /-arch\d|-lts$|-zen\d|-hardened\d/,
		places: [
			"the package linux-headers (or -lts, -zen, -hardened) of the same version",
			"the file `config` beside the PKGBUILD",
		],
	},
	{
		name: "openSUSE or SLE",
		release: /-(?:default|preempt|kvmsmall)$/,
		places: [
			"/boot/config-R of the package kernel-default",
			"the package kernel-default-devel",
			"config/ARCH/FLAVOUR in kernel-source",
		],
	},
	{
		name: "Debian",
		release:
			/^\d+\.\d+\.\d+\S*-(?:amd64|arm64|arm64-16k|armmp|armmp-lpae|686|686-pae|i386|ppc64el|riscv64|s390x|marvell|rpi)$/,
		places: [
			"/usr/src/linux-config-S of the package linux-config-S (kprep source get brings it)",
			"the package linux-headers-R",
		],
	},
	{
		name: "Armbian",
		release: /-(?:current|edge|legacy|vendor)-\w+$/,
		places: [
			"the package linux-headers-BRANCH-FAMILY",
			"config/kernel/linux-FAMILY-BRANCH.config of the Armbian build system",
		],
	},
	{
		name: "Firecracker",
		release: /-fc-/,
		places: ["resources/guest_configs of the Firecracker source", "/proc/config.gz in the guest"],
	},
];

/** For kernels of nobody known: what works for most. */
const ANYBODY = [
	"/proc/config.gz on the machine that runs it (after `modprobe configs`)",
	'the source that the vendor owes you under the GPL: it includes the config (section 3, "scripts used to control compilation")',
	"the .config of the build folder: Yocto tmp/work/*/linux-*/build, Buildroot output/build/linux-*, OpenWrt build_dir/",
];

/** Where the config of this kernel is usually published, most likely first, in words. */
export function configPlaces(release: string): string[] {
	const vendor = VENDORS.find((one) => one.release.test(release));
	const series = /^\d+\.\d+/.exec(release)?.[0] ?? release;
	const own = (vendor?.places ?? []).map((place) => {
		const named = place.replace(/\bR\b/g, () => release).replace(/-S\b/g, () => `-${series}`);
		return `${vendor?.name}: ${named}`;
	});
	return [...own, ...ANYBODY];
}
