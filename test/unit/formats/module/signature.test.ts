import { describe, expect, test } from "vitest";
import { FormatError } from "../../../../src/formats/error.ts";
import { derChildren, derElements, objectIdentifier } from "../../../../src/formats/module/der.ts";
import { readModinfo, readModule, withoutSignature } from "../../../../src/formats/module/module.ts";
import { readSignature } from "../../../../src/formats/module/signature.ts";
import { ascii } from "../../../helpers/elf.ts";
import { composeModule } from "../../../helpers/module.ts";
import { appendSignature, composeCms, der } from "../../../helpers/signature.ts";

const file = composeModule({ bits: 64, little: true, modinfo: [["license", "GPL"]], structModule: 128 });
const serial = Uint8Array.of(0x0a, 0xff, 0x10);

describe("an appended signature", () => {
	test.each([
		[
			"CMS by issuer and serial number",
			{ idType: 2, content: composeCms({ issuer: "Build key", serial }) },
			{ idType: "PKCS#7", hash: "sha256", signer: "Build key", key: "0A:FF:10" },
		],
		[
			"CMS by key identifier",
			{ idType: 2, content: composeCms({ keyId: serial }) },
			{ idType: "PKCS#7", hash: "sha256", signer: null, key: "0A:FF:10" },
		],
		[
			"CMS of a digest nobody knows",
			{ idType: 2, content: composeCms({ keyId: serial }, der(6, Uint8Array.of(0x2b, 9))) },
			{ idType: "PKCS#7", hash: null, signer: null, key: "0A:FF:10" },
		],
		[
			"damaged CMS",
			{ idType: 2, content: composeCms({ keyId: serial }).fill(0x80, 2, 30) },
			{ idType: "PKCS#7", hash: null, signer: null, key: null },
		],
		[
			"X.509 of 3.7 to 4.2: names and digest number beside it",
			{ idType: 1, hash: 4, signer: "Fedora kernel", key: serial, content: new Uint8Array(64) },
			{ idType: "X509", hash: "sha256", signer: "Fedora kernel", key: "0A:FF:10" },
		],
		[
			"of no known kind",
			{ idType: 9, hash: 99, content: new Uint8Array(8) },
			{ idType: "unknown", hash: null, signer: null, key: null },
		],
	])("%s", (_, spec, expected) => {
		const bytes = appendSignature(file, spec);
		expect(readSignature(bytes)).toEqual({ present: true, length: bytes.length - file.length, ...expected });
		expect(withoutSignature(bytes)).toEqual(file);
		const module = readModule(bytes);
		expect(module).toMatchObject({ signed: true, contentLength: file.length });
		expect(readModinfo(bytes)).toEqual(module.modinfo);
	});

	test("none, and a file that is shorter than one", () => {
		const absent = { present: false, length: 0, idType: null, hash: null, signer: null, key: null };
		expect(readSignature(file)).toEqual(absent);
		expect(readSignature(new Uint8Array(3))).toEqual(absent);
		expect(withoutSignature(file)).toEqual(file);
	});

	test("longer than its file", () => {
		const bytes = appendSignature(new Uint8Array(4), { idType: 2, content: new Uint8Array(10) });
		bytes[bytes.length - 28 - 4] = 0xff;
		expect(() => readSignature(bytes)).toThrow(expect.objectContaining({ code: "bad-signature" }));
	});
});

describe("DER", () => {
	test("short and long lengths, one behind the other", () => {
		const long = new Uint8Array(300).fill(7);
		const elements = [...derElements(Buffer.concat([der(2, Uint8Array.of(5)), der(4, long)]))];
		expect(elements.map(({ tag, content }) => [tag, content.length])).toEqual([
			[2, 1],
			[4, 300],
		]);
	});

	test.each([
		["an indefinite length", [0x30, 0x80, 0, 0], "bad-der"],
		["a length of five digits", [0x30, 0x85, 0, 0, 0, 0, 1, 0], "bad-der"],
		["cut in the content", [4, 9, 1], "truncated"],
		["cut in the length", [4, 0x82, 1], "truncated"],
	])("%s", (_, bytes, code) => {
		expect(() => [...derElements(Uint8Array.from(bytes))]).toThrow(expect.objectContaining({ code }));
	});

	test("children of what is not there", () => {
		expect(() => derChildren(undefined)).toThrow(FormatError);
	});

	test.each([
		["2.5.4.3", [0x55, 4, 3]],
		["1.2.840.113549.1.7.2", [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2]],
		["0.0", []],
	])("object identifier %s", (text, content) => {
		expect(objectIdentifier(Uint8Array.from(content))).toBe(text);
	});

	test("text that looks like DER", () => {
		expect(() => derChildren([...derElements(der(0x30, ascii("zz")))][0])).toThrow(FormatError);
	});
});
