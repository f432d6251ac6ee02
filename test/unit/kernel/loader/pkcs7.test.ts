import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Pkcs7Fault, readPkcs7, signerOfSkid } from "../../../../src/kernel/loader/pkcs7.ts";
import { composeCms, der } from "../../../helpers/signature.ts";

const STRANGER = { issuer: "a stranger", serial: Uint8Array.of(7) };
const ECDSA = der(6, Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));

function faultOf(message: Uint8Array, ecdsa = true): [string, ...string[]] | null {
	try {
		readPkcs7(message, ecdsa);
		return null;
	} catch (error) {
		if (!(error instanceof Pkcs7Fault)) throw error;
		return [error.errno, ...error.lines];
	}
}

const NOTED = expect.stringMatching(
	/^PKCS7: Unknown OID: \[\d+\] 1\.2\.840\.113549\.1\.7\.3$/,
) as unknown as string;
const UNKNOWN_OID = expect.stringMatching(/^PKCS7: Unknown OID: \[\d+\] 1\.2\.3\.4$/) as unknown as string;

/** The message with the byte changed that follows `before`, where that stands for the `place`th time. */
function changed(message: Uint8Array, before: number[], to: number, place = 0): Uint8Array {
	const copy = message.slice();
	const found = (index: number) => before.every((byte, more) => copy[index + more] === byte);
	const at = [...copy.keys()].filter(found)[place] ?? -1;
	copy[at + before.length] = to;
	return copy;
}

describe("readPkcs7", () => {
	const message = composeCms(STRANGER);

	test("reads who signed, how, and the signature", () => {
		const { signer, digest, algorithm, value, involved, lines } = readPkcs7(message, true);
		expect(signer).toMatch(/^07\/[0-9a-f]{16}$/);
		expect([digest, algorithm]).toEqual(["2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.1"]);
		expect([value.length, involved, lines]).toEqual([200, false, []]);
		const other = readPkcs7(composeCms({ ...STRANGER, issuer: "another" }), true);
		expect(other.signer).not.toBe(signer);
		const key = Uint8Array.of(1, 2, 3);
		expect(readPkcs7(composeCms({ keyId: key }), true).signer).toBe(signerOfSkid(key));
	});

	test.each<[string, Uint8Array, [string, ...string[]]]>([
		["nothing", new Uint8Array(), ["EBADMSG"]],
		["rubbish", new Uint8Array(50).fill(7), ["EBADMSG"]],
		["cut", message.slice(0, -1), ["EBADMSG"]],
		["too long", new Uint8Array(70_000), ["EMSGSIZE"]],
		[
			"another content",
			changed(message, [0xf7, 0x0d, 1, 7], 3),
			["EINVAL", "PKCS7: Unknown OID: [6] 1.2.840.113549.1.7.3", "PKCS7: Only support pkcs7_signedData type"],
		],
		[
			"another kind of data inside, which is noted twice",
			changed(message, [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7], 3, 1),
			["EINVAL", NOTED, NOTED, "PKCS7: Unsupported data type ..."],
		],
		["another version", changed(message, [2, 1], 9), ["EINVAL", "PKCS7: Unsupported SignedData version"]],
		[
			"versions that do not go together",
			changed(message, [2, 1], 3),
			["EBADMSG", "PKCS7: SignedData-SignerInfo version mismatch"],
		],
		[
			"a digest that nobody knows",
			composeCms(STRANGER, der(6, Uint8Array.of(0x2a, 3, 4))),
			["ENOPKG", UNKNOWN_OID, UNKNOWN_OID, "Unsupported digest algo: ..."],
		],
	])("%s", (_name, bytes, expected) => {
		expect(faultOf(bytes)).toEqual(expected);
	});

	test("elliptic curves only where the kernel reads them", () => {
		const curved = composeCms(STRANGER, undefined, ECDSA);
		expect(faultOf(curved, true)).toBeNull();
		expect(faultOf(curved, false)).toEqual([
			"ENOPKG",
			expect.stringMatching(/^PKCS7: Unknown OID: \[\d+\] 1\.2\.840\.10045\.4\.3\.2$/),
			"Unsupported pkey algo: ...",
		]);
	});

	test("a long identifier is printed as far as the kernel's buffer goes", () => {
		const long = composeCms(
			STRANGER,
			der(
				6,
				Uint8Array.from({ length: 30 }, () => 0x65),
			),
		);
		const [, line] = faultOf(long) ?? [];
		expect(line?.replace(/^.*\] /, "")).toHaveLength(49);
	});

	test("whatever is damaged ends in an answer", () => {
		fc.assert(
			fc.property(fc.nat(message.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
				const copy = message.slice();
				copy[at] = byte;
				try {
					readPkcs7(copy, true);
				} catch (error) {
					expect((error as Error).constructor.name).toMatch(/^Pkcs7/);
				}
			}),
			{ numRuns: 1000 },
		);
	});
});
