import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { releaseInSetupHeader } from "../../../../src/target/providers/image-head.ts";
import { bzImageHead } from "../fake-root.ts";

describe("releaseInSetupHeader", () => {
	const head = bzImageHead("6.1.0-56-amd64");

	test("reads the release, and null from anything cut short", () => {
		expect(releaseInSetupHeader(head)).toBe("6.1.0-56-amd64");
		for (let length = 0; length < 0x50f; length++)
			expect(releaseInSetupHeader(head.subarray(0, length))).toBeNull();
	});

	test("a pointer that leads anywhere gives a release or null", () => {
		fc.assert(
			fc.property(fc.nat(0xffff), fc.uint8Array({ maxLength: 64 }), (pointer, noise) => {
				const bytes = Buffer.from(head);
				bytes.writeUInt16LE(pointer, 0x20e);
				bytes.set(noise, 0x600);
				const release = releaseInSetupHeader(bytes);
				if (release !== null) expect(release).toMatch(/^\d[\x21-\x7e]*$/);
			}),
		);
	});
});
