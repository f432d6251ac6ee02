import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../../../src/formats/error.ts";
import {
	decodeProfile,
	encodeProfile,
	type PackedPart,
	PROFILE_SCHEMA,
	type Profile,
} from "../../../../src/formats/profile/profile.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const RELEASE = "6.1.0-56-amd64";

const PROFILE: Profile = {
	facts: {
		release: RELEASE,
		version: "6.1.192",
		arch: "x86",
		vermagic: `${RELEASE} SMP preempt mod_unload modversions `,
		compiler: "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0",
		packageVersion: "6.1.192-2",
		moduleLayoutCrc: "0xa351f379",
		structModuleSize: 1088,
		randstructHash: "ab".repeat(32),
	},
	image: { sha256: "cd".repeat(32), bytes: 8_000_000 },
	parts: [
		{ name: "config", size: 12, packed: Uint8Array.of(1, 2, 3) },
		{ name: "symvers", size: 0, packed: new Uint8Array(0) },
	],
};
const BYTES = encodeProfile(PROFILE, sha256);

/** A profile with any index, its checksum right: what an attacker can write. */
function forged(index: unknown, tail: Uint8Array = new Uint8Array(0)): Uint8Array {
	const text = new TextEncoder().encode(typeof index === "string" ? index : JSON.stringify(index));
	const bytes = new Uint8Array(52 + text.length + tail.length);
	bytes.set(BYTES.subarray(0, 16));
	new DataView(bytes.buffer).setUint32(16, text.length, true);
	bytes.set(Buffer.from(sha256(text), "hex"), 20);
	bytes.set(text, 52);
	bytes.set(tail, 52 + text.length);
	return bytes;
}

function codeOf(bytes: Uint8Array): string {
	try {
		decodeProfile(bytes, sha256);
	} catch (error) {
		expect(error).toBeInstanceOf(FormatError);
		return (error as FormatError).code;
	}
	return "read";
}

const FACTS = { release: RELEASE };
const HASH = sha256(new Uint8Array(0));
const part = (more: object) => ({ name: "config", size: 0, packed: 0, sha256: HASH, ...more });

describe("a profile", () => {
	const profiles: fc.Arbitrary<Profile> = fc.record({
		facts: fc.record(
			{
				release: fc.constantFrom(RELEASE, "6.12.117+deb12-cloud-amd64", "2.6.12"),
				version: fc.constantFrom("6.1.192", "3.0"),
				structModuleSize: fc.integer({ min: 1, max: 65536 }),
				compiler: fc.stringMatching(/^[\x20-\x7e]{1,80}$/),
			},
			{ requiredKeys: ["release"] },
		),
		image: fc.constant(null),
		parts: fc.uniqueArray(
			fc.record({
				name: fc.constantFrom<PackedPart["name"]>("config", "symvers", "makefile", "btf", "randstructSeed"),
				size: fc.integer({ min: 0, max: 4096 }),
				packed: fc.uint8Array({ maxLength: 200 }),
			}),
			{ selector: ({ name }) => name },
		),
	});

	test("comes back as it was written, and the same twice", () => {
		expect(decodeProfile(BYTES, sha256)).toEqual(PROFILE);
		fc.assert(
			fc.property(profiles, (profile) => {
				const bytes = encodeProfile(profile, sha256);
				expect(encodeProfile(profile, sha256)).toEqual(bytes);
				expect(JSON.stringify(decodeProfile(bytes, sha256))).toBe(JSON.stringify(profile));
			}),
		);
	});

	test("is refused at every length but its own", () => {
		for (let length = 0; length < BYTES.length; length++)
			expect(codeOf(BYTES.subarray(0, length)), String(length)).not.toBe("read");
		expect(codeOf(Uint8Array.from([...BYTES, 0]))).toBe("trailing");
	});

	test("is refused with any byte changed", () => {
		for (let at = 0; at < BYTES.length; at++) {
			const changed = Uint8Array.from(BYTES);
			changed[at] = (changed[at] as number) ^ 0x20;
			expect(codeOf(changed), String(at)).not.toBe("read");
		}
	});

	test("of a newer schema is told from a damaged one", () => {
		const newer = Uint8Array.from(BYTES);
		newer[14] = PROFILE_SCHEMA + 1;
		expect(codeOf(newer)).toBe("newer-schema");
	});

	test.each<[string, unknown, string]>([
		["a path for a name", { facts: FACTS, parts: [part({ name: "../../etc/passwd" })] }, "bad-part"],
		["an absolute path for a name", { facts: FACTS, parts: [part({ name: "/etc/passwd" })] }, "bad-part"],
		["a name of every object", { facts: FACTS, parts: [part({ name: "constructor" })] }, "bad-part"],
		["a part twice", { facts: FACTS, parts: [part({}), part({})] }, "bad-part"],
		["a bomb", { facts: FACTS, parts: [part({ size: 1e12 })] }, "too-large"],
		["a negative size", { facts: FACTS, parts: [part({ size: -1 })] }, "bad-part"],
		["a part beyond the end", { facts: FACTS, parts: [part({ packed: 5 })] }, "truncated"],
		["a wrong checksum", { facts: FACTS, parts: [part({ sha256: "0".repeat(64) })] }, "bad-checksum"],
		["no list of parts", { facts: FACTS, parts: {} }, "bad-index"],
		["a hundred parts", { facts: FACTS, parts: Array(100).fill(part({})) }, "bad-index"],
		["no facts", { parts: [] }, "bad-index"],
		["no release", { facts: {}, parts: [] }, "bad-fact"],
		["a release that breaks out of a header", { facts: { release: '6"\n#error' }, parts: [] }, "bad-fact"],
		["a release with a make function", { facts: { release: "6$(shell id)" }, parts: [] }, "bad-fact"],
		["control characters", { facts: { ...FACTS, compiler: "gcc\u001b[2J" }, parts: [] }, "bad-fact"],
		["an unknown fact", { facts: { ...FACTS, host: "box" }, parts: [] }, "bad-fact"],
		["a prototype", '{"facts":{"release":"6.1","__proto__":{}},"parts":[]}', "bad-fact"],
		["a number for a text", { facts: { ...FACTS, arch: 1 }, parts: [] }, "bad-fact"],
		["a vermagic of another release", { facts: { ...FACTS, vermagic: "6.2 SMP " }, parts: [] }, "bad-fact"],
		["a strange image", { facts: FACTS, image: { sha256: "x", bytes: 1 }, parts: [] }, "bad-index"],
		["no JSON", "{", "bad-index"],
		["deep JSON", "[".repeat(60_000), "bad-index"],
		["a long index", " ".repeat(70_000), "too-large"],
	])("forged with %s is refused", (_name, index, code) => {
		expect(codeOf(forged(index))).toBe(code);
	});

	test("forged at random gives nothing but typed errors", () => {
		fc.assert(fc.property(fc.json(), (json) => void codeOf(forged(json))));
		fc.assert(fc.property(fc.uint8Array(), (bytes) => codeOf(bytes) !== "read"));
	});
});
