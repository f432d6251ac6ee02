const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
	let rest = index;
	for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
	return rest;
});

/** CRC-32 as zip and U-Boot have it, unsigned. For short inputs; the system's own is faster. */
export function crc32(bytes: Uint8Array): number {
	let value = 0xffffffff;
	for (const byte of bytes) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 255] as number);
	return ~value >>> 0;
}
