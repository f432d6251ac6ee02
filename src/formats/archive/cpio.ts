/** One file of an archive. `mode` has the type bits too, as st_mode (0o100644 is a plain file). */
export interface CpioEntry {
	/** Path without a leading slash. */
	name: string;
	mode: number;
	content?: Uint8Array;
	/** Numbers of a device node. */
	device?: { major: number; minor: number };
}

/** An entry that the format cannot hold. */
export class CpioError extends Error {
	override readonly name = "CpioError";
}

export const FILE = 0o100000;
export const FOLDER = 0o040000;
export const CHARACTER_DEVICE = 0o020000;

/**
 * The archive as the kernel's initramfs code reads it, in parts to be written one after another: the "newc" format
 * of Documentation/driver-api/early-userspace/buffer-format.rst (6.1), every number 8 upper-case hex digits, names
 * and contents padded to 4 bytes, times zero so that equal input gives equal bytes. Folders go before what is in them.
 */
export function* newc(entries: Iterable<CpioEntry>): Generator<Uint8Array> {
	let inode = 0;
	for (const entry of entries) {
		const content = entry.content ?? new Uint8Array(0);
		yield header(++inode, entry, content.length);
		if (content.length > 0) yield content;
		if (content.length % 4 > 0) yield new Uint8Array(4 - (content.length % 4));
	}
	yield header(0, { name: TRAILER, mode: 0 }, 0);
}

const TRAILER = "TRAILER!!!";
const HEADER_LENGTH = 110;
const LONGEST_NAME = 4095;

function header(inode: number, { name, mode, device }: CpioEntry, size: number): Uint8Array {
	const path = new TextEncoder().encode(name);
	if (path.length === 0 || path.length > LONGEST_NAME || path.includes(0) || name.startsWith("/"))
		throw new CpioError(`not a name for an archive: ${JSON.stringify(name.slice(0, 80))}`);
	if (size > 0xffff_ffff) throw new CpioError(`too large for a newc archive: ${name}`);
	const links = (mode & FOLDER) === FOLDER ? 2 : 1;
	const fields = [
		...[inode, mode, 0, 0, links, 0, size, 0, 0],
		...[device?.major ?? 0, device?.minor ?? 0, path.length + 1, 0],
	];
	const digits = fields.map((field) => field.toString(16).toUpperCase().padStart(8, "0"));
	const bytes = new Uint8Array(Math.ceil((HEADER_LENGTH + path.length + 1) / 4) * 4);
	bytes.set(new TextEncoder().encode(`070701${digits.join("")}`));
	bytes.set(path, HEADER_LENGTH);
	return bytes;
}
