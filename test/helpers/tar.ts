/** One entry for `tar()`; `type` is the flag of the header ("0" file, "5" folder, "2" symlink, "1" hard link...). */
export interface Entry {
	name: string;
	type?: string;
	content?: string | Uint8Array;
	link?: string;
	mode?: number;
	prefix?: string;
	/** Put into the header as it is, to make a wrong one. */
	size?: string;
}

/** A ustar archive of the entries, with its two zero blocks, or without them. */
export function tar(entries: Entry[], { trailer = true } = {}): Uint8Array {
	const parts: Uint8Array[] = entries.flatMap((entry) => {
		const content =
			typeof entry.content === "string" ? new TextEncoder().encode(entry.content) : entry.content;
		const bytes = content ?? new Uint8Array(0);
		const padding = new Uint8Array((512 - (bytes.length % 512)) % 512);
		return [header(entry, bytes.length), bytes, padding];
	});
	if (trailer) parts.push(new Uint8Array(1024));
	return Buffer.concat(parts);
}

/** A pax extension header ("x" for the next entry, "g" for all that follow). */
export function pax(records: Record<string, string>, type = "x"): Entry {
	const content = Object.entries(records)
		.map(([key, value]) => {
			const rest = Buffer.byteLength(` ${key}=${value}\n`);
			let length = rest + String(rest).length;
			if (String(length).length > String(rest).length) length = rest + String(length).length;
			return `${length} ${key}=${value}\n`;
		})
		.join("");
	return { name: "pax", type, content };
}

function header(entry: Entry, size: number): Uint8Array {
	const block = Buffer.alloc(512);
	const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, "0")}\0`;
	block.write(entry.name, 0, 100);
	block.write(octal(entry.mode ?? 0o644, 8), 100);
	block.write(entry.size ?? octal(size, 12), 124);
	block.write(octal(1_700_000_000, 12), 136);
	block.write("        ", 148);
	block.write(entry.type ?? "0", 156);
	block.write(entry.link ?? "", 157, 100);
	block.write("ustar\x0000", 257);
	block.write(entry.prefix ?? "", 345, 155);
	const sum = block.reduce((total, byte) => total + byte, 0);
	block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
	return block;
}
