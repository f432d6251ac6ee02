import { type Dirent, readdirSync } from "node:fs";

/** One name in a folder. */
export interface Entry {
	/** As text; a byte that is not UTF-8 is a lone surrogate U+DC80 to U+DCFF, as Python's surrogateescape has it. */
	name: string;
	kind: "file" | "folder" | "link" | "other";
}

/** The path for the system's calls: the very bytes where `entriesOf` met names that are not UTF-8. */
export function onDisk(path: string): string | Buffer {
	if (!LONE.test(path)) return path;
	const parts = [...path].map((character) => {
		const code = character.codePointAt(0) as number;
		return code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(character);
	});
	return Buffer.concat(parts);
}

/** The other way: the text that stands for a path's very bytes, name by name as `entriesOf` has them. */
export function asText(bytes: Buffer): string {
	const names = bytes.toString("latin1").split("/");
	return names.map((name) => nameOf(Buffer.from(name, "latin1"))).join("/");
}

/** The path's very bytes as one word of a shell. */
export function shellBytes(path: string): Buffer {
	const quoted = Buffer.from(onDisk(path)).toString("latin1").replaceAll("'", "'\\''");
	return Buffer.from(`'${quoted}'`, "latin1");
}

/** What is in a folder, every name of it whatever its bytes; throws the system's error. */
export function entriesOf(folder: string): Entry[] {
	const entries = readdirSync(onDisk(folder), { withFileTypes: true });
	if (!entries.some(({ name }) => name.includes("\ufffd")))
		return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
	const raw = readdirSync(onDisk(folder), { withFileTypes: true, encoding: "buffer" });
	return raw.map((entry) => ({ name: nameOf(entry.name as unknown as Buffer), kind: kindOf(entry) }));
}

const LONE = /[\u{dc80}-\u{dcff}]/u;

function nameOf(bytes: Buffer): string {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return [...bytes].map((byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join("");
	}
}

function kindOf(entry: Pick<Dirent, "isFile" | "isDirectory" | "isSymbolicLink">): Entry["kind"] {
	if (entry.isDirectory()) return "folder";
	if (entry.isFile()) return "file";
	return entry.isSymbolicLink() ? "link" : "other";
}
