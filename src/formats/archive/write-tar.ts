const BLOCK = 512;

/** One entry of an archive that is written: owner root, no times but the one given. */
export interface NewEntry {
	/** Relative, without a slash at its end. */
	path: string;
	type: "file" | "folder" | "symlink";
	mode: number;
	/** Bytes of content; 0 unless it is a file. */
	size: number;
	link?: string;
}

/**
 * The header of an entry as POSIX ustar (POSIX.1-2017, pax interchange format), with a pax record in front when a name
 * does not fit. `mtime` in seconds since 1970.
 */
export function tarHeader(entry: NewEntry, mtime: number): Uint8Array {
	const path = entry.type === "folder" ? `${entry.path}/` : entry.path;
	const split = splitName(path);
	const link = entry.link ?? "";
	const long = [
		...(split === null ? [["path", path]] : []),
		...(bytes(link).length > 100 ? [["linkpath", link]] : []),
	];
	const header = ustar({ ...entry, link }, split ?? ["", path.slice(0, 100)], mtime);
	if (long.length === 0) return header;
	const records = bytes(long.map(([name = "", value = ""]) => paxRecord(name, value)).join(""));
	const pax = ustar(
		{ path: "", type: "file", mode: 0o644, size: records.length, link: "" },
		["", "PaxHeaders/x"],
		mtime,
		"x",
	);
	return join([pax, records, padding(records.length), header]);
}

/** What fills a content of `size` bytes up to whole blocks. */
export function padding(size: number): Uint8Array {
	return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
}

/** The two empty blocks at the end of an archive. */
export const TAR_END = new Uint8Array(2 * BLOCK);

/** Small contents as one archive in memory. */
export function smallTar(
	files: { path: string; content: string; mode?: number }[],
	mtime: number,
): Uint8Array {
	const parts = files.flatMap(({ path, content, mode = 0o644 }) => {
		const data = bytes(content);
		return [tarHeader({ path, type: "file", mode, size: data.length }, mtime), data, padding(data.length)];
	});
	return join([tarHeader({ path: ".", type: "folder", mode: 0o755, size: 0 }, mtime), ...parts, TAR_END]);
}

function ustar(
	{ type, mode, size, link = "" }: NewEntry,
	[prefix, name]: [string, string],
	mtime: number,
	kind = { file: "0", folder: "5", symlink: "2" }[type],
): Uint8Array {
	const header = new Uint8Array(BLOCK);
	const put = (at: number, text: string, most: number) => header.set(bytes(text).subarray(0, most), at);
	const octal = (at: number, value: number, width: number) =>
		put(at, value.toString(8).padStart(width - 1, "0"), width - 1);
	put(0, name, 100);
	octal(100, mode & 0o7777, 8);
	octal(108, 0, 8);
	octal(116, 0, 8);
	octal(124, size, 12);
	octal(136, mtime, 12);
	put(148, " ".repeat(8), 8);
	put(156, kind, 1);
	put(157, link, 100);
	put(257, "ustar\u000000", 8);
	put(265, "root", 32);
	put(297, "root", 32);
	put(345, prefix, 155);
	const sum = header.reduce((total, byte) => total + byte, 0);
	put(148, `${sum.toString(8).padStart(6, "0")}\u0000 `, 8);
	return header;
}

/** Prefix (155 bytes) and name (100 bytes) of a path, parted at a slash; null when it does not fit. */
function splitName(path: string): [string, string] | null {
	if (bytes(path).length <= 100) return ["", path];
	for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
		const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
		if (name !== "" && bytes(prefix).length <= 155 && bytes(name).length <= 100) return [prefix, name];
	}
	return null;
}

/** "LENGTH NAME=VALUE\n", where LENGTH counts itself. */
function paxRecord(name: string, value: string): string {
	const rest = bytes(` ${name}=${value}\n`).length;
	let length = rest + 1;
	while (String(length).length + rest !== length) length = String(length).length + rest;
	return `${length} ${name}=${value}\n`;
}

function bytes(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

function join(parts: Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
