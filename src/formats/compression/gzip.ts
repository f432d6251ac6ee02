import { Fields } from "../bytes.ts";
import { FormatError } from "../error.ts";

const [FHCRC, FEXTRA, FNAME, FCOMMENT] = [2, 4, 8, 16];

/** Where the deflate data of a gzip member begin (RFC 1952, 2.3). Throws FormatError "truncated" and "bad-gzip". */
export function gzipDataAt(bytes: Uint8Array): number {
	const fields = new Fields(bytes);
	if (fields.u16(0) !== 0x8b1f || fields.u8(2) !== 8) throw new FormatError("bad-gzip", "no gzip data");
	const flags = fields.u8(3);
	let at = 10;
	if (flags & FEXTRA) at += 2 + fields.u16(at);
	for (const text of [FNAME, FCOMMENT]) {
		if ((flags & text) === 0) continue;
		const end = bytes.indexOf(0, at);
		if (end < 0) throw new FormatError("truncated", "the gzip header has no end", at);
		at = end + 1;
	}
	return flags & FHCRC ? at + 2 : at;
}
