import { FormatError } from "../error.ts";

/** Where a program finds its loader and its libraries. */
export interface Places {
	/** The dynamic loader; null leaves it as it is. */
	interpreter: string | null;
	/** Folders for DT_RPATH, joined by ":"; it serves the needs of the libraries too, which RUNPATH does not. */
	rpath: string;
}

const PT = { LOAD: 1, DYNAMIC: 2, INTERP: 3, NOTE: 4, GNU_PROPERTY: 0x6474e553 } as const;
const DT = { NULL: 0n, STRTAB: 5n, STRSZ: 10n, RPATH: 15n, RUNPATH: 29n } as const;
const PAGE = 0x10000n;
const RW = 6;

interface Header {
	type: number;
	flags: number;
	offset: bigint;
	vaddr: bigint;
	filesz: bigint;
	memsz: bigint;
	align: bigint;
}

/**
 * A 64-bit dynamic program or library that looks for its loader and libraries at `places`: null when it is not dynamic,
 * or another kind of file. Nothing of it moves: the new texts stand in a segment of their own at the end, whose header
 * takes the place of a note's (gABI, "Program Header"; a program that another tool lays out anew can break, as gcc's
 * cc1 does). Throws FormatError for a broken file, and for one that has no header to spare.
 */
export function relocateProgram(bytes: Uint8Array, places: Places): Uint8Array | null {
	const file = programHeaders(bytes);
	if (file === null) return null;
	const { view, little, start, headers } = file;
	const dynamic = headers.find(({ type }) => type === PT.DYNAMIC);
	if (dynamic === undefined) return null;
	const entries = readDynamic(view, dynamic, little);
	const spare = headers.findLastIndex(({ type }) => type === PT.NOTE || type === PT.GNU_PROPERTY);
	if (spare < 0) throw new FormatError("elf-no-spare", "no program header to spare");

	const strings = stringsOf(bytes, headers, entries);
	const text = new TextEncoder();
	const rpath = text.encode(`${places.rpath}\0`);
	const interpreter = places.interpreter === null ? null : text.encode(`${places.interpreter}\0`);
	const top = headers.reduce((most, it) => (it.type === PT.LOAD ? max(most, it.vaddr + it.memsz) : most), 0n);
	const offset = roundUp(BigInt(bytes.length), PAGE);
	const vaddr = roundUp(top, PAGE);

	// Whether the table has room for one more entry before the DT_NULL that ends it.
	const used = entries.findIndex(({ tag }) => tag === DT.NULL);
	const slot = entries.findIndex(({ tag }) => tag === DT.RUNPATH || tag === DT.RPATH);
	const fits = slot >= 0 || used + 1 < entries.length;
	const tableSize = fits ? 0 : (used + 2) * 16;
	const stringsAt = tableSize;
	const interpreterAt = stringsAt + strings.length + rpath.length;
	const size = interpreterAt + (interpreter?.length ?? 0);

	const next = entries.slice(0, used).filter(({ tag }) => tag !== DT.RUNPATH && tag !== DT.RPATH);
	next.push({ tag: DT.RPATH, value: BigInt(strings.length) });
	for (const entry of next) {
		if (entry.tag === DT.STRTAB) entry.value = vaddr + BigInt(stringsAt);
		if (entry.tag === DT.STRSZ) entry.value = BigInt(strings.length + rpath.length);
	}

	const out = new Uint8Array(Number(offset) + size);
	out.set(bytes);
	const outView = new DataView(out.buffer);
	const at = Number(offset);
	const table = fits ? Number(dynamic.offset) : at;
	const length = fits ? entries.length : used + 2;
	for (let n = 0; n < length; n++) {
		const { tag, value } = next[n] ?? { tag: DT.NULL, value: 0n };
		outView.setBigUint64(table + n * 16, tag, little);
		outView.setBigUint64(table + n * 16 + 8, value, little);
	}
	out.set(strings, at + stringsAt);
	out.set(rpath, at + stringsAt + strings.length);
	if (interpreter !== null) out.set(interpreter, at + interpreterAt);

	const added: Header = {
		...{ type: PT.LOAD, flags: RW, offset, vaddr, filesz: BigInt(size), memsz: BigInt(size), align: PAGE },
	};
	for (const header of headers) {
		if (header.type === PT.INTERP && interpreter !== null) {
			header.offset = offset + BigInt(interpreterAt);
			header.vaddr = vaddr + BigInt(interpreterAt);
			header.filesz = BigInt(interpreter.length);
			header.memsz = header.filesz;
		}
		if (header.type === PT.DYNAMIC && !fits) {
			header.offset = offset;
			header.vaddr = vaddr;
			header.filesz = BigInt(tableSize);
			header.memsz = header.filesz;
		}
	}
	// Segments that are loaded stand in the order of their addresses.
	const kept = headers.filter((_, n) => n !== spare);
	kept.splice(kept.findLastIndex(({ type }) => type === PT.LOAD) + 1, 0, added);
	kept.forEach((header, n) => {
		writeHeader(outView, start + n * 56, header, little);
	});
	return out;
}

/** What a 64-bit file says about how it is loaded; null for other files. */
export interface Loading {
	/** The loader that it names; null: a library, or a static program. */
	interpreter: string | null;
	/** It has a DT_RUNPATH, which keeps the RPATH of the program from serving its own needs. */
	runpath: boolean;
}

/** Reads it; throws FormatError for a broken file. */
export function readLoading(bytes: Uint8Array): Loading | null {
	const file = programHeaders(bytes);
	if (file === null) return null;
	const { view, headers, little } = file;
	const interp = headers.find(({ type }) => type === PT.INTERP);
	const text =
		interp === undefined
			? null
			: new TextDecoder().decode(
					bytes.subarray(Number(interp.offset), Number(interp.offset + interp.filesz)),
				);
	const dynamic = headers.find(({ type }) => type === PT.DYNAMIC);
	const entries = dynamic === undefined ? [] : readDynamic(view, dynamic, little);
	return {
		interpreter: text === null ? null : (text.split("\0")[0] ?? ""),
		runpath: entries.some(({ tag }) => tag === DT.RUNPATH),
	};
}

interface File {
	view: DataView;
	little: boolean;
	/** Offset of the program headers. */
	start: number;
	headers: Header[];
}

function programHeaders(bytes: Uint8Array): File | null {
	const elf64 = [0x7f, 0x45, 0x4c, 0x46, 2].every((byte, at) => bytes[at] === byte);
	if (!elf64 || bytes.length < 64) return null;
	const little = bytes[5] === 1;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const start = Number(view.getBigUint64(32, little));
	const count = view.getUint16(56, little);
	if (count === 0) return null;
	if (view.getUint16(54, little) !== 56 || start + count * 56 > bytes.length)
		throw new FormatError("elf-headers", "program headers are outside the file");
	const headers = Array.from({ length: count }, (_, n) => readHeader(view, start + n * 56, little));
	return { view, little, start, headers };
}

function readHeader(view: DataView, at: number, little: boolean): Header {
	const word = (offset: number) => view.getBigUint64(at + offset, little);
	return {
		...{ type: view.getUint32(at, little), flags: view.getUint32(at + 4, little), offset: word(8) },
		...{ vaddr: word(16), filesz: word(32), memsz: word(40), align: word(48) },
	};
}

function writeHeader(view: DataView, at: number, header: Header, little: boolean): void {
	view.setUint32(at, header.type, little);
	view.setUint32(at + 4, header.flags, little);
	const words = [header.offset, header.vaddr, header.vaddr, header.filesz, header.memsz, header.align];
	for (const [n, word] of words.entries()) view.setBigUint64(at + 8 + n * 8, word, little);
}

interface Entry {
	tag: bigint;
	value: bigint;
}

function readDynamic(view: DataView, { offset, filesz }: Header, little: boolean): Entry[] {
	const [at, size] = [Number(offset), Number(filesz)];
	if (at + size > view.byteLength || size > 1 << 16)
		throw new FormatError("elf-dynamic", "the dynamic table is outside the file");
	const entries = Array.from({ length: Math.floor(size / 16) }, (_, n) => ({
		tag: view.getBigUint64(at + n * 16, little),
		value: view.getBigUint64(at + n * 16 + 8, little),
	}));
	if (!entries.some(({ tag }) => tag === DT.NULL))
		throw new FormatError("elf-dynamic", "the dynamic table has no end");
	return entries;
}

function stringsOf(bytes: Uint8Array, headers: Header[], entries: Entry[]): Uint8Array {
	const entryOf = (tag: bigint) => entries.find((it) => it.tag === tag)?.value ?? 0n;
	const [address, size] = [entryOf(DT.STRTAB), entryOf(DT.STRSZ)];
	const segment = headers.find(
		({ type, vaddr, filesz }) => type === PT.LOAD && address >= vaddr && address + size <= vaddr + filesz,
	);
	if (segment === undefined || size === 0n)
		throw new FormatError("elf-strings", "the dynamic strings are outside the file");
	const at = Number(address - segment.vaddr + segment.offset);
	if (at + Number(size) > bytes.length)
		throw new FormatError("elf-strings", "the dynamic strings are outside the file");
	return bytes.subarray(at, at + Number(size));
}

function roundUp(value: bigint, to: bigint): bigint {
	return ((value + to - 1n) / to) * to;
}

function max(one: bigint, other: bigint): bigint {
	return one > other ? one : other;
}
