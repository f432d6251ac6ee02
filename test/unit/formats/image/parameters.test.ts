import { describe, expect, test } from "vitest";
import { readElf } from "../../../../src/formats/elf/elf.ts";
import { parametersFromSections } from "../../../../src/formats/image/parameters.ts";
import { ascii, composeElf, joined, words } from "../../../helpers/elf.ts";

const NAMES = 0x1000n;
const TEXT = "printk.time\0mmio.trace\0panic\0";

function vmlinux(entries: [at: number, mode: number][], more: Uint8Array = new Uint8Array()) {
	const table = entries.map(([at, mode]) =>
		words(true, [8, Number(NAMES) + at], [8, 0], [8, 0], [2, mode], [2, 0], [4, 0], [8, 0]),
	);
	return readElf(
		composeElf({
			...{ bits: 64, little: true, machine: 62 },
			sections: [
				{ name: ".rodata", content: ascii(TEXT), address: NAMES },
				{ name: "__param", content: joined([...table, more]), address: 0x9000n },
			],
			symbols: [],
		}),
	);
}

describe("parametersFromSections", () => {
	test("names and modes", () => {
		const elf = vmlinux([
			[0, 0o644],
			[12, 0],
			[23, 0o400],
		]);
		expect(parametersFromSections(elf)).toEqual([
			{ name: "printk.time", mode: 0o644 },
			{ name: "mmio.trace", mode: 0 },
			{ name: "panic", mode: 0o400 },
		]);
	});

	test("entries that lead nowhere, or of another size, are none", () => {
		expect(parametersFromSections(vmlinux([[0x7000, 1]]))).toBeNull();
		expect(parametersFromSections(vmlinux([[0, 1]], new Uint8Array(8)))).toBeNull();
		expect(parametersFromSections(vmlinux([]))).toBeNull();
	});
});
