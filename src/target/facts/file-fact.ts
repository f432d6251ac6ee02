import { readDecompressed } from "../../host/archive/decompress.ts";
import type { Subject } from "../providers/provider.ts";
import type { EvidenceKind, FileFact } from "../target.ts";
import { bytesOf, readableFile } from "./look.ts";

/** No config, Makefile, symvers or BTF comes near it; what unpacks to more is not what it should be. */
const LARGEST = 256 * 1024 * 1024;

/** The file at `path` inside the root as a fact, unpacked by read() when it is gzip, xz or zstd; null when there is none. */
export function fileFact(subject: Subject, path: string, kind: EvidenceKind): FileFact | null {
	const real = readableFile(subject, path);
	return real === null ? null : outerFile(real, kind);
}

/** As `fileFact`, but read() gives the bytes as they lie on the disk: for kernel images. */
export function rawFile(subject: Subject, path: string, kind: EvidenceKind): FileFact | null {
	const real = readableFile(subject, path);
	return real === null
		? null
		: { value: real, source: { kind, path: real }, read: once(() => bytesOf(real)) };
}

/** The first of `paths` that is there. */
export function firstFile(
	subject: Subject,
	paths: readonly string[],
	kind: EvidenceKind,
	make: typeof fileFact = fileFact,
): FileFact | null {
	for (const path of paths) {
		const fact = make(subject, path, kind);
		if (fact !== null) return fact;
	}
	return null;
}

/** A file on this machine, outside of any root: what the user named. */
export function outerFile(real: string, kind: EvidenceKind): FileFact {
	return {
		value: real,
		source: { kind, path: real },
		read: once(() => readDecompressed(real, { limit: LARGEST })),
	};
}

/** Runs `read` the first time only; a failure is not kept. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
	let kept: Promise<T> | null = null;
	return () => {
		kept ??= read().catch((error) => {
			kept = null;
			throw error;
		});
		return kept;
	};
}
