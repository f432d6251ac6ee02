import { type ByteSource, Fields, find, latin1, part } from "../bytes.ts";
import { COMPRESSION_HEAD, type Compression, compressionOf } from "../compression/compression.ts";
import { FormatError } from "../error.ts";

/** What a bootable file is around the kernel itself. */
export type ContainerKind =
	| "bzImage"
	| "arm64-Image"
	| "riscv-Image"
	| "zboot"
	| "zImage"
	| "uImage"
	| "vmlinux"
	| "compressed"
	| "unknown";

/** A place in the file that may hold the kernel. */
export interface Payload {
	offset: number;
	/** Bytes to hand to the decompressor: no further than the compressed data and at most a size word behind it. */
	size: number;
	/** null: the kernel lies there as it runs. */
	compression: Compression | null;
	/** Uncompressed size in bytes, where the container tells it. */
	expected: number | null;
}

export interface ImageContainer {
	kind: ContainerKind;
	/** ARCH word, where the container alone tells it. */
	arch: string | null;
	/** From the setup header of a bzImage; others keep it inside. */
	release: string | null;
	/** The most likely first. */
	payloads: Payload[];
}

const HEAD = 0x10000;
const SCAN_PIECE = 1 << 20;

/**
 * Tells what kind of kernel image a file is and where its payload lies; nothing is decompressed. Sources: x86
 * Documentation/arch/x86/boot.rst, arm64 and riscv boot-image headers, drivers/firmware/efi/libstub/zboot-header.S,
 * arch/arm/boot/compressed/head.S. Throws FormatError "not-an-image" when nothing in it can be a kernel.
 */
export function identifyImage(source: ByteSource): ImageContainer {
	const head = new Fields(part(source, 0, Math.min(HEAD, source.size)));
	const known = READERS.map((reader) => reader(head, source)).find((found) => found !== null);
	if (known !== undefined) return known;
	const payloads = scanned(source, 0);
	if (payloads.length === 0) throw new FormatError("not-an-image", "not a kernel image kprep knows");
	return { kind: "unknown", arch: null, release: null, payloads };
}

/** ARCH word by the header of a raw image; null when it has none. Throws FormatError "truncated". */
export function rawArch(source: ByteSource): string | null {
	const head = new Fields(part(source, 0, Math.min(64, source.size)));
	return (arm64Image(head, source) ?? riscvImage(head, source))?.arch ?? null;
}

type Reader = (head: Fields, source: ByteSource) => ImageContainer | null;

const READERS: readonly Reader[] = [bzImage, zboot, arm64Image, riscvImage, elf, compressed, zImage, uImage];

function bzImage(head: Fields, source: ByteSource): ImageContainer | null {
	if (!has(head, 0x202, "HdrS") || !has(head, 0x1fe, "\x55\xaa")) return null;
	const protocol = head.u16(0x206);
	const setup = ((head.u8(0x1f1) || 4) + 1) * 512;
	const pointer = head.u16(0x20e);
	const text = pointer === 0 ? "" : latin1(head.bytes, pointer + 0x200, pointer + 0x280);
	const container = {
		kind: "bzImage" as const,
		arch: "x86",
		release: /^(\d[\x21-\x7e]{0,63}) /.exec(text)?.[1] ?? null,
	};
	if (protocol < 0x0208) return { ...container, payloads: scanned(source, setup) };
	const offset = setup + head.u32(0x248);
	const size = Math.min(head.u32(0x24c), source.size - offset);
	return { ...container, payloads: payloadAt(source, offset, size) ?? scanned(source, setup) };
}

function zboot(head: Fields, source: ByteSource): ImageContainer | null {
	if (!has(head, 0, "MZ") || !has(head, 4, "zimg")) return null;
	const offset = head.u32(8);
	const size = Math.min(head.u32(12), source.size - offset);
	const payloads = payloadAt(source, offset, size) ?? scanned(source, 0);
	return { kind: "zboot", arch: null, release: null, payloads };
}

function arm64Image(head: Fields, source: ByteSource): ImageContainer | null {
	return has(head, 0x38, "ARM\x64") ? whole("arm64-Image", "arm64", source) : null;
}

function riscvImage(head: Fields, source: ByteSource): ImageContainer | null {
	return has(head, 0x30, "RISCV\0\0\0") || has(head, 0x38, "RSC\x05")
		? whole("riscv-Image", "riscv", source)
		: null;
}

function elf(head: Fields, source: ByteSource): ImageContainer | null {
	return has(head, 0, "\x7fELF") ? whole("vmlinux", null, source) : null;
}

/** Image.gz, Image.xz...: what the boot loader or the packaging compressed as a whole. */
function compressed(head: Fields, source: ByteSource): ImageContainer | null {
	const compression = compressionOf(head.bytes);
	if (compression === null) return null;
	const payloads = [{ offset: 0, size: source.size, compression, expected: null }];
	return { kind: "compressed", arch: null, release: null, payloads };
}

function zImage(head: Fields, source: ByteSource): ImageContainer | null {
	if (!has(head, 0x24, "\x18\x28\x6f\x01")) return null;
	return { kind: "zImage", arch: "arm", release: null, payloads: scanned(source, 0x30) };
}

/** U-Boot's legacy wrapper: 64 bytes, then what it boots. */
function uImage(head: Fields, source: ByteSource): ImageContainer | null {
	if (!has(head, 0, "\x27\x05\x19\x56") || source.size < 128) return null;
	const inner = part(source, 64, Math.min(HEAD, source.size - 64));
	const compression = compressionOf(inner);
	const zipped = compression === null && has(new Fields(inner), 0x24, "\x18\x28\x6f\x01");
	const payloads = zipped
		? scanned(source, 64)
		: [{ offset: 64, size: source.size - 64, compression, expected: null }];
	return { kind: "uImage", arch: null, release: null, payloads };
}

function whole(kind: ContainerKind, arch: string | null, source: ByteSource): ImageContainer {
	const payloads = [{ offset: 0, size: source.size, compression: null, expected: source.size }];
	return { kind, arch, release: null, payloads };
}

/** The payload at a place that the container names; null when the place holds nothing kprep knows. */
function payloadAt(source: ByteSource, offset: number, size: number): Payload[] | null {
	if (size < COMPRESSION_HEAD + 4 || offset + size > source.size) return null;
	const compression = compressionOf(part(source, offset, COMPRESSION_HEAD));
	if (compression === null) {
		if (latin1(part(source, offset, 4)) !== "\x7fELF") return null;
		return [{ offset, size, compression, expected: size }];
	}
	// The build appends the uncompressed size (scripts/Makefile.lib, size_append); gzip ends in it by itself.
	const expected = new Fields(part(source, offset + size - 4, 4)).u32(0);
	const whole = compression === "gzip" ? size : size - 4;
	return [
		{ offset, size: whole, compression, expected },
		{ offset, size, compression, expected: null },
	];
}

const SCANNED: readonly (readonly [magic: string, compression: Compression])[] = [
	["\x1f\x8b\x08\x00", "gzip"],
	["\xfd7zXZ\0", "xz"],
	["\x28\xb5\x2f\xfd", "zstd"],
	["\x02\x21\x4c\x18", "lz4-legacy"],
	["\x89LZO\0\x0d\x0a\x1a\x0a", "lzo"],
	["BZh9", "bzip2"],
	["\x5d\0\0", "lzma"],
];
const MOST_CANDIDATES = 16;

/** Places where compressed data may begin, for containers that do not say: each kind's first ones, in file order. */
function scanned(source: ByteSource, from: number): Payload[] {
	const found: Payload[] = [];
	for (let at = from; at < source.size; at += SCAN_PIECE) {
		const piece = part(source, at, Math.min(SCAN_PIECE + 16, source.size - at));
		for (const [magic, compression] of SCANNED) {
			for (let hit = find(piece, magic); hit >= 0 && hit < SCAN_PIECE; hit = find(piece, magic, hit + 1)) {
				if (compressionOf(piece.subarray(hit)) !== compression) continue;
				found.push({ offset: at + hit, size: source.size - at - hit, compression, expected: null });
				if (found.length >= MOST_CANDIDATES) return found.sort((a, b) => a.offset - b.offset);
			}
		}
	}
	return found.sort((a, b) => a.offset - b.offset);
}

function has(head: Fields, offset: number, magic: string): boolean {
	return latin1(head.bytes, offset, offset + magic.length) === magic;
}
