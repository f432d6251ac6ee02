import { type ByteSource, type Fields, latin1, part } from "../../bytes.ts";
import { COMPRESSION_HEAD, type Compression, compressionOf } from "../../compression/compression.ts";

/** What a bootable file is around the kernel itself. */
export type ContainerKind =
	| "bzImage"
	| "UKI"
	| "arm64-Image"
	| "riscv-Image"
	| "loongarch-Image"
	| "s390-bzImage"
	| "zboot"
	| "zImage"
	| "uImage"
	| "FIT"
	| "boot.img"
	| "vendor-header"
	| "vmlinux"
	| "compressed"
	| "unknown";

/** A checksum that the container carries: U-Boot's names of the algorithms, `value` in lower-case hex. */
export interface Digest {
	algorithm: string;
	value: string;
}

/** A place in the file that may hold the kernel. */
export interface Payload {
	offset: number;
	/** Bytes to hand to the decompressor: no further than the compressed data and at most a size word behind it. */
	size: number;
	/** null: what lies there is a kernel as it runs, or a boot file of its own. */
	compression: Compression | null;
	/** Uncompressed size in bytes, where the container tells it. */
	expected: number | null;
	/** Of the bytes as they lie there. */
	digests?: Digest[];
}

export interface ImageContainer {
	kind: ContainerKind;
	/** ARCH word, where the container alone tells it. */
	arch: string | null;
	/** From the setup header of a bzImage; others keep it inside. */
	release: string | null;
	/** The command line that the file brings for its kernel. */
	commandLine?: string;
	/** The most likely first. */
	payloads: Payload[];
}

/**
 * Tells whether a file is a container of one kind, by its first bytes, and where in it the kernel lies. null: it is
 * another kind. Throws FormatError for one of this kind that is damaged, or that has no kernel in it.
 */
export type ContainerReader = (head: Fields, source: ByteSource) => ImageContainer | null;

/** Whether `magic` (Latin-1) is at `offset`. */
export function has(head: Fields, offset: number, magic: string): boolean {
	return latin1(head.bytes, offset, offset + magic.length) === magic;
}

/** A container that is nothing but the kernel. */
export function whole(kind: ContainerKind, arch: string | null, source: ByteSource): ImageContainer {
	return { kind, arch, release: null, payloads: [plain(0, source.size)] };
}

/** A part of the file that is a kernel or a boot file of its own; what it is shows when it is opened. */
export function plain(offset: number, size: number): Payload {
	return { offset, size, compression: null, expected: size };
}

/** The payload at a place that the container names, by its first bytes: compressed, or as it runs. */
export function payloadOf(source: ByteSource, offset: number, size: number): Payload {
	const compression = compressionOf(part(source, offset, Math.min(COMPRESSION_HEAD, size)));
	return { offset, size, compression, expected: compression === null ? size : null };
}

/** NUL-padded text of a header's field, or "" when it is not printable. */
export function padded(head: Fields, offset: number, length: number): string {
	const text = latin1(head.slice(offset, length)).split("\0", 1)[0] ?? "";
	return /^[\x20-\x7e\t]*$/.test(text) ? text.trim() : "";
}
