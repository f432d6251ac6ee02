import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { KprepError } from "../../../../src/errors.ts";
import { compressionOf, xzSize, zstdFrame } from "../../../../src/formats/compression/compression.ts";
import { decompress, readDecompressed } from "../../../../src/host/archive/decompress.ts";
import { lacks } from "../../../helpers/lacks.ts";

const folder = mkdtempSync(join(tmpdir(), "kprep-decompress-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Repeats near and far, runs, and noise: every kind of instruction of the formats comes up. */
function sample(size: number): Uint8Array {
	const bytes = new Uint8Array(size);
	let seed = 12345;
	for (let at = 0; at < size; at++) {
		seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
		const era = (at >> 12) % 4;
		const far = at - ((seed >>> 20) % 3 === 0 ? 40_000 : 77);
		bytes[at] = era === 0 ? seed >>> 24 : era === 1 ? 65 : (bytes[Math.max(0, far)] as number);
	}
	return bytes;
}

const content = sample(700_001);
const commands = [
	["xz", ["xz", "-zc"]],
	["zstd", ["zstd", "-qc"]],
	["lz4", ["lz4", "-zcq"]],
	["lz4", ["lz4", "-zcq", "-BD", "-B4"]],
	["lz4-legacy", ["lz4", "-zclq"]],
	["lzo", ["lzop", "-c"]],
	["lzo", ["lzop", "-9c"]],
	["bzip2", ["bzip2", "-zc"]],
	["lzma", ["xz", "-zc", "--format=lzma"]],
] as const;

test("gzip", async () => {
	expect(Buffer.compare(await decompress(gzipSync(content)), content)).toBe(0);
	const padded = Buffer.concat([gzipSync(content), Buffer.from("\0\0\0\0tail")]);
	expect(Buffer.compare(await decompress(padded), content)).toBe(0);
});

test("bytes without a known compression come back as they are", async () => {
	const bytes = new TextEncoder().encode("CONFIG_SMP=y\n");
	expect(await decompress(bytes)).toBe(bytes);
});

describe.each(commands)("%s by %j", (compression, [program, ...words]) => {
	const made = spawnSync(program, words, { input: content, maxBuffer: 1 << 24 });
	const missing = lacks(program);

	test.skipIf(missing)("comes back whole, from bytes and from a file with another name", async () => {
		expect(compressionOf(made.stdout)).toBe(compression);
		expect(Buffer.compare(await decompress(made.stdout), content)).toBe(0);
		expect(Buffer.compare(await decompress(made.stdout, { expected: content.length }), content)).toBe(0);
		expect(Buffer.compare(await decompress(made.stdout, { expected: 1000 }), content)).toBe(0);
		const path = join(folder, `${compression}.bin`);
		writeFileSync(path, made.stdout);
		expect(Buffer.compare(await readDecompressed(path), content)).toBe(0);
	});

	test.skipIf(missing)("a bomb is refused", async () => {
		const failure = await decompress(made.stdout, { limit: 100_000 }).catch((error) => error);
		expect(failure).toBeInstanceOf(KprepError);
		expect(failure.code).toBe("too-large");
	});

	test.skipIf(missing)("a cut stream is refused", async () => {
		const failure = await decompress(made.stdout.subarray(0, made.stdout.length / 2)).catch((error) => error);
		expect(failure).toMatchObject({ name: "KprepError", code: "damaged" });
	});

	if (compression !== "xz" && compression !== "zstd") return;
	test.skipIf(missing)("tells its size", () => {
		const size = compression === "xz" ? xzSize(made.stdout) : zstdFrame(made.stdout).length;
		expect(size).toBe(compression === "xz" ? content.length : made.stdout.length);
	});
});

test("a tool that is not installed is named with its package", async () => {
	const path = process.env.PATH;
	process.env.PATH = folder;
	const bytes = Uint8Array.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]);
	const failure = await decompress(bytes, { what: "/boot/vmlinuz" }).catch((error) => error);
	process.env.PATH = path;
	expect(failure).toMatchObject({ kind: "missing", code: "tool-missing" });
	expect(failure.toText()).toContain("apt-get install xz-utils");
});
