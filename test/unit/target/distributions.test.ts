import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { composeElf } from "../../helpers/elf.ts";
import {
	bzImageHead,
	configText,
	debian,
	type Files,
	fakeRoot,
	gz,
	headersFolder,
	makefileText,
	resolveIn,
	symversText,
	utsRelease,
	versionHeader,
} from "./fake-root.ts";

interface Layout {
	files: Files;
	release: string;
	version: string;
	/** Fact → path inside the root. */
	places: Partial<Record<"config" | "makefile" | "symvers" | "image" | "modules" | "btf", string>>;
}

const UBUNTU = "6.8.0-45-generic";
const FEDORA = "6.11.4-301.fc41.x86_64";
const SUSE = "6.4.0-150600.21-default";
const ARCH = "6.12.1-arch1-1";
const ALPINE = "6.6.30-0-virt";

/** How each distribution lays its kernels out (FACTS section 8). */
const LAYOUTS: Record<string, Layout> = {
	"Debian, base does not agree, absolute links": {
		files: debian("6.1.0-56-amd64", "6.1.192", "linux-headers-6.1.0-56-common"),
		release: "6.1.0-56-amd64",
		version: "6.1.192",
		places: {
			config: "usr/src/linux-headers-6.1.0-56-amd64/.config",
			makefile: "usr/src/linux-headers-6.1.0-56-common/Makefile",
			symvers: "usr/src/linux-headers-6.1.0-56-amd64/Module.symvers",
			image: "boot/vmlinuz-6.1.0-56-amd64",
			modules: "lib/modules/6.1.0-56-amd64",
		},
	},
	"Debian from 6.12, all under /usr, nothing in /boot, BTF in the headers": {
		files: {
			"usr/lib/modules/7.2.13+deb14-cloud/build": { link: "../../../src/linux-headers-7.2.13+deb14-cloud" },
			"usr/lib/modules/7.2.13+deb14-cloud/kernel/fs/ext4.ko.xz": "",
			"usr/lib/modules/7.2.13+deb14-cloud/vmlinuz": bzImageHead("7.2.13+deb14-cloud"),
			"usr/lib/modules/7.2.13+deb14-cloud/config": configText("7.2.13"),
			...headersFolder("usr/src/linux-headers-7.2.13+deb14-cloud", "7.2.13+deb14-cloud", "7.2.13"),
			"usr/src/linux-headers-7.2.13+deb14-cloud/Makefile":
				"KBUILD_OUTPUT=/usr/src/linux-headers-7.2.13+deb14-cloud\ninclude /usr/src/linux-headers-7.2.13+deb14-common/Makefile\n",
			"usr/src/linux-headers-7.2.13+deb14-cloud/vmlinux": composeElf({
				bits: 64,
				little: true,
				sections: [{ name: ".BTF", content: Uint8Array.of(0x9f, 0xeb, 1, 0) }],
			}),
			"usr/src/linux-headers-7.2.13+deb14-common/Makefile": makefileText("7.2.13"),
		},
		release: "7.2.13+deb14-cloud",
		version: "7.2.13",
		places: {
			config: "usr/src/linux-headers-7.2.13+deb14-cloud/.config",
			makefile: "usr/src/linux-headers-7.2.13+deb14-common/Makefile",
			image: "usr/lib/modules/7.2.13+deb14-cloud/vmlinuz",
			modules: "usr/lib/modules/7.2.13+deb14-cloud",
			btf: "usr/src/linux-headers-7.2.13+deb14-cloud/vmlinux",
		},
	},
	Ubuntu: {
		files: {
			[`lib/modules/${UBUNTU}/build`]: { link: `/usr/src/linux-headers-${UBUNTU}` },
			[`lib/modules/${UBUNTU}/modules.dep`]: "",
			...headersFolder(`usr/src/linux-headers-${UBUNTU}`, UBUNTU, "6.8.12"),
			[`usr/src/linux-headers-${UBUNTU}/Makefile`]: { link: "../linux-headers-6.8.0-45/Makefile" },
			"usr/src/linux-headers-6.8.0-45/Makefile": makefileText("6.8.12"),
			[`boot/vmlinuz-${UBUNTU}`]: bzImageHead(UBUNTU),
			[`boot/config-${UBUNTU}`]: configText("6.8.12"),
		},
		release: UBUNTU,
		version: "6.8.12",
		places: {
			makefile: "usr/src/linux-headers-6.8.0-45/Makefile",
			config: `usr/src/linux-headers-${UBUNTU}/.config`,
		},
	},
	Fedora: {
		files: {
			[`lib/modules/${FEDORA}/build`]: { link: `/usr/src/kernels/${FEDORA}` },
			[`lib/modules/${FEDORA}/source`]: { link: "build" },
			[`lib/modules/${FEDORA}/config`]: configText("6.11.4"),
			[`lib/modules/${FEDORA}/vmlinuz`]: bzImageHead(FEDORA),
			[`lib/modules/${FEDORA}/symvers.xz`]: "\xfd7zXZ",
			...headersFolder(`usr/src/kernels/${FEDORA}`, FEDORA, "6.11.4"),
		},
		release: FEDORA,
		version: "6.11.4",
		places: {
			config: `usr/src/kernels/${FEDORA}/.config`,
			makefile: `usr/src/kernels/${FEDORA}/Makefile`,
			image: `lib/modules/${FEDORA}/vmlinuz`,
			symvers: `usr/src/kernels/${FEDORA}/Module.symvers`,
		},
	},
	"Fedora without kernel-devel": {
		files: {
			[`lib/modules/${FEDORA}/build`]: { link: `/usr/src/kernels/${FEDORA}` },
			[`lib/modules/${FEDORA}/config`]: configText("6.11.4"),
			[`lib/modules/${FEDORA}/vmlinuz`]: bzImageHead(FEDORA),
			[`lib/modules/${FEDORA}/symvers.gz`]: gz(symversText()),
		},
		release: FEDORA,
		version: "6.11.4",
		places: { config: `lib/modules/${FEDORA}/config`, symvers: `lib/modules/${FEDORA}/symvers.gz` },
	},
	"openSUSE, an O= build folder": {
		files: {
			[`usr/lib/modules/${SUSE}/build`]: { link: "/usr/src/linux-6.4.0-150600.21-obj/x86_64/default" },
			[`usr/lib/modules/${SUSE}/source`]: { link: "/usr/src/linux-6.4.0-150600.21" },
			[`usr/lib/modules/${SUSE}/modules.order`]: "",
			...headersFolder("usr/src/linux-6.4.0-150600.21-obj/x86_64/default", SUSE, "6.4.0"),
			"usr/src/linux-6.4.0-150600.21-obj/x86_64/default/Makefile":
				"# Automatically generated\ninclude ../../../linux-6.4.0-150600.21/Makefile\n",
			"usr/src/linux-6.4.0-150600.21/Makefile": makefileText("6.4.0"),
			[`boot/symvers-${SUSE}.gz`]: gz(symversText()),
			[`boot/vmlinuz-${SUSE}`]: { link: `../usr/lib/modules/${SUSE}/vmlinuz` },
			[`usr/lib/modules/${SUSE}/vmlinuz`]: bzImageHead(SUSE),
		},
		release: SUSE,
		version: "6.4.0",
		places: {
			makefile: "usr/src/linux-6.4.0-150600.21/Makefile",
			image: `usr/lib/modules/${SUSE}/vmlinuz`,
			config: "usr/src/linux-6.4.0-150600.21-obj/x86_64/default/.config",
		},
	},
	"an old O= folder whose Makefile calls make -C": {
		files: {
			...headersFolder("lib/modules/3.0.101-x/build", "3.0.101-x", "3.0.101"),
			"lib/modules/3.0.101-x/build/Makefile":
				"VERSION = 3\nPATCHLEVEL = 0\nMAKEARGS := -C /usr/src/linux-3.0.101\nMAKEARGS += O=$(CURDIR)\n",
			"usr/src/linux-3.0.101/Makefile": makefileText("3.0.101"),
		},
		release: "3.0.101-x",
		version: "3.0.101",
		places: { makefile: "usr/src/linux-3.0.101/Makefile" },
	},
	"Arch, a real build folder, image named by package": {
		files: {
			...headersFolder(`usr/lib/modules/${ARCH}/build`, ARCH, "6.12.1"),
			[`usr/lib/modules/${ARCH}/pkgbase`]: "linux\n",
			[`usr/lib/modules/${ARCH}/modules.order`]: "",
			"boot/vmlinuz-linux": bzImageHead(ARCH),
		},
		release: ARCH,
		version: "6.12.1",
		places: {
			makefile: `usr/lib/modules/${ARCH}/build/Makefile`,
			image: "boot/vmlinuz-linux",
			config: `usr/lib/modules/${ARCH}/build/.config`,
		},
	},
	"Alpine, files in /boot named by flavour": {
		files: {
			[`lib/modules/${ALPINE}/kernel/fs/ext4.ko.gz`]: "",
			"boot/config-virt": configText("6.6.30"),
			"boot/vmlinuz-virt": bzImageHead(ALPINE),
		},
		release: ALPINE,
		version: "6.6.30",
		places: { config: "boot/config-virt", image: "boot/vmlinuz-virt", modules: `lib/modules/${ALPINE}` },
	},
	"NixOS, real folders for build and source": {
		files: {
			...headersFolder("lib/modules/6.6.68/build", "6.6.68", "6.6.68"),
			"lib/modules/6.6.68/build/Makefile": "include $(srctree)/Makefile\n",
			"lib/modules/6.6.68/source/Makefile": makefileText("6.6.68"),
		},
		release: "6.6.68",
		version: "6.6.68",
		places: { makefile: "lib/modules/6.6.68/source/Makefile" },
	},
	"ostree, a checksum behind the release": {
		files: {
			"usr/lib/modules/6.1.1-ostree/modules.order": "",
			"usr/lib/ostree-boot/config-6.1.1-ostree": configText("6.1.1"),
			[`usr/lib/ostree-boot/vmlinuz-6.1.1-ostree-${"ab".repeat(32)}`]: bzImageHead("6.1.1-ostree"),
		},
		release: "6.1.1-ostree",
		version: "6.1.1",
		places: {
			config: "usr/lib/ostree-boot/config-6.1.1-ostree",
			image: `usr/lib/ostree-boot/vmlinuz-6.1.1-ostree-${"ab".repeat(32)}`,
		},
	},
	"2.6.17, both macros in one header": {
		files: {
			"lib/modules/2.6.17-x/build/include/linux/version.h": utsRelease("2.6.17-x") + versionHeader("2.6.17"),
			"lib/modules/2.6.17-x/build/Makefile": makefileText("2.6.17"),
			"lib/modules/2.6.17-x/build/.config": configText("2.6.17"),
		},
		release: "2.6.17-x",
		version: "2.6.17",
		places: { makefile: "lib/modules/2.6.17-x/build/Makefile" },
	},
	"a SUBLEVEL that outgrew LINUX_VERSION_CODE": {
		files: debian("5.10.0-46-amd64", "5.10.262", "linux-headers-5.10.0-46-common"),
		release: "5.10.0-46-amd64",
		version: "5.10.262",
		places: {},
	},
};

describe.each(Object.entries(LAYOUTS))("%s", (_name, { files, release, version, places }) => {
	test("the only kernel of the sysroot is found, its files in their places", async () => {
		const root = fakeRoot(files);
		const target = await resolveIn({ sysroot: root });
		expect(target.release?.value).toBe(release);
		expect(target.version?.value).toBe(version);
		expect(target.arch?.value).toBe("x86");
		expect(target.compiler?.value).toBe("gcc-12 (Distro 12.2.0-14) 12.2.0");
		for (const [fact, path] of Object.entries(places))
			expect(target[fact as keyof typeof places]?.value, fact).toBe(join(root, path));
	});

	test("the release may be named", async () => {
		const root = fakeRoot(files);
		const target = await resolveIn({ sysroot: root, target: release });
		expect(target.release).toEqual({ value: release, source: { kind: "flag", path: "--target" } });
	});
});

test("a config package serves a kernel that is not installed otherwise", async () => {
	const root = fakeRoot({
		"lib/modules/6.1.0-56-cloud-amd64/modules.order": "",
		"usr/src/linux-config-6.1/config.amd64_none_amd64.xz": configText("6.1.1"),
		"usr/src/linux-config-6.1/config.amd64_none_cloud-amd64.xz": configText("6.1.2"),
		"usr/src/linux-config-6.1/config.amd64_rt_amd64.xz": configText("6.1.3"),
		"usr/src/linux-config-6.12/config.amd64_none_cloud-amd64.xz": configText("6.12.1"),
	});
	const target = await resolveIn({ sysroot: root });
	expect(target.config?.value).toBe(join(root, "usr/src/linux-config-6.1/config.amd64_none_cloud-amd64.xz"));
	expect(target.version?.value).toBe("6.1.2");
});
