import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { type ByteSource, inMemory } from "../../formats/bytes.ts";
import {
	COMPRESSION_HEAD,
	type Compression,
	compressionOf,
	xzSize,
	zstdFrame,
} from "../../formats/compression/compression.ts";
import { FormatError } from "../../formats/error.ts";
import { decompress, pipeThrough } from "../archive/decompress.ts";
import { TimeSlice } from "../process/time-slice.ts";
import { openSource } from "./file-source.ts";

export interface ModuleVisit {
	/** Called once a module, in no certain order, with its uncompressed bytes; they are valid during the call only. */
	visit(path: string, bytes: ByteSource): void;
	/** Called for a file that cannot be read or decompressed. */
	failed(path: string, error: unknown): void;
	signal?: AbortSignal | undefined;
}

const MODULE = /\.ko(?:\.(?:gz|xz|zst))?$/;
/** How much one decompressor is given and gives back in one go, in bytes: bounds memory. */
const BATCH_IN = 2 * 1024 * 1024;
const BATCH_OUT = 6 * 1024 * 1024;
const LARGEST_MODULE = 256 * 1024 * 1024;

/** Paths of the modules below a folder, sorted, links to folders not followed. Empty when it is not there. */
export function moduleFiles(folder: string): string[] {
	return [...walk(folder)].flat().sort();
}

/** As moduleFiles, with turns for what runs beside. Throws what `signal` was aborted with. */
export async function listModules(folder: string, signal?: AbortSignal): Promise<string[]> {
	const slice = new TimeSlice(signal);
	const found: string[] = [];
	for (const paths of walk(folder)) {
		if (slice.over) await slice.turn();
		found.push(...paths);
	}
	return found.sort();
}

/**
 * Reads thousands of modules: plain ones part by part, compressed ones many to a decompressor, on all processors.
 * Throws what `signal` was aborted with; a missing tool is a KprepError for each file (`failed`).
 */
export async function visitModules(files: readonly string[], visitor: ModuleVisit): Promise<void> {
	const packed = new Map<Compression, string[]>();
	const slice = new TimeSlice(visitor.signal);
	for (const path of files) {
		if (slice.over) await slice.turn();
		guarded(path, visitor, () => {
			const compression = visitPlain(path, visitor);
			if (compression === null) return;
			if (packed.get(compression)?.push(path) === undefined) packed.set(compression, [path]);
		});
	}
	for (const [compression, paths] of packed) {
		const queue = paths.values();
		const lanes = Array.from({ length: availableParallelism() }, () => lane(queue, compression, visitor));
		await Promise.all(lanes);
	}
}

interface Packed {
	path: string;
	bytes: Uint8Array;
	/** Uncompressed size in bytes; null when the file does not tell it. */
	size: number | null;
}

async function lane(queue: Iterator<string>, compression: Compression, visitor: ModuleVisit): Promise<void> {
	let batch: Packed[] = [];
	let input = 0;
	let output = 0;
	const slice = new TimeSlice(visitor.signal);
	const flush = async () => {
		await slice.turn();
		await unpack(batch, compression, visitor);
		batch = [];
		input = 0;
		output = 0;
	};
	for (let next = queue.next(); !next.done; next = queue.next()) {
		try {
			const one = packedFile(next.value, compression);
			input += one.bytes.length;
			output += one.size ?? 0;
			batch.push(one);
		} catch (error) {
			visitor.failed(next.value, error);
		}
		if (input > BATCH_IN || output > BATCH_OUT) await flush();
	}
	await flush();
}

function packedFile(path: string, compression: Compression): Packed {
	const file = openSource(path);
	try {
		const bytes = file.read(0, file.size);
		return { path, bytes, size: sizeOf(bytes, compression) };
	} finally {
		file.close();
	}
}

function sizeOf(bytes: Uint8Array, compression: Compression): number | null {
	if (compression === "xz") return xzSize(bytes);
	if (compression !== "zstd") return null;
	const { contentSize, length } = zstdFrame(bytes);
	return length === bytes.length ? contentSize : null;
}

/** Files that tell their size go through one decompressor one behind the other; if that fails, and for others, each alone. */
async function unpack(batch: Packed[], compression: Compression, visitor: ModuleVisit): Promise<void> {
	const sized = batch.filter(({ size }) => size !== null && size < LARGEST_MODULE);
	const expected = sized.reduce((sum, { size }) => sum + (size ?? 0), 0);
	const together = sized.length > 1 ? await joined(sized, compression, expected) : null;
	if (together !== null) {
		let at = 0;
		for (const { path, size } of sized) {
			const bytes = together.subarray(at, at + (size ?? 0));
			guarded(path, visitor, () => visitor.visit(path, inMemory(bytes)));
			at += size ?? 0;
		}
	}
	for (const { path, bytes } of together === null ? batch : batch.filter((one) => !sized.includes(one))) {
		try {
			const unpacked = await decompress(bytes, { what: path, limit: LARGEST_MODULE });
			visitor.visit(path, inMemory(unpacked));
		} catch (error) {
			visitor.failed(path, error);
		}
	}
}

async function joined(
	files: Packed[],
	compression: Compression,
	expected: number,
): Promise<Uint8Array | null> {
	try {
		const input = Buffer.concat(files.map(({ bytes }) => bytes));
		const output = await pipeThrough(compression, input, { limit: expected, expected, streams: "all" });
		return output.length === expected ? output : null;
	} catch {
		// Each file is tried alone then, and the one at fault is told.
		return null;
	}
}

/** Two of three modules are smaller and are read in one go, all into the same bytes; of others only parts are. */
const HEAD = 64 * 1024;
const head = Buffer.allocUnsafeSlow(HEAD);

/** Visits a plain module; one that is compressed is not visited, and its compression is given back. */
function visitPlain(path: string, visitor: ModuleVisit): Compression | null {
	const source = openSource(path, head);
	try {
		const compression = compressionOf(source.read(0, Math.min(COMPRESSION_HEAD, source.size)));
		if (compression === null) visitor.visit(path, source);
		return compression;
	} finally {
		source.close();
	}
}

function guarded(path: string, visitor: ModuleVisit, work: () => void): void {
	try {
		work();
	} catch (error) {
		const system = (error as NodeJS.ErrnoException).code !== undefined;
		if (!system && !(error instanceof FormatError)) throw error;
		visitor.failed(path, error);
	}
}

/** The modules of one folder at a time. */
function* walk(folder: string): Generator<string[]> {
	const modules: string[] = [];
	const folders: string[] = [];
	for (const entry of entriesOf(folder)) {
		if (entry.isDirectory()) folders.push(entry.name);
		else if (entry.isFile() && MODULE.test(entry.name)) modules.push(`${folder}/${entry.name}`);
	}
	yield modules;
	for (const name of folders) yield* walk(`${folder}/${name}`);
}

function entriesOf(folder: string) {
	try {
		return readdirSync(folder, { withFileTypes: true });
	} catch {
		return [];
	}
}
