import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { moduleFiles } from "../../host/files/module-files.ts";
import { run } from "../../host/process/run.ts";

/** How modules are compressed: the end of their name, and the program that writes it to stdout. */
export interface Compressing {
	suffix: string;
	command: string[];
}

/** As scripts/Makefile.modinst calls them: the kernel's own decompressor takes no more than this of xz. */
const COMPRESSIONS: readonly (Compressing & { symbol: string })[] = [
	{ symbol: "MODULE_COMPRESS_GZIP", suffix: ".gz", command: ["gzip", "-n", "-c"] },
	{
		symbol: "MODULE_COMPRESS_XZ",
		suffix: ".xz",
		command: ["xz", "--check=crc32", "--lzma2=dict=1MiB", "-c"],
	},
	{ symbol: "MODULE_COMPRESS_ZSTD", suffix: ".zst", command: ["zstd", "-q", "-c"] },
];

/** As most of the target's own modules are, which the distribution may have packed without an option; else by its options. */
export function compressionFor(symbols: ReadonlyMap<string, string>, kernel: string): Compressing | null {
	const [first] = moduleFiles(kernel);
	if (first !== undefined) return COMPRESSIONS.find(({ suffix }) => first.endsWith(suffix)) ?? null;
	return COMPRESSIONS.find(({ symbol }) => symbols.get(symbol) === "y") ?? null;
}

/** The bytes of a module, compressed. Throws KprepError when the program is missing or fails. */
export async function compressed(
	bytes: Uint8Array,
	{ command }: Compressing,
	signal: AbortSignal | undefined,
): Promise<Uint8Array> {
	const chunks: Uint8Array[] = [];
	const folder = mkdtempSync(join(tmpdir(), "kprep-install-"));
	try {
		const path = join(folder, "module");
		writeFileSync(path, bytes);
		await run([...command, path], { signal, onBytes: (chunk) => chunks.push(Buffer.from(chunk)) });
		return Buffer.concat(chunks);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
