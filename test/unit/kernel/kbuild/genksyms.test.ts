import { describe, expect, test } from "vitest";
import { exportedBy, parseGenksyms } from "../../../../src/kernel/kbuild/genksyms.ts";

describe("parseGenksyms", () => {
	test("takes both eras' lines and nothing else", () => {
		const text = "#SYMVER module_layout 0xa351f379\n__crc_printk = 0x00000001;\nnoise\n#SYMVER broken\n";
		expect([...parseGenksyms(text)]).toEqual([
			["module_layout", 0xa351f379],
			["printk", 1],
		]);
	});
});

describe("exportedBy", () => {
	test("knows every kind of export", () => {
		const source =
			'EXPORT_SYMBOL(a);\n\tEXPORT_SYMBOL_GPL( b );\nEXPORT_SYMBOL_NS_GPL(c, "NS");\nint EXPORT;\n// EXPORT_SYMBOL(no)\n';
		expect(exportedBy(source)).toEqual(["a", "b", "c"]);
	});
});
