import { expect, test } from "vitest";
import { crateCompiler } from "../../../../src/formats/rust/crate.ts";
import { ascii, joined } from "../../../helpers/elf.ts";

const TEXT = "rustc 1.97.1 (8bab26f4f 2026-07-14)";
const head = (text: string, length = text.length) =>
	joined([ascii("rust\0\0\0\x0a"), new Uint8Array(8), Uint8Array.of(length), ascii(text), ascii("\x01rest")]);

test.each<[string, Uint8Array, string | null]>([
	["as rustc writes it", head(TEXT), TEXT],
	[
		"with words behind",
		head(`${TEXT} (built from a source tarball)`),
		`${TEXT} (built from a source tarball)`,
	],
	["cut", head(TEXT).subarray(0, 20), null],
	["another file", ascii("!<arch>\n"), null],
	["control characters", head("rustc 1.97.1 \x1b[2J"), null],
	["empty", new Uint8Array(), null],
])("%s", (_, bytes, expected) => {
	expect(crateCompiler(bytes)).toBe(expected);
});
