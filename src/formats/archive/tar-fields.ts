/** Bytes of a header, and what contents are padded to. */
export const BLOCK = 512;

/** The archive is damaged, cut short, or not a tar archive. */
export class TarError extends Error {
	override readonly name = "TarError";
}

/** Throws TarError when the header block's checksum does not fit its bytes. */
export function checkSum(block: Uint8Array): void {
	let sum = 8 * 32;
	for (let at = 0; at < 148; at++) sum += block[at] as number;
	for (let at = 156; at < BLOCK; at++) sum += block[at] as number;
	if (number(block, 148, 8) !== sum) throw new TarError("a header with a wrong checksum");
}

/** A field of `length` bytes: octal text, or big-endian base 256 when the first bit is set (GNU). Throws TarError. */
export function number(block: Uint8Array, from: number, length: number): number {
	const first = block[from] ?? 0;
	if (first & 0x80) {
		let value = first & 0x7f;
		for (let i = 1; i < length; i++) value = value * 256 + (block[from + i] ?? 0);
		if (!Number.isSafeInteger(value)) throw new TarError("a number that is too large");
		return value;
	}
	let at = from;
	const end = from + length;
	while (at < end && block[at] === SPACE) at++;
	let value = 0;
	for (; at < end && isOctal(block[at]); at++) value = value * 8 + (block[at] as number) - ZERO;
	for (; at < end && block[at] !== 0; at++)
		if (block[at] !== SPACE) throw new TarError("a number that is not octal");
	return value;
}

const SPACE = 0x20;
const ZERO = 0x30;

function isOctal(byte: number | undefined): boolean {
	return byte !== undefined && byte >= ZERO && byte < ZERO + 8;
}

/** A field of at most `length` bytes as text (UTF-8), up to the first NUL. */
export function text(block: Uint8Array, from: number, length: number): string {
	let end = from;
	while (end < from + length && block[end] !== 0 && end < block.length) end++;
	return end === from ? "" : decoder.decode(block.subarray(from, end));
}

/** Made once: a kernel tree has a hundred thousand headers with five texts each. */
const decoder = new TextDecoder();

/** Those pax records ("LENGTH KEY=VALUE\n", the length in bytes and counting itself) that matter here. Throws TarError. */
export function paxRecords(bytes: Uint8Array): Record<string, string> {
	const records: Record<string, string> = {};
	for (let at = 0; at < bytes.length; ) {
		const space = bytes.indexOf(0x20, at);
		const length = space < 0 ? Number.NaN : Number(new TextDecoder().decode(bytes.subarray(at, space)));
		if (!Number.isInteger(length) || length <= space - at || at + length > bytes.length)
			throw new TarError("a damaged pax record");
		const record = new TextDecoder().decode(bytes.subarray(space + 1, at + length - 1));
		const equals = record.indexOf("=");
		if (equals < 1) throw new TarError("a damaged pax record");
		if (KNOWN_PAX.has(record.slice(0, equals))) records[record.slice(0, equals)] = record.slice(equals + 1);
		at += length;
	}
	return records;
}

const KNOWN_PAX = new Set(["path", "linkpath", "size"]);
