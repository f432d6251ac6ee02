import { quoted } from "../../shell-word.ts";
import type { Entry } from "../entry.ts";
import { building, follows } from "../place.ts";
import type { Scene } from "../reading/scene.ts";

/** dkms, akmods, installers of drivers, Yocto, opkg and rpm: what stands between a driver and make. */
export const packagedEntries: Entry[] = [
	{
		id: "log-is-elsewhere",
		title: "These lines only point to the log that holds the cause",
		place: follows(50),
		cause: "The build failed, and its reason is in {path|another log}, not in these lines.",
		remedy: "Give that log to kprep explain[[: {path}]].",
		commands: ["kprep explain {path|FILE}"],
		// That log is in the paste itself.
		unless: ({ dkmsKernel }) => dkmsKernel !== null,
		check: "the first error in that file",
		origin: "dkms, akmods, vboxdrv.sh, nvidia-installer, bitbake",
		patterns: [
			{
				needles: [
					"onsult /",
					"onsult the /",
					"ook at /",
					"ook in /",
					"ee /",
					"ee log /",
					"heck /",
					"is located at /",
					"stored in: /",
					"og file: /",
					"the file ",
					"ee file ",
				],
				match:
					/(?:onsult (?:the )?|ook (?:at|in) |[Ss]ee (?:log )?|heck |is located at |stored in: |og file: |(?:the|ee) file '?)(?<path>\/[^\s'"()]{2,300}?(?:log|\.\d{1,8}|messages)[\w.-]{0,40}?)'?(?=[).,;:]{0,3}(?:\s|$))/,
			},
			{
				needles: ["dmesg"],
				match: /(?:[Uu]se|[Ss]ee|[Cc]heck) '?dmesg'?(?: output)?(?: to find out| for the|\.$)/,
				place: follows(51),
				certainty: "likely",
				read: () => ({}),
			},
			{
				needles: ["ad return status for module build", "ad exit status"],
				match: /Bad return status for module build on kernel: (?<release_kernel>\d\S{0,80})/,
				adds: true,
			},
			{
				needles: ["onfig.log"],
				match: /[Ss]ee '?(?<path>\S{0,300}config\.log)'? for more details/,
			},
		],
	},
	{
		id: "dkms-build-exclusive",
		title: "dkms skipped the module: it declares itself not for this kernel",
		place: building(5),
		cause:
			"BUILD_EXCLUSIVE_KERNEL, _ARCH or _CONFIG in the driver's dkms.conf does not match this kernel[[ ({release_kernel})]], so dkms does not build it.",
		remedy:
			"Take a version of the driver that is for this kernel, or boot a kernel that it is for. The tree is not at fault, and neither are its headers.",
		commands: ["grep BUILD_EXCLUSIVE {path|/usr/src/NAME-VERSION/dkms.conf}", { way: "update-driver" }],
		check: "BUILD_EXCLUSIVE_* in dkms.conf against uname -r, uname -m and .config",
		origin: "dkms (do_build, exit status 77; 9 before 3.0.10)",
		patterns: [
			{
				needles: ["BUILD_EXCLUSIVE"],
				match: /(?:The (?<path>\/\S{1,300}dkms\.conf))?.{0,120}BUILD_EXCLUSIVE/,
			},
			{
				needles: ["dkms.conf"],
				match: /^(?:Warning|Error)!?:? +The (?<path>\/\S{1,300}dkms\.conf)$/,
				adds: true,
			},
		],
	},
	{
		id: "dkms-already-added",
		title: "dkms knows this version of the module already",
		place: building(6),
		cause: "{driver|The module} is in the DKMS tree, and dkms adds no version twice.",
		remedy: "Build it with dkms install, or remove it first when its source has changed.",
		commands: ["dkms status", "sudo dkms remove {driver|NAME/VERSION} --all", { way: "rebuild" }],
		check: "dkms status",
		origin: "dkms (add_module)",
		patterns: [
			{
				needles: ["DKMS tree already contains"],
				match: /DKMS tree already contains:? (?<name>[\w.+]+(?:-[A-Za-z_][\w.+]*)*)[-/](?<version>[\w.+~-]+)/,
				read: ({ groups }) => ({ driver: [`${groups?.name}/${groups?.version}`] }),
			},
			{
				needles: ["already built", "already installed"],
				match: /Module (?<driver>[\w.+-]{1,80}\/[\w.+~-]{1,60}) (?:is )?already (?:built|installed)/,
				place: follows(60),
			},
		],
	},
	{
		id: "dkms-module-not-built",
		title: "make ended well and made no module where dkms looks for it",
		place: building(60),
		cause:
			"dkms looks for {module|the module}.ko after make, and it is not there: make was given nothing to do, or BUILT_MODULE_NAME and BUILT_MODULE_LOCATION of dkms.conf name another file than obj-m makes.",
		remedy:
			"Look at what the build made: a MODPOST without any CC before it means that obj-m was empty for this kernel (a Makefile that tests KERNELRELEASE or a CONFIG_ that is off, or that no longer is read since kbuild works in the module's own folder, 6.13). Else correct dkms.conf, or take a newer version of the driver.",
		commands: [
			"grep -nE '^ *(MAKE|BUILT_MODULE|CLEAN|DEST)' {folder|.}/dkms.conf",
			"grep -rnE '^[^#]*obj-|KERNELRELEASE' {folder|.} --include=Makefile --include=Kbuild",
			({ driver }) => [
				`find ${quoted(`/var/lib/dkms/${driver?.[0] ?? "NAME/VERSION"}/build`)} -name '*.ko*'`,
			],
			{ way: "update-driver" },
		],
		check: "find /var/lib/dkms/NAME/VERSION/build -name '*.ko*' against BUILT_MODULE_NAME in dkms.conf",
		origin: "dkms (do_build, actual_build: exit status 7), after make ended with status 0",
		patterns: [
			{
				needles: ["Build of "],
				match: /Build of (?<module>[\w.+-]{1,64}?)\.ko[\w.]{0,5} failed for: (?<release_kernel>\d\S{0,80})/,
			},
		],
	},
	{
		id: "openwrt-kmod-files",
		title: "OpenWrt's package of a module lacks a file or a dependency",
		place: building(36),
		cause:
			"OpenWrt packs each module by a list, and {module|a module} is not where the list of {driver|the package} says or not in any package that it depends on. The module itself may have been built without fault.",
		remedy:
			"A .ko that is missing was not built: its option is off in the kernel's configuration of this target, most often because an option that it depends on is in another kmod package: select that one too (kmod-sched-core for act_bpf). A missing dependency: add +kmod-NAME of the package that holds the file to DEPENDS, or select it.",
		commands: [
			"grep -rnE {module|NAME}'\\.ko' package/kernel/linux/modules/ package/kernel feeds/*/ --include='*.mk' --include=Makefile",
			"find build_dir -name {module|NAME}.ko",
			"make menuconfig && make package/kernel/linux/clean package/kernel/linux/compile V=s",
		],
		check: "the kmod package whose FILES name the module; CONFIG_PACKAGE_kmod-* in .config",
		origin:
			"OpenWrt include/kernel.mk (KernelPackage: is missing), include/package-pack.mk (CheckDependencies)",
		patterns: [
			{
				needles: ["' is missing."],
				match: /ERROR: module '(?:\S{0,300}\/)?(?<module>[\w.+-]{1,64})\.ko' is missing\./,
			},
			{
				needles: ["is missing dependencies for the following libraries"],
				match:
					/Package (?<driver>kmod-[\w.+-]{1,64}) is missing dependencies for the following libraries:(?: (?<module>[\w.+-]{1,64})\.ko)?/,
			},
		],
	},
	{
		id: "dkms-source-missing",
		title: "dkms does not have the source of that module",
		place: building(7),
		cause:
			"dkms looks for {path|the source below /usr/src} and it is not there, or the version was never added.",
		remedy:
			"Install the driver's -dkms package again, or add the source: dkms add FOLDER. What is left of a removed version goes with dkms remove NAME/VERSION --all.",
		commands: ["dkms status; ls /usr/src", ({ path, driver }) => [removal(path?.[0], driver?.[0])]],
		unsafe: "Remove a folder below /var/lib/dkms only when its source link leads nowhere.",
		check: "ls -lL /var/lib/dkms/NAME/VERSION/source",
		origin: "dkms (check_module_args, read_conf_or_die, add_module)",
		patterns: [
			{
				needles: [
					"ould not find module source directory",
					"ould not locate dkms.conf",
					"not located in the DKMS tree",
				],
				match:
					/Could not find module source directory|Could not locate dkms\.conf file|module\/version combo: '?(?<driver>[^\s']{1,150})'? is not located in the DKMS tree/,
			},
			{
				needles: ["does not exist"],
				match: /^(?:File|Directory): '?(?<path>\/[^\s']{1,300}?)(?:\/source\/dkms\.conf)?'? does not exist/,
				adds: true,
			},
		],
	},
	{
		id: "package-kernel-abi",
		title: "The package belongs to another build of the kernel",
		place: building(8),
		cause:
			"{module|The kmod package} wants kernel {release_kernel|of another build}: the hash in that version covers the whole configuration of the kernel, and this system's kernel has another one.",
		remedy:
			"Use kmods of the very firmware build that runs here (its own package feed, not the one of a later snapshot), upgrade the firmware to the build that the packages are of, or build the kmod in the SDK of this firmware.",
		commands: [
			"opkg list-installed kernel; apk list -I kernel; cat /etc/openwrt_release",
			"opkg update; opkg install {module|kmod-NAME}",
		],
		unsafe: "--force-depends installs files that this kernel does not load, or that corrupt it.",
		check: "the hash of the installed kernel package against the one that is wanted",
		origin: "opkg, apk (OpenWrt: include/kernel-version.mk, LINUX_VERMAGIC)",
		patterns: [
			{
				needles: ["kernel (="],
				match:
					/(?:cannot find dependency |^ ?\*? ?)kernel \(= ?(?<release_kernel>\d[\w.~-]{1,80})\)(?: for (?<module>[\w.+-]{1,80}))?/,
			},
			{
				needles: ["[kernel=", "kernel-"],
				match: /breaks: (?<module>kmod-[\w.+-]{1,80})\[kernel=(?<release_kernel>\d[\w.~-]{1,80})\]/,
			},
			{
				needles: ["Cannot satisfy the following dependencies for kmod"],
				match: /Cannot satisfy the following dependencies for (?<module>kmod-[\w.+-]{1,80})/,
				adds: true,
			},
			{
				needles: ["installed version of package kernel is not compatible"],
				match: /installed version of package kernel is not compatible, require (?<release_kernel>\S{1,80})/,
			},
		],
	},
	{
		id: "rpm-kernel-symbol-requires",
		title: "The kmod package asks for symbol versions that no installed kernel provides",
		place: building(9),
		cause:
			"{module|The kmod package} was built for a kernel whose {symbol|symbols} have other versions (CRCs) than any kernel here provides; rpm compares them before the loader would.",
		remedy:
			"Install the build of the kmod for this minor release (9.6, 10.1), or update the kernel to the one that it was built for; else build the driver here, with dkms or akmods.",
		commands: [
			({ module }, { scene }) => [`dnf ${enabled(scene)}--showduplicates list ${packageWord(module)}`],
			"rpm -q --provides kernel-core | grep -w {symbol|SYMBOL}",
			({ module }, { scene }) => [`sudo dnf upgrade ${enabled(scene)}kernel-core ${packageWord(module)}`],
		],
		unsafe: "rpm --nodeps installs a module that the kernel then refuses: disagrees about version of symbol.",
		check: "rpm -q --provides kernel-core against what the package requires",
		origin: "rpm's find-provides.ksyms and find-requires.ksyms (kernel(X) = CRC, ksym(X) = CRC)",
		patterns: [
			{
				needles: ["kernel(", "ksym("],
				match:
					/(?:nothing provides|[Rr]equires:?|is needed by|needs) '?(?:kernel|ksym)\((?<symbol>[\w.]{1,200})\) = (?:0x)?[0-9a-f]{4,16}(?: (?:needed by|is needed by) (?<package>[\w.+~:-]{1,200}))?/,
				read: ({ groups }) => ({
					symbol: [groups?.symbol ?? ""],
					...packageName(groups?.package),
				}),
			},
			{
				needles: ["requires kernel", "nothing provides kernel"],
				match:
					/(?:package )?(?<package>(?:kmod|akmod)-[\w.+~:-]{1,200}) requires kernel(?:-core|-uname-r|-abi)? ?[<>=]{1,2} ?(?<release_kernel>\d[\w.+~-]{1,80})|nothing provides kernel(?:-core|-uname-r|-abi)? ?[<>=]{1,2} ?(?<other>\d[\w.+~-]{1,80}) needed by (?<needs>[\w.+~:-]{1,200})/,
				read: ({ groups }) => ({
					release_kernel: [groups?.release_kernel ?? groups?.other ?? ""],
					...packageName(groups?.package ?? groups?.needs),
				}),
			},
		],
	},
	{
		id: "configure-probe-failed",
		title: "configure's probes do not compile at all, so its answer is wrong",
		place: building(43),
		cause:
			"The driver's configure asks the headers by compiling small probes, and they failed for a reason of their own: another compiler than the kernel's, headers that do not build, or a kernel newer than this version of the driver knows.",
		remedy:
			"The compiler's own line is in build/build.log or config.log: give that file to kprep explain. For a kernel built with clang, let configure use it (KERNEL_LLVM=1, LLVM=1). If the probes compile, take a version of the driver that names this kernel as compatible.",
		commands: ["kprep explain {folder|.}", { way: "update-driver" }],
		check: "the first error in build/build.log or config.log",
		origin: "config/kernel*.m4 of OpenZFS, conftest.sh of NVIDIA, configure of Lustre, falco, DRBD",
		patterns: [
			{
				needles: [
					"interfaces were detected",
					"Unable to build an empty module",
					"loadable module support",
					"loadable modules",
				],
				match:
					/None of the expected .{1,80} interfaces were detected|Unable to build an empty module|does not include the required loadable module support|[Kk]ernel (?:does not support|is not configured for) loadable modules/,
				read: () => ({}),
			},
			{
				needles: [
					"conftest: ",
					"conftest.sh: ",
					"configure: ",
					"annot build a kernel",
					"annot build kernel",
					"annot compile a kernel",
					"annot compile kernel",
					"test failed",
				],
				match:
					/(?:conftest(?:\.sh)?|configure): (?:error|ERROR):.{0,200}(?:kernel|module|headers|compil)|[Cc]annot (?:build|compile) (?:a )?kernel module|Kernel (?:preparation|configuration) test failed/,
				read: () => ({}),
				certainty: "likely",
			},
		],
	},
];

/** kmod-zfs-2.3.5-1.el10.x86_64 is the package kmod-zfs. */
function packageName(text: string | undefined): { module?: string[] } {
	const name = /^(?<name>[\w.+-]+?)-(?:\d+:)?\d[\w.+~]*-[\w.+~]+$/.exec(text ?? "")?.groups?.name ?? text;
	return name === undefined ? {} : { module: [name] };
}

/** The repository that dnf named, which may be one that is off by default. */
function enabled({ repository }: Scene): string {
	return repository === null ? "" : `--enablerepo=${quoted(repository)} `;
}

/** Only a version's own folder of dkms's is removed by hand, whatever the log calls missing. */
function removal(path = "/var/lib/dkms/NAME/VERSION", driver = "NAME/VERSION"): string {
	const version = /^[\w+-][\w.+-]*\/[\w+~-][\w.+~-]*$/;
	const folder = /^\/var\/lib\/dkms\/(.+)$/.exec(path)?.[1] ?? "";
	return version.test(folder)
		? `sudo rm -r ${quoted(path)} # only what is left of a removed version`
		: `sudo dkms remove ${version.test(driver) ? quoted(driver) : "NAME/VERSION"} --all # what is left of a removed version`;
}

function packageWord(module: string[] | undefined): string {
	return module?.[0] === undefined ? "kmod-NAME" : quoted(module[0]);
}
