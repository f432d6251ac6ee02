import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { silent } from "../../../src/host/progress.ts";
import { resolveTarget } from "../../../src/target/resolve.ts";
import type { TargetSpec } from "../../../src/target/subject.ts";
import { composeBootImage, composeFit } from "../../helpers/boot-files.ts";
import { ascii, composeElf, joined } from "../../helpers/elf.ts";
import { composeArm64Image, composeRaw, type KernelSpec } from "../../helpers/kernel.ts";
import { composeModule } from "../../helpers/module.ts";
import { configText, type Files, fakeRoot } from "./fake-root.ts";

const kernel = (release: string, config?: string): KernelSpec => ({
	release,
	vermagic: `${release} SMP preempt mod_unload modversions aarch64`,
	exports: Array.from({ length: 40 }, (_, index) => ({ symbol: `symbol_${index}`, crc: index + 1 })),
	...(config === undefined ? {} : { config }),
});
const module = (release: string) =>
	composeModule({
		...{ bits: 64, little: true, machine: 183 },
		modinfo: [
			["license", "GPL"],
			["vermagic", `${release} SMP preempt mod_unload modversions aarch64`],
		],
	});
const gzip = (bytes: Uint8Array | string) => new Uint8Array(gzipSync(bytes));
/** CONFIG_IKCONFIG=m: what `modprobe configs` would show as /proc/config.gz. */
const configs = (config: string) =>
	composeElf({
		...{ bits: 64, little: true, machine: 183 },
		sections: [{ name: ".rodata", content: joined([ascii("IKCFG_ST"), gzip(config), ascii("IKCFG_ED")]) }],
	});

const RPI = "6.6.51+rpt-rpi-v8";
const NIXOS = "6.6.30";
const OPENWRT = "5.15.150";
const DSM = "4.4.302+";
const ANDROID = "6.1.75-android14-11-g1234567890ab-ab12345678";

interface Board {
	files: Files;
	release: string;
	version: string;
	/** Fact → path inside the root. */
	places: Partial<Record<"config" | "image" | "modules", string>>;
}

/** Where boards and phones keep what a target is read from (FACTS section 13). */
const BOARDS: Record<string, Board> = {
	"Raspberry Pi OS: kernel8.img packed, another one beside it, config in the module configs": {
		files: {
			"boot/firmware/kernel_2712.img": gzip(composeArm64Image(kernel("6.6.51+rpt-rpi-2712"))),
			"boot/firmware/kernel8.img": gzip(composeArm64Image(kernel(RPI))),
			[`lib/modules/${RPI}/kernel/kernel/configs.ko.xz`]: configs(configText("6.6.51", [], "arm64")),
			[`lib/modules/${RPI}/kernel/fs/a.ko`]: module(RPI),
		},
		...{ release: RPI, version: "6.6.51" },
		places: {
			image: "boot/firmware/kernel8.img",
			config: `lib/modules/${RPI}/kernel/kernel/configs.ko.xz`,
			modules: `lib/modules/${RPI}`,
		},
	},
	"a board with /boot/Image": {
		files: {
			"boot/Image": composeArm64Image(kernel("6.6.20-board", configText("6.6.20", [], "arm64"))),
			"lib/modules/6.6.20-board/kernel/a.ko": module("6.6.20-board"),
		},
		...{ release: "6.6.20-board", version: "6.6.20" },
		places: { image: "boot/Image", config: "boot/Image", modules: "lib/modules/6.6.20-board" },
	},
	"NixOS: links into the store": {
		files: {
			"nix/store/k-linux/Image": composeArm64Image(kernel(NIXOS, configText(NIXOS, [], "arm64"))),
			"nix/store/m-modules/lib/modules/6.6.30/kernel/a.ko": module(NIXOS),
			"run/booted-system/kernel": { link: "/nix/store/k-linux/Image" },
			"run/booted-system/kernel-modules": { link: "/nix/store/m-modules" },
		},
		...{ release: NIXOS, version: NIXOS },
		places: {
			...{ image: "nix/store/k-linux/Image", config: "nix/store/k-linux/Image" },
			modules: "nix/store/m-modules/lib/modules/6.6.30",
		},
	},
	"OpenWrt: modules side by side in the folder of the release": {
		files: {
			[`lib/modules/${OPENWRT}/a.ko`]: module(OPENWRT),
			"boot/fitImage": composeFit([
				{
					name: "kernel-1",
					bytes: gzip(composeArm64Image(kernel(OPENWRT, configText(OPENWRT, [], "arm64")))),
					compression: "gzip",
				},
			]),
		},
		...{ release: OPENWRT, version: OPENWRT },
		places: { image: "boot/fitImage", modules: `lib/modules/${OPENWRT}` },
	},
	"Synology: modules in /lib/modules itself": {
		files: {
			"lib/modules/a.ko": module(DSM),
			zImage: composeRaw(kernel(DSM, configText("4.4.302", [], "arm64"))),
		},
		...{ release: DSM, version: "4.4.302" },
		places: { modules: "lib/modules", image: "zImage" },
	},
	"Android: modules in /vendor_dlkm, boot image in /boot": {
		files: {
			"vendor_dlkm/lib/modules/a.ko": module(ANDROID),
			"vendor_dlkm/lib/modules/modules.dep": "a.ko:\n",
			"boot/boot.img": composeBootImage(
				gzip(composeArm64Image(kernel(ANDROID, configText("6.1.75", [], "arm64")))),
				4,
			),
		},
		...{ release: ANDROID, version: "6.1.75" },
		places: { modules: "vendor_dlkm/lib/modules", image: "boot/boot.img" },
	},
	"Android: modules of the GKI in a folder of their release": {
		files: {
			[`system_dlkm/lib/modules/${ANDROID}/kernel/a.ko`]: module(ANDROID),
			"boot/boot.img": composeBootImage(
				composeArm64Image(kernel(ANDROID, configText("6.1.75", [], "arm64"))),
				2,
			),
		},
		...{ release: ANDROID, version: "6.1.75" },
		places: { modules: `system_dlkm/lib/modules/${ANDROID}` },
	},
	"older Android: modules in /vendor/lib/modules": {
		files: {
			"vendor/lib/modules/a.ko": module(ANDROID),
			"boot/boot.img": composeBootImage(
				composeArm64Image(kernel(ANDROID, configText("6.1.75", [], "arm64"))),
				3,
			),
		},
		...{ release: ANDROID, version: "6.1.75" },
		places: { modules: "vendor/lib/modules" },
	},
};

function resolved(spec: TargetSpec) {
	return resolveTarget(spec, silent, { machine: { root: "/", uname: "9.9.9-running" } });
}

describe.each(Object.entries(BOARDS))("%s", (_, { files, release, version, places }) => {
	test("the one kernel is found, with its facts", async () => {
		const sysroot = fakeRoot(files);
		const target = await resolved({ sysroot });
		expect([target.release?.value, target.version?.value, target.arch?.value]).toEqual([
			release,
			version,
			"arm64",
		]);
		expect(target.vermagic?.value).toBe(`${release} SMP preempt mod_unload modversions aarch64`);
		for (const [fact, path] of Object.entries(places))
			expect([fact, target[fact as "image"]?.value]).toEqual([fact, `${sysroot}/${path}`]);
		expect(target.unreadable).toEqual([]);
	});
});

test("an image of another kernel is not taken for the target's", async () => {
	const sysroot = fakeRoot({
		"boot/Image": composeArm64Image(kernel("6.6.99-other")),
		"lib/modules/6.6.20-board/kernel/a.ko": module("6.6.20-board"),
	});
	const target = await resolved({ sysroot });
	expect([target.release?.value, target.image]).toEqual(["6.6.20-board", null]);
});

test("a release and the config.gz of a board are a target", async () => {
	const sysroot = fakeRoot({ "config.gz": gzip(configText("5.10.110", ["CONFIG_ARM64=y"], "arm64")) });
	const target = await resolved({ target: "5.10.110-rockchip", config: `${sysroot}/config.gz` });
	expect([target.release?.value, target.version?.value, target.arch?.value]).toEqual([
		"5.10.110-rockchip",
		"5.10.110",
		"arm64",
	]);
	expect(target.config?.value).toBe(`${sysroot}/config.gz`);
	await expect(resolved({ target: "5.10.110-rockchip" })).rejects.toMatchObject({ code: "target-not-found" });
});

test("export tables that are not sorted are told, and not guessed at", async () => {
	const spec = kernel("2.6.32-board");
	const sysroot = fakeRoot({ Image: composeArm64Image({ ...spec, shuffled: true }) });
	const target = await resolved({ target: `${sysroot}/Image` });
	expect(target.symvers).toBeNull();
	expect(target.unreadable).toEqual([
		expect.stringMatching(/Image: what it exports cannot be told.*2\.6\.39/),
	]);
});
