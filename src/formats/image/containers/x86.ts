import { type ByteSource, Fields, latin1, part } from "../../bytes.ts";
import { COMPRESSION_HEAD, compressionOf } from "../../compression/compression.ts";
import { type ContainerReader, has, type Payload } from "./container.ts";
import { scanned } from "./scan.ts";

/** x86 Documentation/arch/x86/boot.rst. Before protocol 2.08 (2.6.26) the payload is found by its magic. */
export const bzImage: ContainerReader = (head, source) => {
	if (!has(head, 0x202, "HdrS") || !has(head, 0x1fe, "\x55\xaa")) return null;
	const protocol = head.u16(0x206);
	const setup = ((head.u8(0x1f1) || 4) + 1) * 512;
	const pointer = head.u16(0x20e);
	const text = pointer === 0 ? "" : latin1(head.bytes, pointer + 0x200, pointer + 0x280);
	const container = {
		kind: "bzImage" as const,
		arch: "x86",
		release: /^(\d[\x21-\x7e]{0,63}) /.exec(text)?.[1] ?? null,
	};
	if (protocol < 0x0208) return { ...container, payloads: scanned(source, setup) };
	const offset = setup + head.u32(0x248);
	const size = Math.min(head.u32(0x24c), source.size - offset);
	return { ...container, payloads: sizedPayload(source, offset, size) ?? scanned(source, setup) };
};

/**
 * The payload at a place that the container names, in the forms that kbuild makes; null when the place holds nothing
 * kprep knows.
 */
export function sizedPayload(source: ByteSource, offset: number, size: number): Payload[] | null {
	if (size < COMPRESSION_HEAD + 4 || offset + size > source.size) return null;
	const compression = compressionOf(part(source, offset, COMPRESSION_HEAD));
	if (compression === null) {
		if (latin1(part(source, offset, 4)) !== "\x7fELF") return null;
		return [{ offset, size, compression, expected: size }];
	}
	// The build appends the uncompressed size (scripts/Makefile.lib, size_append); gzip ends in it by itself.
	const expected = new Fields(part(source, offset + size - 4, 4)).u32(0);
	const whole = compression === "gzip" ? size : size - 4;
	return [
		{ offset, size: whole, compression, expected },
		{ offset, size, compression, expected: null },
	];
}
