import { KprepError } from "../../errors.ts";
import { type ByteSource, find, inMemory, latin1, part } from "../../formats/bytes.ts";
import { FormatError } from "../../formats/error.ts";
import {
	type ContainerKind,
	candidates,
	insideElf,
	knownImage,
	type Payload,
	rawArch,
} from "../../formats/image/containers/index.ts";
import { type KernelImage, readKernel } from "../../formats/image/kernel.ts";
import { decompress } from "../archive/decompress.ts";
import { digestOf } from "./digest.ts";
import { openSource } from "./file-source.ts";

export interface OpenedKernel extends KernelImage {
	kind: ContainerKind;
	/** ARCH word of the ELF header or of the container; null when neither tells it. */
	arch: string | null;
	/** What the boot file itself has as the kernel's command line; null when it brings none. */
	commandLine: string | null;
	/** Content of a part of the uncompressed kernel; valid until close(). */
	content(bounds: { offset: number; size: number }): Uint8Array;
	/** Which of these texts (ASCII) are anywhere in the uncompressed kernel; valid until close(). */
	holding(texts: readonly string[]): Set<string>;
	/** What `pick` finds in each window of the uncompressed kernel; windows overlap by 64 KiB. Valid until close(). */
	search<T>(pick: (window: Uint8Array) => T[]): T[];
	/** Lets go of the kernel's bytes and of the file. */
	close(): void;
}

/** A boot file inside a boot file: a vendor's header, a boot image, Image.gz in it and the Image are four. */
const DEEPEST = 5;

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
		const { source, kernel, kind, arch, commandLine } = found;
		return {
			...kernel,
			kind,
			arch: kernel.arch ?? arch,
			commandLine,
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
	commandLine: string | null;
}

/** What no magic tells is looked at as a kernel without any header, up to this size. */
const LARGEST_RAW = 256 * 1024 * 1024;

/** The kernel in a boot file, through all the files that are in one another; null when there is none. */
async function descend(source: ByteSource, what: string, depth: number): Promise<Found | null> {
	if (source.size < 64) return null;
	const container = knownImage(source);
	const own = container === null || isWhole(container.payloads, source) ? see(source) : null;
	if (own !== null)
		return container === null ? own : { ...own, kind: container.kind, arch: container.arch ?? own.arch };
	const payloads =
		container === null
			? candidates(source)
			: container.kind === "vmlinux"
				? insideElf(source)
				: container.payloads;
	let failure: unknown = null;
	for (const payload of payloads) {
		if (isWhole([payload], source)) continue;
		try {
			const found = depth === 0 ? null : await enter(source, payload, what, depth);
			if (found === null) continue;
			const { kind = found.kind, arch = null, commandLine = null } = container ?? {};
			return { ...found, kind, arch: arch ?? found.arch, commandLine: commandLine ?? found.commandLine };
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

/** Whether the container is nothing around the kernel. */
function isWhole(payloads: readonly Payload[], source: ByteSource): boolean {
	return payloads.some(
		({ offset, size, compression }) => offset === 0 && size === source.size && compression === null,
	);
}

async function enter(
	source: ByteSource,
	{ offset, size, compression, expected, digests = [] }: Payload,
	what: string,
	depth: number,
): Promise<Found | null> {
	for (const { algorithm, value } of digests) {
		const actual = digestOf(algorithm, part(source, offset, size));
		if (actual !== null && actual !== value) throw damaged(what, algorithm, value, actual);
	}
	if (compression === null) return descend(window(source, offset, size), what, depth - 1);
	const bytes = await decompress(part(source, offset, size), {
		...{ what, compression, expected: expected ?? undefined },
	});
	return descend(inMemory(bytes), what, depth - 1);
}

/** The bytes as a kernel that runs as it lies there; null when they have no banner. */
function see(source: ByteSource): Found | null {
	if (source.size > LARGEST_RAW && latin1(part(source, 0, 4)) !== "\x7fELF") return null;
	let kernel = readKernel(source);
	if (kernel.banner === null) return null;
	if (kernel.arch === null && kernel.exports === null) {
		const big = readKernel(source, false);
		if (big.exports !== null || (kernel.versionCode === null && big.versionCode !== null)) kernel = big;
	}
	return { source, kernel, kind: "unknown", arch: kernel.arch ?? rawArch(source), commandLine: null };
}

function window(source: ByteSource, offset: number, size: number): ByteSource {
	return { size, read: (at, length) => source.read(offset + at, length) };
}

function damaged(what: string, algorithm: string, expected: string, found: string): KprepError {
	return new KprepError("missing", "damaged", `the kernel in ${what} is damaged`, {
		expected: `${algorithm} ${expected}, as the image names it`,
		found: `${algorithm} ${found}`,
		where: what,
	});
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
