import { type ByteSource, Fields, part } from "../../bytes.ts";
import { compressionOf } from "../../compression/compression.ts";
import { bootImage, vendorBoot, vendorHeader } from "./android.ts";
import { zImage } from "./arm.ts";
import type { ContainerReader, ImageContainer, Payload } from "./container.ts";
import { fit } from "./fit.ts";
import { uki, zboot } from "./pe.ts";
import { arm64Image, elf, loongarchImage, riscvImage, s390Image } from "./raw.ts";
import { scanned } from "./scan.ts";
import { uImage } from "./uimage.ts";
import { bzImage } from "./x86.ts";

export type { ContainerKind, ImageContainer, Payload } from "./container.ts";
export { insideElf } from "./raw.ts";

/** As far as the mark of an s390 image. */
const HEAD = 0x10010;

/** Every kind of boot file; a new one is one function and one entry here. What is told by a magic of its own comes first. */
const READERS: readonly ContainerReader[] = [
	bzImage,
	uki,
	zboot,
	arm64Image,
	riscvImage,
	loongarchImage,
	elf,
	compressed,
	bootImage,
	vendorBoot,
	fit,
	uImage,
	zImage,
	s390Image,
	vendorHeader,
];

/**
 * Tells what kind of boot file this is and where in it the kernel lies; nothing is decompressed. null: no kind that has
 * a magic. Throws FormatError: "no-kernel" for a boot file that holds none, "truncated" and "bad-..." for a damaged one.
 */
export function knownImage(source: ByteSource): ImageContainer | null {
	const head = new Fields(part(source, 0, Math.min(HEAD, source.size)));
	for (const reader of READERS) {
		const found = reader(head, source);
		if (found !== null) return found;
	}
	return null;
}

/** Places where a compressed kernel may begin in a file of no known kind. */
export function candidates(source: ByteSource): Payload[] {
	return scanned(source, 0);
}

/** Whether a payload is all of the file: the container is nothing around the kernel. */
export function isWhole({ offset, size, compression }: Payload, source: ByteSource): boolean {
	return offset === 0 && size === source.size && compression === null;
}

/** Image.gz, Image.xz...: what the boot loader or the packaging compressed as a whole, whatever follows it. */
function compressed(head: Fields, source: ByteSource): ImageContainer | null {
	const compression = compressionOf(head.bytes);
	if (compression === null) return null;
	const payloads = [{ offset: 0, size: source.size, compression, expected: null }];
	return { kind: "compressed", arch: null, release: null, payloads };
}
