import { createHash } from "node:crypto";
import { crc32 } from "../../formats/compression/crc32.ts";
import { regularStream } from "./regular.ts";

/** SHA-256 of bytes, or of text as UTF-8: 64 lower-case hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
	return createHash("sha256").update(content).digest("hex");
}

/** SHA-256 of a file, read in parts. */
export async function sha256OfFile(path: string): Promise<string> {
	const hash = createHash("sha256");
	for await (const chunk of regularStream(path)) hash.update(chunk);
	return hash.digest("hex");
}

const ALGORITHMS = ["md5", "sha1", "sha256", "sha384", "sha512"];

/** Digest of bytes by U-Boot's name of the algorithm, as lower-case hex; null for one that kprep does not compute. */
export function digestOf(algorithm: string, bytes: Uint8Array): string | null {
	if (algorithm === "crc32") return crc32(bytes).toString(16).padStart(8, "0");
	return ALGORITHMS.includes(algorithm) ? createHash(algorithm).update(bytes).digest("hex") : null;
}
