import { KprepError } from "../../errors.ts";
import { type ByteSource, find, inMemory, part } from "../../formats/bytes.ts";
import { FormatError } from "../../formats/error.ts";
import { type ContainerKind, identifyImage, type Payload, rawArch } from "../../formats/image/container.ts";
import { type KernelImage, readKernel } from "../../formats/image/kernel.ts";
import { decompress } from "../archive/decompress.ts";
import { openSource } from "./file-source.ts";

export interface OpenedKernel extends KernelImage {
	kind: ContainerKind;
	/** ARCH word of the ELF header or of the container; null when neither tells it. */
	arch: string | null;
	/** Content of a part of the uncompressed kernel; valid until close(). */
	content(bounds: { offset: number; size: number }): Uint8Array;
	/** Which of these texts (ASCII) are anywhere in the uncompressed kernel; valid until close(). */
	holding(texts: readonly string[]): Set<string>;
	/** What `pick` finds in each window of the uncompressed kernel; windows overlap by 64 KiB. Valid until close(). */
	search<T>(pick: (window: Uint8Array) => T[]): T[];
	/** Lets go of the kernel's bytes and of the file. */
	close(): void;
}

/** A boot file inside a boot file: Image.gz in a uImage is the deepest there is. */
const DEEPEST = 3;

/**
 * Opens a kernel image file of any kind kprep knows, decompresses its payload (a few hundred ms) and reads what the
 * kernel says about itself. `what` is the path as the user would type it, for error texts. Throws KprepError:
 * not-an-image, damaged, tool-missing.
 */
export async function openKernel(path: string, what = path): Promise<OpenedKernel> {
	const file = openSource(path);
	try {
		const found = await descend(file, what, DEEPEST);
		if (found === null) throw notAnImage(what, "no Linux banner in it");
		const { source, kernel, kind, arch } = found;
		return {
			...kernel,
			kind,
			arch: kernel.arch ?? arch,
			content: ({ offset, size }) => part(source, offset, size),
			holding: (texts) => holding(source, texts),
			search: (pick) => Array.from(windows(source)).flatMap(pick),
			close: () => file.close(),
		};
	} catch (error) {
		file.close();
		if (error instanceof FormatError) throw notAnImage(what, error.message, error);
		throw error;
	}
}

const WINDOW = 16 * 1024 * 1024;
const OVERLAP = 64 * 1024;

/** Window by window, so that a vmlinux of hundreds of megabytes is never in memory. */
function* windows(source: ByteSource): Generator<Uint8Array> {
	for (let at = 0; at < source.size; at += WINDOW)
		yield part(source, at, Math.min(WINDOW + OVERLAP, source.size - at));
}

function holding(source: ByteSource, texts: readonly string[]): Set<string> {
	const found = new Set<string>();
	for (const bytes of windows(source))
		for (const text of texts) if (!found.has(text) && find(bytes, text) >= 0) found.add(text);
	return found;
}

interface Found {
	source: ByteSource;
	kernel: KernelImage;
	kind: ContainerKind;
	arch: string | null;
}

async function descend(source: ByteSource, what: string, depth: number): Promise<Found | null> {
	const { kind, arch, payloads } = identifyImage(source);
	let failure: unknown = null;
	for (const payload of payloads) {
		try {
			const found = await enter(source, payload, what, depth);
			if (found !== null) return { ...found, kind, arch: arch ?? found.arch };
		} catch (error) {
			// Where a container does not name its payload, most candidates are none; the first failure is told.
			if (error instanceof KprepError && error.code !== "damaged") throw error;
			if (!(error instanceof KprepError) && !(error instanceof FormatError)) throw error;
			failure ??= error;
		}
	}
	if (failure !== null) throw failure;
	return null;
}

async function enter(
	source: ByteSource,
	payload: Payload,
	what: string,
	depth: number,
): Promise<Found | null> {
	const { offset, size, compression, expected } = payload;
	if (compression === null) return see(offset === 0 ? source : window(source, offset, size));
	const bytes = await decompress(part(source, offset, size), { what, expected: expected ?? undefined });
	const inner = inMemory(bytes);
	const seen = see(inner);
	if (seen !== null || depth === 0 || bytes.length < 64) return seen;
	return descend(inner, what, depth - 1);
}

function see(source: ByteSource): Found | null {
	const kernel = readKernel(source);
	return kernel.banner === null
		? null
		: { source, kernel, kind: "unknown", arch: kernel.arch ?? rawArch(source) };
}

function window(source: ByteSource, offset: number, size: number): ByteSource {
	return { size, read: (at, length) => source.read(offset + at, length) };
}

function notAnImage(what: string, found: string, cause?: unknown): KprepError {
	return new KprepError("missing", "not-an-image", `${what} is not a kernel image that kprep can read`, {
		expected: "a bzImage, Image (plain, compressed or EFI zboot), zImage or vmlinux of Linux",
		found,
		where: what,
		cause,
	});
}
