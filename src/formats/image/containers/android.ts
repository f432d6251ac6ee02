import { FormatError } from "../../error.ts";
import { type ContainerReader, has, padded, payloadOf } from "./container.ts";

/** From version 3 on the page size is fixed. */
const FIXED_PAGE = 4096;
const NEWEST = 4;

/**
 * Android boot images (AOSP system/tools/mkbootimg/include/bootimg/bootimg.h). Version 0 images of some vendors have
 * the size of a device tree where later ones have the version.
 */
export const bootImage: ContainerReader = (head, source) => {
	if (!has(head, 0, "ANDROID!")) return null;
	const version = head.u32(40);
	const fixed = version === 3 || version === NEWEST;
	const page = fixed ? FIXED_PAGE : head.u32(36);
	const size = head.u32(8);
	if (!fixed && (page < 2048 || page > 0x20000 || (page & (page - 1)) !== 0))
		throw new FormatError("bad-boot-image", `${page} is no page size of an Android boot image`, 36);
	if (size === 0)
		throw new FormatError(
			"no-kernel",
			"an Android boot image without a kernel: it is in another partition's",
			8,
		);
	if (page + size > source.size)
		throw new FormatError(
			"truncated",
			`the kernel of ${size} bytes goes beyond the end of the boot image`,
			8,
		);
	const commandLine = fixed
		? padded(head, 44, 1536)
		: `${padded(head, 64, 512)}${version > 0 && version < 3 ? padded(head, 608, 1024) : ""}`;
	const found = {
		kind: "boot.img" as const,
		arch: null,
		release: null,
		payloads: [payloadOf(source, page, size)],
	};
	return commandLine === "" ? found : { ...found, commandLine };
};

/** vendor_boot (bootimg.h, versions 3 and 4): ramdisk, device tree and command line, and never a kernel. */
export const vendorBoot: ContainerReader = (head) => {
	if (!has(head, 0, "VNDRBOOT")) return null;
	const [version, ramdisk, device] = [head.u32(8), head.u32(24), head.u32(2100)];
	const fragments = version >= NEWEST ? head.u32(2116) : 1;
	const words = padded(head, 28, 2048);
	throw new FormatError(
		"no-kernel",
		`an Android vendor_boot image holds no kernel (${[
			`version ${version}`,
			`${fragments} ramdisk fragment${fragments === 1 ? "" : "s"} of ${ramdisk} bytes`,
			`${device} bytes of device tree`,
			...(words === "" ? [] : [`command line ${JSON.stringify(words.slice(0, 200))}`]),
		].join(", ")}): the kernel is in the boot image that goes with it`,
	);
};

/** What vendors' boot loaders want in front of a kernel: MediaTek's 512 bytes, Qualcomm's 20. */
export const vendorHeader: ContainerReader = (head, source) => {
	const found = has(head, 0, "\x88\x16\x88\x58")
		? { at: 512, size: head.u32(4) }
		: has(head, 0, "UNCOMPRESSED_IMG")
			? { at: 20, size: head.u32(16) }
			: null;
	if (found === null) return null;
	const size = Math.min(found.size, source.size - found.at);
	if (size < 64) throw new FormatError("truncated", "nothing behind the boot loader's header", found.at);
	return {
		kind: "vendor-header",
		arch: null,
		release: null,
		payloads: [payloadOf(source, found.at, size)],
	};
};
