import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { KprepError } from "../../errors.ts";
import { Fields, find } from "../../formats/bytes.ts";
import { type Compression, compressionOf, zstdFrame } from "../../formats/compression/compression.ts";
import { crc32 } from "../../formats/compression/crc32.ts";
import { gzipDataAt } from "../../formats/compression/gzip.ts";
import { decodeLz4 } from "../../formats/compression/lz4.ts";
import { decodeLzop } from "../../formats/compression/lzo.ts";
import { FormatError } from "../../formats/error.ts";
import { readRegular } from "../files/regular.ts";

export interface DecompressOptions {
	/** The most that may come out, in bytes. */
	limit?: number;
	/** How much is expected to come out, when something says so: saves copies. */
	expected?: number | undefined;
	/** What is read, for error texts: a path as the user would type it. */
	what?: string;
	/** How it is packed, where that is known: lzma need not show it. */
	compression?: Compression;
	/** `all`: streams that follow one another are all decoded; else what follows the first is passed over. */
	streams?: "first" | "all";
}

/** Enough for any kernel without debug information; a stream that goes beyond is stopped. */
const LIMIT = 512 * 1024 * 1024;

/** What a shell puts for <(COMMAND): whoever types that means the pipe. */
const PIPED = /^\/(?:dev\/(?:stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/;

/** Programs that decode what Node and kprep do not, and their Debian packages. The memory bounds hold for the program. */
const TOOLS: Partial<Record<Compression, { command: string[]; package: string }>> = {
	xz: { command: ["xz", "-dc", "--memlimit-decompress=512MiB"], package: "xz-utils" },
	lzma: { command: ["xz", "-dc", "--format=lzma", "--memlimit-decompress=512MiB"], package: "xz-utils" },
	bzip2: { command: ["bzip2", "-dc"], package: "bzip2" },
	zstd: { command: ["zstd", "-dcq", "--memory=512MB"], package: "zstd" },
};

type ZstdDecompress = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

/**
 * Content of a file that may be compressed (gzip, xz, zstd, lz4, lzop, bzip2, lzma; told by its first bytes, not its
 * name). Throws KprepError "missing": unreadable, damaged, too large, or a tool that is not installed.
 */
export async function readDecompressed(path: string, options: DecompressOptions = {}): Promise<Uint8Array> {
	const limit = options.limit ?? LIMIT;
	const bytes = PIPED.test(path) ? await readFile(path) : readRegular(path, { limit });
	return decompress(bytes, { what: path, ...options });
}

/** As readDecompressed for bytes in memory; bytes of no known compression come back as they are. */
export async function decompress(bytes: Uint8Array, options: DecompressOptions = {}): Promise<Uint8Array> {
	const compression = compressionOf(bytes) ?? options.compression ?? null;
	if (compression === null) return bytes;
	const limit = options.limit ?? LIMIT;
	const what = options.what ?? "the input";
	try {
		return await decode(bytes, compression, { ...options, limit, what });
	} catch (error) {
		if (error instanceof KprepError) throw error;
		const { code, message } = error as { code?: string; message: string };
		if (code === "ERR_BUFFER_TOO_LARGE" || code === "too-large") throw tooLarge(limit, what);
		if (!(error instanceof FormatError) && !code?.startsWith("Z_") && !code?.startsWith("ERR_")) throw error;
		throw damaged(compression, what, message, error);
	}
}

/**
 * Runs a decompressor on `input` and gives its output, at most `limit` bytes, gathered in one buffer when `expected`
 * foretells it. Throws KprepError as readDecompressed.
 */
export function pipeThrough(
	compression: Compression,
	input: Uint8Array,
	{ limit = LIMIT, expected, what = "the input", streams = "first" }: DecompressOptions = {},
): Promise<Uint8Array> {
	const tool = TOOLS[compression];
	if (tool === undefined) throw new FormatError("no-tool", `no program is needed to decode ${compression}`);
	const [program = "", ...words] = tool.command;
	if (compression === "xz" && streams === "first") words.push("--single-stream");
	return new Promise((resolve, reject) => {
		const child = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"] });
		const taken = new Gathered(limit, expected);
		let complaint = "";
		child.on("error", (error: NodeJS.ErrnoException) =>
			reject(error.code === "ENOENT" ? toolMissing(program, tool.package, what) : error),
		);
		child.stdout.on("data", (chunk: Uint8Array) => {
			if (taken.add(chunk)) return;
			child.kill("SIGKILL");
			reject(tooLarge(limit, what));
		});
		child.stderr.on("data", (chunk: Uint8Array) => {
			complaint = `${complaint}${chunk}`.slice(-1000);
		});
		// A decoder that has seen enough closes its stdin early; its status says whether that was right.
		child.stdin.on("error", () => {});
		child.stdin.end(input);
		child.on("close", (status) => {
			if (status === 0 || (compression === "lzma" && sizeFollows(input, taken.bytes))) resolve(taken.bytes);
			else reject(damaged(compression, what, complaint.trim() || `${program} ended with ${status}`));
		});
	});
}

/**
 * xz takes what follows an lzma stream for damage. The kernel's build puts the uncompressed size there
 * (scripts/Makefile.lib, size_append): when what came out has a size that the input names, it is whole.
 */
function sizeFollows(input: Uint8Array, output: Uint8Array): boolean {
	if (output.length === 0) return false;
	const word = Buffer.alloc(4);
	word.writeUInt32LE(output.length);
	return find(input, word, LZMA_HEADER) >= 0;
}

const LZMA_HEADER = 13;

async function decode(
	bytes: Uint8Array,
	compression: Compression,
	options: DecompressOptions & { limit: number },
): Promise<Uint8Array> {
	const { limit, expected } = options;
	if (compression === "gzip") return gunzip(bytes, options);
	if (compression === "lz4" || compression === "lz4-legacy") return decodeLz4(bytes, limit, expected);
	if (compression === "lzo") return decodeLzop(bytes, limit, expected);
	if (compression !== "zstd") return pipeThrough(compression, bytes, options);
	const frame = zstdFrame(bytes);
	const exact = bytes.subarray(0, frame.length);
	const native = nodeZstd();
	if (native !== null) return native(exact, { maxOutputLength: limit });
	return pipeThrough("zstd", exact, { ...options, expected: expected ?? frame.contentSize ?? undefined });
}

/** zlib reads on behind a member, and takes what is no other one (an appended device tree) for damage. */
async function gunzip(
	bytes: Uint8Array,
	{ limit, streams = "first" }: DecompressOptions & { limit: number },
): Promise<Uint8Array> {
	try {
		return await promisify(zlib.gunzip)(bytes, { maxOutputLength: limit });
	} catch (error) {
		if (streams === "all" || (error as { code?: string }).code !== "Z_DATA_ERROR") throw error;
		const member = firstMember(bytes, limit);
		if (member === null) throw error;
		return member;
	}
}

/** The first member, when it has the checksum and size that stand behind it; else null. */
function firstMember(bytes: Uint8Array, limit: number): Uint8Array | null {
	const data = bytes.subarray(gzipDataAt(bytes));
	const inflated = inflate(data, limit);
	if (inflated === null) return null;
	const trailer = new Fields(data.subarray(inflated.taken));
	const whole = trailer.u32(0) === crc32(inflated.bytes) && trailer.u32(4) === inflated.bytes.length;
	return whole ? inflated.bytes : null;
}

/** What comes out, and how many bytes of `data` it took; null when they are damaged. */
function inflate(data: Uint8Array, limit: number): { bytes: Uint8Array; taken: number } | null {
	try {
		const { buffer, engine } = zlib.inflateRawSync(data, {
			...{ maxOutputLength: limit, info: true },
		}) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
		return { bytes: buffer, taken: engine.bytesWritten };
	} catch (error) {
		if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") throw error;
		return null;
	}
}

/** node:zlib has zstd from 22.15 and 23.8 on. */
function nodeZstd(): ZstdDecompress | null {
	const found = (zlib as unknown as { zstdDecompress?: Parameters<typeof promisify>[0] }).zstdDecompress;
	return found === undefined ? null : (promisify(found) as unknown as ZstdDecompress);
}

/** Collects chunks, straight into one buffer when the final size was foretold. */
class Gathered {
	readonly #limit: number;
	readonly #whole: Buffer | null;
	#chunks: Uint8Array[] = [];
	#length = 0;

	constructor(limit: number, expected: number | undefined) {
		this.#limit = limit;
		this.#whole = expected !== undefined && expected <= limit ? Buffer.allocUnsafe(expected) : null;
	}

	/** False when the limit is passed. */
	add(chunk: Uint8Array): boolean {
		if (this.#length + chunk.length > this.#limit) return false;
		if (
			this.#whole !== null &&
			this.#chunks.length === 0 &&
			this.#length + chunk.length <= this.#whole.length
		)
			this.#whole.set(chunk, this.#length);
		else {
			if (this.#chunks.length === 0 && this.#whole !== null)
				this.#chunks.push(this.#whole.subarray(0, this.#length));
			this.#chunks.push(chunk);
		}
		this.#length += chunk.length;
		return true;
	}

	get bytes(): Uint8Array {
		if (this.#whole !== null && this.#chunks.length === 0) return this.#whole.subarray(0, this.#length);
		return this.#chunks.length === 1 ? (this.#chunks[0] as Uint8Array) : Buffer.concat(this.#chunks);
	}
}

function toolMissing(program: string, debianPackage: string, what: string): KprepError {
	return new KprepError("missing", "tool-missing", `${program} is needed to read ${what}`, {
		expected: `${program} on PATH`,
		suggestions: [`apt-get install ${debianPackage}`, "kprep doctor"],
	});
}

function tooLarge(limit: number, what: string): KprepError {
	return new KprepError("missing", "too-large", `${what} decompresses to more than kprep will hold`, {
		expected: `at most ${limit} bytes`,
		where: what,
	});
}

function damaged(compression: Compression, what: string, reason: string, cause?: unknown): KprepError {
	return new KprepError("missing", "damaged", `${what} is damaged`, {
		expected: `whole ${compression} data`,
		found: reason,
		where: what,
		cause,
	});
}
