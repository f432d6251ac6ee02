import { readableFile } from "../facts/look.ts";
import type { Subject } from "./provider.ts";

/**
 * Images whose names do not tell a release: what boards and some distributions boot. Which kernel it is says the image
 * alone. Android's boot partitions are not looked at unasked: `-t /dev/block/by-name/boot` names one.
 */
const PLACES = [
	// NixOS
	"/run/booted-system/kernel",
	"/run/current-system/kernel",
	// Raspberry Pi: 64 bits, Pi 5, 32 bits with and without LPAE, the first ones; before Debian 12 it was /boot itself.
	...["/boot/firmware", "/boot"].flatMap((folder) =>
		["kernel_2712.img", "kernel8.img", "kernel7l.img", "kernel7.img", "kernel.img"].map(
			(name) => `${folder}/${name}`,
		),
	),
	...[
		"Image",
		"Image.gz",
		"zImage",
		"uImage",
		"vmlinuz",
		"vmlinux",
		"bzImage",
		"fitImage",
		"image.fit",
		"boot.img",
	].map((name) => `/boot/${name}`),
	// One file system for everything that boots: Synology, systemd-boot.
	...["/efi/linux", "/zImage", "/uImage", "/Image", "/vmlinuz"],
] as const;

/** The ones that are there: real paths, in the order in which they are likely to be what boots. */
export function boardImages(subject: Subject): string[] {
	return [...new Set(PLACES.flatMap((place) => readableFile(subject, place) ?? []))];
}
