import { describe, expect, it } from "vitest";
import { errnoIn, saysNoSuchFile, wordsOf } from "../../../../src/kernel/errno/errno-text.ts";

describe("errnoIn", () => {
	it.each([
		["could not insert 'x': No such device", "ENODEV"],
		["No such device or address", "ENXIO"],
		["Invalid module format", "ENOEXEC"],
		["unknown symbol in module or invalid parameter", "ENOENT"],
		["module has wrong symbol version", "ESRCH"],
		["Die Operation ist nicht erlaubt", "EPERM"],
		["Le fichier existe", "EEXIST"],
		["密钥被服务所拒绝", "EKEYREJECTED"],
		["Ошибка формата выполняемого файла", "ENOEXEC"],
		["finit_module(3, ...) = -1 ENOKEY", "ENOKEY"],
		["failed (err -22)", "EINVAL"],
		["returned -19", "ENODEV"],
		["foo: init failed: -16", "EBUSY"],
		["error code 8", "ENOEXEC"],
	])("%s", (text, errno) => {
		expect(errnoIn(text)).toBe(errno);
	});

	it.each(["error inserting 'x': -1", "make: *** [x] Error 2", "nothing here", "-7000"])(
		"names none: %s",
		(text) => {
			expect(errnoIn(text)).toBeNull();
		},
	);

	it("knows the words of many languages", () => {
		expect(wordsOf("ENOENT").length).toBeGreaterThan(15);
		for (const word of wordsOf("ENOENT").filter((one) => !one.includes("symbol")))
			expect(saysNoSuchFile(`x: ${word}`)).toBe(true);
	});
});
