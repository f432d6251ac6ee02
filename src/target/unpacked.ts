import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { KprepError } from "../errors.ts";

/** The content of a gzip file; bytes of any other kind as they are. */
export async function unpacked(bytes: Uint8Array, path: string): Promise<Uint8Array> {
	if (bytes[0] === 0x1f && bytes[1] === 0x8b) return promisify(gunzip)(bytes);
	if (bytes[0] === 0xfd && bytes[1] === 0x37) throw new KprepError("missing", "compressed", `${path} is xz`);
	return bytes;
}
