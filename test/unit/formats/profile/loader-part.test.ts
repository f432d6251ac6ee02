import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../../../src/formats/error.ts";
import {
	decodeLoaderPart,
	encodeLoaderPart,
	type LoaderPart,
} from "../../../../src/formats/profile/loader-part.ts";

const PART: LoaderPart = {
	little: true,
	structModule: { size: 896, init: 376, exit: 840 },
	texts: { asked: ["a", "b"], held: ["a"] },
	refusesMissingVersion: null,
	keys: [{ ids: ["01ab/0011223344556677", "skid:0102"], key: "MIIB" }],
	installed: ["xfs", "nf_conntrack"],
	builtin: { certain: ["printk"], possible: [] },
};

describe("the loader's part of a profile", () => {
	test("comes back as it was", () => {
		expect(decodeLoaderPart(encodeLoaderPart(PART))).toEqual(PART);
	});

	test.each<[string, unknown]>([
		["no object", []],
		["a size beyond reason", { ...PART, structModule: { size: 1e9, init: null, exit: null } }],
		["a name with a control character", { ...PART, installed: ["a\u001b[31m"] }],
		["something that nobody knows", { ...PART, more: 1 }],
		["half of it", { little: true }],
	])("%s is damaged", (_name, json) => {
		const bytes = new TextEncoder().encode(JSON.stringify(json));
		expect(() => decodeLoaderPart(bytes)).toThrow(FormatError);
	});

	test("whatever else ends in a typed error", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
				expect(() => decodeLoaderPart(bytes)).toThrow(FormatError);
			}),
		);
	});
});
