import type { ContainerReader } from "./container.ts";
import { has } from "./container.ts";
import { scanned } from "./scan.ts";

/**
 * arch/arm/boot/compressed/head.S: magic, then where it starts and ends. What the file has behind its end (device trees
 * that were appended, CONFIG_ARM_APPENDED_DTB) is not looked through.
 */
export const zImage: ContainerReader = (head, source) => {
	if (!has(head, 0x24, "\x18\x28\x6f\x01")) return null;
	const size = (head.u32(0x2c) - head.u32(0x28)) >>> 0;
	const end = size > 0x30 && size <= source.size ? size : source.size;
	return { kind: "zImage", arch: "arm", release: null, payloads: scanned(source, 0x30, end) };
};
