import { type ByteSource, Fields, part } from "../../bytes.ts";
import { crc32 } from "../../compression/crc32.ts";
import { FormatError } from "../../error.ts";
import { type ContainerReader, has, type Payload, payloadOf } from "./container.ts";
import { ubootArch, ubootCompression } from "./u-boot.ts";

const HEADER = 64;
/** IH_TYPE_* of those that hold a kernel. */
const KERNEL = 2;
const MULTI = 4;
const KERNEL_NOLOAD = 14;

/** U-Boot's legacy image (include/image.h, struct legacy_img_hdr): 64 bytes big-endian, then what it boots. */
export const uImage: ContainerReader = (head, source) => {
	if (!has(head, 0, "\x27\x05\x19\x56") || source.size < 2 * HEADER) return null;
	const fields = new Fields(head.slice(0, HEADER), false);
	const [size, type] = [fields.u32(12), fields.u8(30)];
	const zeroed = Uint8Array.from(fields.bytes);
	zeroed.fill(0, 4, 8);
	if (crc32(zeroed) !== fields.u32(4))
		throw new FormatError(
			"bad-checksum",
			"the header of the uImage does not have the checksum that it names",
			4,
		);
	if (![KERNEL, MULTI, KERNEL_NOLOAD].includes(type))
		throw new FormatError("no-kernel", `a uImage of type ${type} holds no kernel`, 30);
	if (HEADER + size > source.size)
		throw new FormatError("truncated", `the uImage's ${size} bytes go beyond the end of the file`, 12);
	const value = fields.u32(24).toString(16).padStart(8, "0");
	const place = type === MULTI ? firstOf(source, size) : { offset: HEADER, size };
	const payload: Payload = payloadOf(source, place.offset, place.size);
	const compression = ubootCompression(fields.u8(31), payload.compression);
	// The checksum is of all parts together.
	const digests = type === MULTI ? [] : [{ algorithm: "crc32", value }];
	return {
		kind: "uImage",
		arch: ubootArch(fields.u8(29)),
		release: null,
		payloads: [{ ...payload, compression, digests }],
	};
};

const MOST_PARTS = 64;

/** Several parts: their sizes up to a zero, then they themselves; the kernel is the first. */
function firstOf(source: ByteSource, size: number): { offset: number; size: number } {
	const table = new Fields(part(source, HEADER, Math.min(size, 4 * MOST_PARTS)), false);
	const first = table.u32(0);
	let end = 4;
	while (table.u32(end - 4) !== 0) end += 4;
	if (first === 0 || end + first > size)
		throw new FormatError("truncated", "the first part of the uImage goes beyond its end", HEADER);
	return { offset: HEADER + end, size: first };
}
