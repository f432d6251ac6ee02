import { KprepError } from "../../errors.ts";
import { type ByteSource, find, latin1, part } from "../../formats/bytes.ts";
import { FormatError } from "../../formats/error.ts";
import { type ContainerKind, isWhole, knownImage } from "../../formats/image/containers/index.ts";
import { type KernelImage, readKernel } from "../../formats/image/kernel.ts";
import { openSource } from "./file-source.ts";
import { unwrap } from "./unwrap.ts";

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

/** Three times a vmlinux with all debug information; a sparse file or /proc/kcore says that it is endless. */
const LARGEST = 4 * 1024 * 1024 * 1024;

/**
 * Opens a kernel image file of any kind kprep knows, decompresses its payload (a few hundred ms) and reads what the
 * kernel says about itself. `what` is the path as the user would type it, for error texts. Throws KprepError:
 * not-an-image, damaged, tool-missing.
 */
export async function openKernel(path: string, what = path): Promise<OpenedKernel> {
	const file = openSource(path);
	try {
		if (file.size > LARGEST) throw notAnImage(what, `${file.size} bytes`);
		const unwrapped = await unwrap(file, what, (source, container) =>
			container === null || container.payloads.some((payload) => isWhole(payload, source))
				? see(source)
				: null,
		);
		if (unwrapped === null) throw notAnImage(what, "no Linux banner in it");
		const { found, containers } = unwrapped;
		const { source, kernel } = found;
		const [container = null] = containers;
		return {
			...kernel,
			kind: container?.kind ?? "unknown",
			arch: kernel.arch ?? containers.find(({ arch }) => arch !== null)?.arch ?? null,
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

/** The command line in a boot file's own header; null when it brings none, and for what is no boot file. */
export function imageCommandLine(path: string): string | null {
	const file = openSource(path);
	try {
		return knownImage(file)?.commandLine ?? null;
	} catch (error) {
		if (error instanceof FormatError) return null;
		throw error;
	} finally {
		file.close();
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

/** What no magic tells is looked at as a kernel without any header, up to this size. */
const LARGEST_RAW = 256 * 1024 * 1024;

/** The bytes as a kernel that runs as it lies there; null when they have no banner. */
function see(source: ByteSource): { source: ByteSource; kernel: KernelImage } | null {
	if (source.size > LARGEST_RAW && latin1(part(source, 0, 4)) !== "\x7fELF") return null;
	const kernel = readKernel(source);
	if (kernel.banner === null) return null;
	if (kernel.arch !== null || kernel.exports !== null) return { source, kernel };
	const big = readKernel(source, false);
	const better = big.exports !== null || (kernel.versionCode === null && big.versionCode !== null);
	return { source, kernel: better ? big : kernel };
}

function notAnImage(what: string, found: string, cause?: unknown): KprepError {
	return new KprepError("missing", "not-an-image", `${what} is not a kernel image that kprep can read`, {
		expected:
			"a kernel image of Linux (bzImage, Image, zImage, vmlinux, EFI zboot, UKI), compressed or in a boot.img, FIT or uImage",
		found,
		where: what,
		cause,
	});
}
