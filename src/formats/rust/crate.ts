/**
 * The compiler that made a crate's metadata (.rmeta), in its own words: "rustc 1.97.1 (8bab26f4f 2026-07-14)"; null for
 * another file. A header of 8 bytes ("rust" and a version), the root's place, then that text with its length before it
 * (rustc_metadata::locator, `get_metadata_header`): a crate of another compiler is refused by it.
 */
export function crateCompiler(bytes: Uint8Array): string | null {
	const head = Array.from(bytes.subarray(0, 256), (byte) => String.fromCharCode(byte)).join("");
	if (!head.startsWith("rust\0\0\0")) return null;
	const at = head.indexOf("rustc ", 8);
	if (at < 1) return null;
	const text = head.slice(at, at + head.charCodeAt(at - 1));
	return /^rustc \d+\.\d+\.\d+[\x20-\x7e]*$/.test(text) ? text : null;
}
