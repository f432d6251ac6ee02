import { Fields, find, latin1 } from "../bytes.ts";
import { occurrences, type Region } from "./regions.ts";

/** A part of the uncompressed kernel file, in bytes. */
export interface Bounds {
	offset: number;
	size: number;
}

/** The gzip data of CONFIG_IKCONFIG, between IKCFG_ST and IKCFG_ED (kernel/configs.c); null when it is not built in. */
export function findIkconfig(region: Region): Bounds | null {
	const [at] = occurrences(region, "IKCFG_ST\x1f\x8b");
	if (at === undefined) return null;
	const end = find(region.bytes, "IKCFG_ED", at);
	return end < 0 ? null : { offset: region.offset + at + 8, size: end - at - 8 };
}

const BTF_MAGICS = [
	["\x9f\xeb\x01\0", true],
	["\xeb\x9f\x01\0", false],
] as const;

/** The largest BTF blob whose header is sound (include/uapi/linux/btf.h): for images without section headers. */
export function findBtf(region: Region): Bounds | null {
	let best: Bounds | null = null;
	for (const [magic, little] of BTF_MAGICS) {
		for (const at of occurrences(region, magic)) {
			const size = btfSize(new Fields(region.bytes, little), at);
			if (size !== null && size > (best?.size ?? 0)) best = { offset: region.offset + at, size };
		}
	}
	return best;
}

function btfSize(fields: Fields, at: number): number | null {
	if (at + 24 > fields.length) return null;
	const header = fields.u32(at + 4);
	if (header < 24 || header > 256) return null;
	const [typeOffset, typeSize, stringOffset, stringSize] = [8, 12, 16, 20].map((field) =>
		fields.u32(at + field),
	) as [number, number, number, number];
	const size = header + stringOffset + stringSize;
	if (typeOffset !== 0 || stringOffset < typeSize || stringSize === 0 || at + size > fields.length)
		return null;
	const strings = at + header + stringOffset;
	const bounded = fields.u8(strings) === 0 && fields.u8(strings + stringSize - 1) === 0;
	return bounded && latin1(fields.bytes, strings + 1, strings + 2) !== "" ? size : null;
}
