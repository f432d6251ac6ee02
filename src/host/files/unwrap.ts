import { KprepError } from "../../errors.ts";
import { type ByteSource, inMemory, part } from "../../formats/bytes.ts";
import { FormatError } from "../../formats/error.ts";
import {
	candidates,
	type ImageContainer,
	insideElf,
	isWhole,
	knownImage,
	type Payload,
} from "../../formats/image/containers/index.ts";
import { decompress } from "../archive/decompress.ts";
import { digestOf } from "./digest.ts";

/** A boot file inside a boot file: a vendor's header, a boot image, Image.gz in it and the Image are four. */
const DEEPEST = 5;

export interface Unwrapped<T> {
	found: T;
	/** All that is around it and it itself, where that is a container of a known kind; outermost first. */
	containers: ImageContainer[];
}

/**
 * Goes down through a boot file, decompressing what is packed, until `look` has found what it wants in one of the files
 * that are in one another; it is asked with null for what is no known container. null: it found it in none. `what` is for
 * error texts. Throws KprepError ("damaged", "tool-missing", "too-large") and FormatError.
 */
export async function unwrap<T>(
	source: ByteSource,
	what: string,
	look: (source: ByteSource, container: ImageContainer | null) => T | null,
	depth = DEEPEST,
): Promise<Unwrapped<T> | null> {
	if (source.size < 64) return null;
	const container = knownImage(source);
	const containers = container === null ? [] : [container];
	const found = look(source, container);
	if (found !== null) return { found, containers };
	if (depth === 0) return null;
	let failure: unknown = null;
	for (const payload of payloadsOf(source, container)) {
		try {
			const inner = await unwrap(await contentOf(source, payload, what), what, look, depth - 1);
			if (inner !== null) return { found: inner.found, containers: [...containers, ...inner.containers] };
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

function payloadsOf(source: ByteSource, container: ImageContainer | null): Payload[] {
	if (container === null) return candidates(source);
	if (container.kind === "vmlinux") return insideElf(source);
	return container.payloads.filter((payload) => !isWhole(payload, source));
}

async function contentOf(source: ByteSource, payload: Payload, what: string): Promise<ByteSource> {
	const { offset, size, compression, expected, digests = [] } = payload;
	for (const { algorithm, value } of digests) {
		const actual = digestOf(algorithm, part(source, offset, size));
		if (actual !== null && actual !== value) throw damaged(what, algorithm, value, actual);
	}
	if (compression === null) return { size, read: (at, length) => source.read(offset + at, length) };
	const packed = part(source, offset, size);
	return inMemory(await decompress(packed, { what, compression, expected: expected ?? undefined }));
}

function damaged(what: string, algorithm: string, expected: string, found: string): KprepError {
	return new KprepError("missing", "damaged", `the kernel in ${what} is damaged`, {
		expected: `${algorithm} ${expected}, as the image names it`,
		found: `${algorithm} ${found}`,
		where: what,
	});
}
