import { describe, expect, test } from "vitest";
import { readElf } from "../../../../src/formats/elf/elf.ts";
import { elfNotes, readNotes } from "../../../../src/formats/elf/elf-notes.ts";
import { ascii, composeElf, joined, words } from "../../../helpers/elf.ts";

describe.each([true, false])("little-endian: %s", (little) => {
	const gnu = joined([words(little, [4, 4], [4, 5], [4, 3]), ascii("GNU\0"), ascii("12345\0\0\0")]);
	const linux = joined([words(little, [4, 6], [4, 4], [4, 0]), ascii("Linux\0\0\0"), words(little, [4, 7])]);

	test("notes one behind the other, names and contents padded to 4 bytes", () => {
		expect(
			readNotes(joined([gnu, linux]), little).map(({ name, type, content }) => [name, type, content.length]),
		).toEqual([
			["GNU", 3, 5],
			["Linux", 0, 4],
		]);
	});

	test("a damaged tail is left out", () => {
		const cut = joined([gnu, linux.subarray(0, linux.length - 2)]);
		expect(readNotes(cut, little).map(({ name }) => name)).toEqual(["GNU"]);
		expect(readNotes(new Uint8Array(7), little)).toEqual([]);
	});

	test("all notes of an ELF file", () => {
		const elf = composeElf({
			bits: 64,
			little,
			sections: [
				{ name: ".note.gnu.build-id", type: 7, content: gnu },
				{ name: ".text", content: linux },
				{ name: ".note.Linux", type: 7, content: linux },
			],
		});
		expect(elfNotes(readElf(elf)).map(({ name }) => name)).toEqual(["GNU", "Linux"]);
	});
});
