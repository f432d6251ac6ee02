/** What a system offers to somebody who builds or loads modules on it: commands with {release} and the named groups of `release`. */
export interface System {
	/** Id of templates/boards, of which `release` takes a part when it is given. */
	board: string;
	/** For people. */
	name: string;
	release?: RegExp;
	/** os-release ID whose package tables (templates/packages) name its build tools; null: none does. */
	packages: string | null;
	/** Installs the headers of exactly that release; [] where nobody packages them. */
	headers: readonly string[];
	/** Brings a kernel together with its headers, to be rebooted into: when those of an old release are gone. */
	kernel: readonly string[];
	/** Brings modules that are packaged apart from the kernel. */
	modules?: readonly string[];
	/** Brings gcc {n} where its package is no gcc-{n}. */
	compiler?: readonly string[];
	/** How a source tree of this kernel is prepared, where no package of headers is. */
	source?: readonly string[];
	/** What stands for the groups of `release` when a log names none. */
	usual?: Readonly<Record<string, string>>;
	/** Brings the compiled Rust crates of that release, where they are packaged apart. */
	rust?: readonly string[];
	/** /lib/modules/R/build is no tree there, whatever is installed. */
	noTree?: true;
	/** Programs that it does not have. */
	lacks?: readonly string[];
	/** Modules that the vendor builds apart from the kernel, and how they are built again. */
	own?: { modules: RegExp; rebuild: readonly string[] };
	/** Everybody is root there. */
	rootShell?: true;
}

const debian = { packages: "debian", headers: ["sudo apt install linux-headers-{release}"] } as const;
const WSL_MODULES = [
	"zgrep -iE 'CONFIG_('{module}')[ =]' /proc/config.gz # y: built in; m: a module, in the modules.vhdx of that very kernel (6.6 and later), before in none; not set: not to be had in this kernel",
	"grep -nE 'kernel' /mnt/c/Users/*/.wslconfig # a kernel of one's own (kernel=) needs its own kernelModules=C:\\\\...\\\\modules.vhdx beside it, whose top holds what lib/modules/{release} holds; then wsl.exe --shutdown",
	'make INSTALL_MOD_PATH="$PWD/modules" modules_install && sudo ./Microsoft/scripts/gen_modules_vhdx.sh "$PWD/modules" "$(make -s kernelrelease)" modules.vhdx # makes that file, in the source of the kernel of one\'s own (6.6 and later); the release has to be {release}, a + at its end included',
] as const;
const ROUTER = ["depmod", "mokutil", "sudo", "dnf", "apt", "lspci", "dkms"];

/** The first row that fits counts. */
export const systems: readonly System[] = [
	{
		...{ board: "proxmox", name: "Proxmox VE", release: /^(?:[1-5]\.|6\.[0-4]\.)/, packages: "debian" },
		headers: ["sudo apt install pve-headers-{release}"],
		kernel: [
			"sudo apt update && sudo apt install proxmox-default-kernel proxmox-default-headers && sudo reboot # apt is refused (401) without a subscription: the node's Updates, Repositories: pve-no-subscription in place of pve-enterprise",
		],
	},
	{
		...{ board: "proxmox", name: "Proxmox VE", packages: "debian" },
		headers: ["sudo apt install proxmox-headers-{release}"],
		kernel: [
			"sudo apt update && sudo apt install proxmox-default-kernel proxmox-default-headers && sudo reboot # apt is refused (401) without a subscription: the node's Updates, Repositories: pve-no-subscription in place of pve-enterprise",
		],
	},
	{
		...{
			board: "ubuntu",
			name: "Ubuntu",
			...debian,
			release:
				/-(?<flavour>azure|aws|gcp|gke|oracle|kvm|raspi|lowlatency|realtime|nvidia|ibm|intel|oem)(?:-\S*)?$/,
		},
		kernel: [
			"sudo apt update && sudo apt install linux-image-{flavour} linux-headers-{flavour} && sudo reboot",
		],
		modules: ["sudo apt install linux-modules-extra-{release}"],
	},
	{
		...{ board: "ubuntu", name: "Ubuntu", ...debian },
		kernel: ["sudo apt update && sudo apt install linux-generic linux-headers-generic && sudo reboot"],
		rust: ["sudo apt install linux-lib-rust-{release}"],
		modules: ["sudo apt install linux-modules-extra-{release}"],
	},
	{
		...{
			board: "debian",
			name: "Debian",
			...debian,
			release:
				/-(?<flavour>(?:cloud-|rt-)?(?:amd64|arm64|armmp|armmp-lpae|686(?:-pae)?|riscv64|powerpc64le|s390x))$/,
		},
		kernel: [
			"sudo apt update && sudo apt install linux-image-{flavour} linux-headers-{flavour} && sudo reboot",
		],
	},
	{
		...{ board: "kali", name: "Kali", ...debian },
		kernel: ["sudo apt update && sudo apt install linux-image-amd64 linux-headers-amd64 && sudo reboot"],
	},
	{
		...{
			board: "raspberry-pi",
			name: "Raspberry Pi OS",
			packages: "debian",
			release: /\+rpt-(?<flavour>rpi-[\w-]+)$/,
		},
		headers: ["sudo apt install linux-headers-{release}"],
		kernel: [
			"sudo apt update && sudo apt install linux-image-{flavour} linux-headers-{flavour} && sudo reboot",
		],
	},
	{
		...{ board: "raspberry-pi", name: "Raspberry Pi OS", packages: "debian" },
		headers: ["sudo apt install raspberrypi-kernel-headers"],
		kernel: [
			"sudo apt update && sudo apt full-upgrade && sudo apt install raspberrypi-kernel-headers && sudo reboot",
		],
	},
	{
		...{
			board: "armbian",
			name: "Armbian",
			packages: "debian",
			release: /-(?<branch>current|edge|legacy|vendor|collabora)-(?<family>[\w-]+)$/,
		},
		headers: ["sudo apt install linux-headers-{branch}-{family}"],
		kernel: [
			"sudo apt update && sudo apt install linux-image-{branch}-{family} linux-headers-{branch}-{family} && sudo reboot",
		],
	},
	{
		...{ board: "liquorix", name: "Liquorix", ...debian },
		kernel: [
			"sudo apt update && sudo apt install linux-image-liquorix-amd64 linux-headers-liquorix-amd64 && sudo reboot",
		],
	},
	{
		...{ board: "xanmod", name: "XanMod", ...debian, release: /-(?<level>x64v\d)-xanmod/ },
		kernel: ["sudo apt update && sudo apt install linux-xanmod-{level} && sudo reboot"],
	},
	{
		...{ board: "xanmod", name: "XanMod", ...debian },
		kernel: ["sudo apt update && sudo apt install linux-xanmod && sudo reboot"],
	},
	{
		...{ board: "zabbly", name: "Zabbly", ...debian },
		kernel: ["sudo apt update && sudo apt install linux-zabbly && sudo reboot"],
	},
	{
		...{ board: "surface", name: "linux-surface", packages: "debian" },
		headers: [
			"sudo apt install linux-headers-surface # Fedora: kernel-surface-devel; Arch: linux-surface-headers",
		],
		kernel: ["sudo apt update && sudo apt install linux-image-surface linux-headers-surface && sudo reboot"],
	},
	{
		...{ board: "jetson", name: "Jetson Linux", packages: "debian" },
		headers: ["sudo apt install nvidia-l4t-kernel-headers", "ls -d /usr/src/linux-headers-{release}*"],
		kernel: [
			"sudo apt update && sudo apt install --reinstall nvidia-l4t-kernel nvidia-l4t-kernel-headers && sudo reboot",
		],
		own: {
			modules: /^(?:nv\w*|tegra\w*|host1x\w*|snd_soc_tegra\w*|camchar|ivc_\w+)$/,
			rebuild: [
				"sudo apt install --reinstall nvidia-l4t-kernel nvidia-l4t-kernel-oot-modules && sudo reboot # NVIDIA's kernel and its modules, of one build; the kernel of one's own is gone then",
				"cd Linux_for_Tegra/source && export KERNEL_HEADERS=$PWD/kernel/kernel-jammy-src && make modules && sudo -E make modules_install && sudo depmod && sudo reboot # for a kernel of one's own: nvidia-oot of the same L4T release, built in its tree (JetPack 6)",
			],
		},
	},
	{
		...{ board: "fedora", name: "Fedora", packages: "fedora" },
		modules: ["sudo dnf install kernel-modules-extra-{release}"],
		headers: ["sudo dnf install kernel-devel-{release}"],
		kernel: ["sudo dnf upgrade --refresh kernel kernel-devel && sudo reboot"],
	},
	{
		...{ board: "oracle-uek", name: "Oracle Linux (UEK)", packages: "fedora" },
		compiler: ["sudo dnf install gcc-toolset-{n} && source /opt/rh/gcc-toolset-{n}/enable"],
		modules: ["sudo dnf install kernel-modules-extra-{release}"],
		headers: ["sudo dnf install kernel-uek-devel-{release}"],
		kernel: ["sudo dnf upgrade --refresh kernel-uek kernel-uek-devel && sudo reboot"],
	},
	{
		...{ board: "rhel", name: "RHEL and its rebuilds", packages: "fedora", release: /\.el7\./ },
		headers: ["sudo yum install kernel-devel-{release}"],
		kernel: ["sudo yum update kernel kernel-devel && sudo reboot"],
	},
	{
		...{ board: "rhel", name: "RHEL and its rebuilds", packages: "fedora" },
		compiler: ["sudo dnf install gcc-toolset-{n} && source /opt/rh/gcc-toolset-{n}/enable"],
		modules: ["sudo dnf install kernel-modules-extra-{release}"],
		headers: ["sudo dnf install kernel-devel-{release}"],
		kernel: ["sudo dnf upgrade --refresh kernel kernel-devel && sudo reboot"],
	},
	...(["openeuler", "anolis"] as const).map((board) => ({
		...{ board, name: board === "anolis" ? "Anolis OS" : "openEuler", packages: "fedora" },
		headers: ["sudo dnf install kernel-devel-{release}"],
		kernel: ["sudo dnf upgrade --refresh kernel kernel-devel && sudo reboot"],
	})),
	{
		...{ board: "amazon", name: "Amazon Linux", packages: "fedora", release: /\.amzn2\./ },
		headers: ["sudo yum install kernel-devel-{release}"],
		kernel: ["sudo yum update kernel kernel-devel && sudo reboot"],
	},
	{
		...{ board: "amazon", name: "Amazon Linux", packages: "fedora", release: /^(?<series>6\.(?!1\.)\d+)\./ },
		headers: ["sudo dnf install kernel{series}-devel-{release}"],
		kernel: ["sudo dnf upgrade --refresh kernel{series} kernel{series}-devel && sudo reboot"],
	},
	{
		...{ board: "amazon", name: "Amazon Linux", packages: "fedora" },
		headers: ["sudo dnf install kernel-devel-{release}"],
		kernel: ["sudo dnf upgrade --refresh kernel kernel-devel && sudo reboot"],
	},
	{
		...{
			board: "azure-linux",
			name: "Azure Linux",
			packages: null,
			headers: ["sudo tdnf install kernel-devel"],
		},
		kernel: ["sudo tdnf update kernel kernel-devel && sudo reboot"],
	},
	{
		...{ board: "photon", name: "Photon OS", packages: null, headers: ["sudo tdnf install linux-devel"] },
		kernel: ["sudo tdnf update linux linux-devel && sudo reboot"],
	},
	{
		...{ board: "steamos", name: "SteamOS", packages: "arch", release: /-neptune-(?<line>\d+)/ },
		headers: ["sudo steamos-readonly disable", "sudo pacman -S linux-neptune-{line}-headers"],
		kernel: [
			"sudo steamos-readonly disable && sudo pacman -Sy linux-neptune-{line} linux-neptune-{line}-headers && sudo reboot",
		],
	},
	{
		...{ board: "steamos", name: "SteamOS", packages: "arch" },
		headers: ["sudo steamos-readonly disable", "sudo pacman -S linux-neptune-headers"],
		kernel: [
			"sudo steamos-readonly disable && sudo pacman -Sy linux-neptune linux-neptune-headers && sudo reboot",
		],
	},
	{
		...{
			board: "cachyos",
			name: "CachyOS",
			packages: "arch",
			release: /-(?:\d+-)?cachyos(?<flavour>(?:-[a-z][\w]*)*)$/,
		},
		headers: ["sudo pacman -S linux-cachyos{flavour}-headers"],
		kernel: ["sudo pacman -Syu linux-cachyos{flavour} linux-cachyos{flavour}-headers && sudo reboot"],
	},
	{
		...{ board: "manjaro", name: "Manjaro", packages: "arch", release: /^(?<major>\d+)\.(?<minor>\d+)\./ },
		headers: ["sudo pacman -S linux{major}{minor}-headers"],
		kernel: ["sudo pacman -Syu linux{major}{minor} linux{major}{minor}-headers && sudo reboot"],
	},
	{
		...{
			board: "arch",
			name: "Arch Linux",
			packages: "arch",
			release: /-(?<flavour>lts|zen|hardened|rt)\d*(?:-\d+)?$|-(?<named>lts|zen|hardened|rt)/,
		},
		headers: ["sudo pacman -S linux-{flavour}-headers"],
		kernel: ["sudo pacman -Syu linux-{flavour} linux-{flavour}-headers && sudo reboot"],
	},
	{
		...{ board: "arch", name: "Arch Linux", packages: "arch" },
		headers: ["sudo pacman -S linux-headers"],
		kernel: ["sudo pacman -Syu linux linux-headers && sudo reboot"],
	},
	{
		...{
			board: "asahi",
			name: "Asahi",
			packages: "fedora",
			headers: ["sudo dnf install kernel-16k-devel-{release}"],
		},
		kernel: ["sudo dnf upgrade --refresh kernel-16k kernel-16k-devel && sudo reboot"],
	},
	{
		...{
			board: "suse",
			name: "openSUSE and SLES",
			packages: "opensuse",
			release: /-(?<flavour>default|azure|rt|64kb|debug|longterm|preempt|kvmsmall|vanilla|pae)$/,
		},
		usual: { flavour: "default" },
		headers: [
			"sudo zypper install kernel-{flavour}-devel kernel-devel",
			"ls -d /usr/src/linux-*-obj/*/{flavour}",
		],
		kernel: ["sudo zypper update kernel-{flavour} kernel-{flavour}-devel && sudo reboot"],
	},
	{
		...{
			board: "alpine",
			name: "Alpine",
			packages: "alpine",
			release: /-(?<flavour>lts|virt|edge|rpi\d?|asahi|stable)$/,
			headers: ["doas apk add linux-{flavour}-dev"],
		},
		kernel: ["doas apk upgrade -U linux-{flavour} linux-{flavour}-dev && doas reboot"],
		lacks: ["mokutil"],
	},
	{
		...{
			board: "void",
			name: "Void",
			packages: null,
			release: /^(?<series>\d+\.\d+)\./,
			headers: ["sudo xbps-install -S linux{series}-headers"],
		},
		kernel: ["sudo xbps-install -Su linux{series} linux{series}-headers && sudo reboot"],
	},
	{
		...{ board: "gentoo", name: "Gentoo", packages: null },
		headers: ["ls -l /usr/src/linux; eselect kernel list", "cd /usr/src/linux && make modules_prepare"],
		kernel: ["sudo emerge --ask --oneshot @module-rebuild"],
	},
	{
		...{
			board: "nixos",
			name: "NixOS",
			packages: null,
			headers: ["nix-shell -p linuxPackages.kernel.dev # the linuxPackages of the kernel in use"],
			kernel: ["sudo nixos-rebuild boot && sudo reboot"],
			modules: [
				"grep -rnE 'availableKernelModules|kernelModules' /etc/nixos # take out what this kernel does not have (built in, or off)",
				"sudo nixos-rebuild boot && sudo reboot",
			],
		},
		lacks: ["depmod", "apt", "apt-get", "dnf", "dkms"],
	},
	{
		...{
			board: "fedora-atomic",
			name: "Fedora Atomic, Universal Blue",
			packages: null,
			headers: [
				"rpm-ostree install kernel-devel-{release} && systemctl reboot",
				"dnf install kernel-devel-{release} # in the Containerfile of an image of one's own, before the akmod",
			],
			kernel: ["rpm-ostree upgrade && systemctl reboot"],
		},
	},
	{
		...{
			board: "wsl2",
			name: "WSL2",
			packages: "debian",
			release: /^(?<full>\d+\.\d+\.\d+\.\d+)-microsoft-standard-WSL2\+?$/,
		},
		headers: [],
		kernel: ["wsl.exe --update"],
		source: [
			"git clone --depth 1 --branch linux-msft-wsl-{full} https://github.com/microsoft/WSL2-Linux-Kernel",
			"kprep sync WSL2-Linux-Kernel -t {release}",
			"make -C WSL2-Linux-Kernel M=$PWD modules # a driver of the kernel's own: M=drivers/FOLDER CONFIG_NAME=m, with the NAME of its Makefile",
		],
		modules: WSL_MODULES,
		noTree: true,
		lacks: ["mokutil"],
	},
	{
		...{
			board: "wsl2",
			name: "WSL2",
			packages: "debian",
			release: /^(?<series>\d+\.\d+)\./,
			headers: [],
			kernel: ["wsl.exe --update"],
			source: [
				"git clone --depth 1 --branch linux-msft-wsl-{series}.y https://github.com/microsoft/WSL2-Linux-Kernel # older kernels: one of: git ls-remote --tags of it",
				"kprep sync WSL2-Linux-Kernel -t {release}",
				"make -C WSL2-Linux-Kernel M=$PWD modules # a driver of the kernel's own: M=drivers/FOLDER CONFIG_NAME=m, with the NAME of its Makefile",
			],
		},
		modules: WSL_MODULES,
		noTree: true,
		lacks: ["mokutil"],
	},
	{
		...{
			board: "linuxkit",
			name: "Docker Desktop's LinuxKit",
			packages: null,
			release: /^(?<version>\d+\.\d+\.\d+)-linuxkit/,
			headers: [
				"docker run --rm --privileged --pid=host alpine nsenter -t 1 -m cat /etc/linuxkit.yml | grep -i image | head -3 # the kernel's image with its tag: docker/for-desktop-kernel:{version}-HASH",
				"docker create --name kernel-dev docker/for-desktop-kernel:{version}-HASH x && docker cp kernel-dev:/kernel-dev.tar . && tar xf kernel-dev.tar",
				"make -C usr/src/linux-headers-{release} M=$PWD clean modules # in a container of Linux with a compiler",
			],
			kernel: [],
		},
		noTree: true,
		lacks: ["mokutil", "sudo"],
		rootShell: true,
	},
	{
		...{ board: "openwrt", name: "OpenWrt", packages: null, headers: [], kernel: [], noTree: true },
		lacks: ROUTER,
		rootShell: true,
	},
	{
		...{ board: "android-gki", name: "Android", packages: null, headers: [], kernel: [], noTree: true },
		lacks: [...ROUTER, "modinfo", "modprobe"],
		rootShell: true,
	},
	...(["synology", "qnap"] as const).map((board) => ({
		...{
			board,
			name: board === "synology" ? "Synology DSM" : "QNAP QTS",
			packages: null,
			headers: [],
			kernel: [],
		},
		...{ noTree: true as const, lacks: ["depmod", "mokutil", "dnf", "apt", "dkms"] },
		source:
			board === "synology"
				? [
						"grep -E 'productversion|buildnumber' /etc.defaults/VERSION; uname -a # on the NAS: DSM branch and platform, which the GPL source and the toolchain have to be of",
						"cp TREE/synoconfigs/PLATFORM TREE/.config # TREE: the unpacked GPL source of that branch and platform (Synology's open source archive); the kernel's own configuration, not the toolkit's",
					]
				: [
						"uname -a; getcfg system version # on the NAS: model and firmware, which the GPL source has to be of",
					],
	})),
];

/** Shapes of releases that no board describes. */
export const MORE_SHAPES: readonly { board: string; release: RegExp }[] = [
	{ board: "zabbly", release: /-zabbly\+?$/ },
	// Arch begins to count its packages at 1, Alpine at 0.
	{ board: "alpine", release: /^\d+\.\d+\.\d+-0-(?:lts|virt|edge|stable|rpi\d?|asahi)$/ },
	// Synology's kernels of DSM 5 to 7.
	{ board: "synology", release: /^(?:3\.2\.40|3\.4\.35|3\.10\.10[258]|4\.4\.(?:59|180|302)\+|5\.10\.55\+)$/ },
	{ board: "linuxkit", release: /-linuxkit(?:-\S+)?$/ },
	{ board: "rhel", release: /\.el\d+(?:_\d+)?\.\w+/ },
	{ board: "fedora", release: /\.fc\d+\.\w+$/ },
	{ board: "amazon", release: /\.amzn\d+\./ },
	{ board: "proxmox", release: /-pve$/ },
	{ board: "jetson", release: /-tegra$/ },
	{ board: "wsl2", release: /-microsoft-standard/ },
	{ board: "steamos", release: /-neptune/ },
	{ board: "cachyos", release: /-cachyos/ },
	{ board: "manjaro", release: /-MANJARO$/ },
	{ board: "arch", release: /-(?:arch\d+-\d+|lts|zen\d?-\d+(?:-zen)?|hardened\d*-\d+(?:-hardened)?)$/ },
	{ board: "liquorix", release: /-liquorix-/ },
	{ board: "xanmod", release: /-xanmod/ },
	{ board: "raspberry-pi", release: /\+rpt-rpi-|-v[678]l?\+$|-v8-16k\+$/ },
	{ board: "armbian", release: /-(?:current|edge|legacy|vendor)-[a-z]\w+$/ },
	{
		board: "ubuntu",
		release: /-\d+-(?:generic|azure|aws|gcp|lowlatency|oem|raspi|kvm|oracle|realtime|nvidia)/,
	},
	{ board: "debian", release: /-(?:amd64|arm64|armmp|686(?:-pae)?)$/ },
	{ board: "suse", release: /-(?:default|azure|rt|longterm)$/ },
	{ board: "alpine", release: /-\d+-(?:lts|virt|edge|stable|rpi\d?)$/ },
	{ board: "gentoo", release: /-gentoo/ },
	{ board: "void", release: /^\d+\.\d+\.\d+_\d+$/ },
	{ board: "android-gki", release: /-android\d+-/ },
	{ board: "openwrt", release: /-openwrt/ },
];

/** Systems whose kernels have a release of another's shape: a word of theirs in the log outranks it. */
export const OVER_SHAPES: readonly string[] = ["alpine", "nixos", "fedora-atomic"];

/** The system of a release: `sure` when the log itself tells, else by the boards that know its shape (ids in the order of trust), else by its shape alone; null when nothing tells. */
export function systemOf(
	release: string,
	boards: readonly string[],
	sure: string | null = null,
): { system: System; parts: Record<string, string> } | null {
	const shapes = MORE_SHAPES.filter((shape) => shape.release.test(release)).map(({ board }) => board);
	for (const id of [...(sure === null ? [] : [sure]), ...shapes, ...boards]) {
		for (const system of systems) {
			if (system.board !== id) continue;
			const found = system.release?.exec(release);
			if (system.release !== undefined && found === null) continue;
			const groups = Object.entries(found?.groups ?? {}).filter(([, value]) => value !== undefined);
			const parts = { release, ...Object.fromEntries(groups) } as Record<string, string>;
			if (parts.named !== undefined) parts.flavour ??= parts.named;
			return { system, parts };
		}
	}
	return null;
}
