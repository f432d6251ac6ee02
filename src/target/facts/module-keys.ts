import { createPublicKey, type KeyObject, verify, X509Certificate } from "node:crypto";
import { find } from "../../formats/bytes.ts";
import { FormatError } from "../../formats/error.ts";
import { derChildren, derElements } from "../../formats/module/der.ts";
import { type Pkcs7, signerId, signerOfSkid } from "../../kernel/loader/pkcs7.ts";

/** A key that the target trusts, without the names in its certificate. */
export interface ModuleKey {
	/** As signerId() and signerOfSkid() name it: by issuer and serial number, by subject key identifier. */
	ids: string[];
	/** SubjectPublicKeyInfo, DER. */
	key: Uint8Array;
}

/** Whether one of these keys made a signature over `content`; null: none of them did, or it cannot be told here. */
export type Verifier = (content: Uint8Array, signed: Pkcs7) => "ok" | "EKEYREJECTED" | null;

/** What follows the two outer SEQUENCE headers of an X.509 v3 certificate: [0] { INTEGER 2 } (RFC 5280, 4.1). */
const VERSION_3 = "\xa0\x03\x02\x01\x02";
const HEADERS = 8;
/** The extension's OID, 2.5.29.14, and the OCTET STRING in an OCTET STRING behind it (RFC 5280, 4.2.1.2). */
const SUBJECT_KEY_IDENTIFIER = "\x06\x03\x55\x1d\x0e";

/** Node's names of the digests that signatures of modules use. */
const DIGESTS: Readonly<Record<string, string>> = {
	"1.3.14.3.2.26": "sha1",
	"2.16.840.1.101.3.4.2.1": "sha256",
	"2.16.840.1.101.3.4.2.2": "sha384",
	"2.16.840.1.101.3.4.2.3": "sha512",
	"2.16.840.1.101.3.4.2.4": "sha224",
};

/** The keys of the certificates in `bytes`: in a kernel image those of its built-in keyring (certs/system_certificates.S). */
export function moduleKeysIn(bytes: Uint8Array): ModuleKey[] {
	const found: ModuleKey[] = [];
	for (let at = find(bytes, VERSION_3); at >= 0; at = find(bytes, VERSION_3, at + 1)) {
		const start = at - HEADERS;
		if (start < 0 || bytes[start] !== 0x30 || bytes[start + 1] !== 0x82 || bytes[start + 4] !== 0x30)
			continue;
		const length = 4 + (bytes[start + 2] as number) * 256 + (bytes[start + 3] as number);
		const key = moduleKey(bytes.subarray(start, start + length));
		if (key !== null) found.push(key);
	}
	return found;
}

/** As the kernel verifies: the signature is over the file's own content, without attributes (crypto/asymmetric_keys/pkcs7_verify.c). */
export function verifierFor(keys: readonly ModuleKey[]): Verifier {
	const opened = new Map<ModuleKey, KeyObject | null>();
	return (content, { signer, digest, value }) => {
		const found = keys.find(({ ids }) => signer !== null && ids.includes(signer));
		if (found === undefined || DIGESTS[digest] === undefined) return null;
		if (!opened.has(found)) opened.set(found, publicKey(found.key));
		const key = opened.get(found) ?? null;
		try {
			return key === null ? null : verify(DIGESTS[digest], content, key, value) ? "ok" : "EKEYREJECTED";
		} catch {
			return null;
		}
	};
}

function publicKey(der: Uint8Array): KeyObject | null {
	try {
		return createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
	} catch {
		return null;
	}
}

/** null: what looks like a certificate is none. */
function moduleKey(bytes: Uint8Array): ModuleKey | null {
	try {
		const { publicKey: key } = new X509Certificate(bytes);
		const [certificate] = derElements(bytes);
		const [body] = derChildren(certificate);
		const [, serial, , issuer] = derChildren(body);
		if (serial === undefined || issuer === undefined) return null;
		const at = find(bytes, SUBJECT_KEY_IDENTIFIER);
		const skid = at < 0 ? null : identifierAt(bytes.subarray(at + SUBJECT_KEY_IDENTIFIER.length));
		return {
			ids: [signerId(issuer.content, serial.content), ...(skid === null ? [] : [signerOfSkid(skid)])],
			key: new Uint8Array(key.export({ format: "der", type: "spki" })),
		};
	} catch (error) {
		// Node's own errors for bytes that are no certificate have no class of their own.
		if (error instanceof FormatError || error instanceof Error) return null;
		throw error;
	}
}

function identifierAt(bytes: Uint8Array): Uint8Array | null {
	const [outer, inner] = [bytes[1] ?? 0, bytes[3] ?? 0];
	return bytes[0] === 4 && bytes[2] === 4 && outer === inner + 2 ? bytes.slice(4, 4 + inner) : null;
}
