import { readHead } from "../../host/files/files.ts";
import type { Fact, FileFact } from "../target.ts";

const HEAD = 0x10000;

/** The release in an x86 bzImage's setup header, as a fact of the image; null for images that keep it packed. */
export function imageReleaseFact(image: FileFact): Fact | null {
	const value = releaseInSetupHeader(readHead(image.value, HEAD));
	return value === null ? null : { value, source: { kind: "image", path: image.value } };
}

/** `kernel_version` (offset 0x20e, relative to 0x200) points at "R (builder) #..." (Documentation/arch/x86/boot.rst). */
export function releaseInSetupHeader(bytes: Uint8Array): string | null {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (text.length < 0x210 || text.toString("latin1", 0x202, 0x206) !== "HdrS") return null;
	const pointer = text.readUInt16LE(0x20e);
	if (pointer === 0 || pointer + 0x200 >= text.length) return null;
	return (
		/^(\d[\x21-\x7e]{0,63}) /.exec(text.toString("latin1", pointer + 0x200, pointer + 0x280))?.[1] ?? null
	);
}
