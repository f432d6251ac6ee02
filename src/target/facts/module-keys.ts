import { verify, X509Certificate } from "node:crypto";
import { find } from "../../formats/bytes.ts";
import { FormatError } from "../../formats/error.ts";
import { type DerElement, derChildren, derElements } from "../../formats/module/der.ts";
import { readSignature } from "../../formats/module/signature.ts";

/** Whether a key of these made the signature of a module file; null: none of them did, or it cannot be told here. */
export type Verifier = (file: Uint8Array) => "ok" | "EKEYREJECTED" | null;

/** What follows the two outer SEQUENCE headers of an X.509 v3 certificate: [0] { INTEGER 2 } (RFC 5280, 4.1). */
const VERSION_3 = "\xa0\x03\x02\x01\x02";
const HEADERS = 8;
const TRAILER = 12 + "~Module signature appended~\n".length;

/** The certificates in `bytes`: in a kernel image those of its built-in keyring (certs/system_certificates.S). */
export function certificatesIn(bytes: Uint8Array): X509Certificate[] {
	const found: X509Certificate[] = [];
	for (let at = find(bytes, VERSION_3); at >= 0; at = find(bytes, VERSION_3, at + 1)) {
		const start = at - HEADERS;
		if (start < 0 || bytes[start] !== 0x30 || bytes[start + 1] !== 0x82 || bytes[start + 4] !== 0x30)
			continue;
		const length = 4 + (bytes[start + 2] as number) * 256 + (bytes[start + 3] as number);
		const certificate = parsed(bytes.subarray(start, start + length));
		if (certificate !== null) found.push(certificate);
	}
	return found;
}

/** Serial number as ModuleSignature.key has it: upper-case hex with colons. */
export function keyOf({ serialNumber }: X509Certificate): string {
	const even = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`;
	return even.toUpperCase().replace(/(..)(?=.)/g, "$1:");
}

/** As the kernel verifies: the signature is over the file's own content, without attributes (crypto/asymmetric_keys/pkcs7_verify.c). */
export function verifierFor(certificates: readonly X509Certificate[]): Verifier {
	return (file) => {
		const { key, hash, length } = readSignature(file);
		const certificate = certificates.find((one) => key !== null && bare(keyOf(one)) === bare(key));
		if (certificate === undefined || hash === null) return null;
		const content = file.subarray(0, file.length - length);
		const signature = signatureValue(file.subarray(file.length - length, file.length - TRAILER));
		if (signature === null) return null;
		try {
			return verify(hash, content, certificate.publicKey, signature) ? "ok" : "EKEYREJECTED";
		} catch {
			return null;
		}
	};
}

/** Serial numbers may begin with a zero byte on one side only. */
function bare(key: string): string {
	return key.replaceAll(":", "").replace(/^0+/, "");
}

function parsed(bytes: Uint8Array): X509Certificate | null {
	try {
		return new X509Certificate(bytes);
	} catch {
		return null;
	}
}

/** The value of the one SignerInfo of a CMS message (RFC 5652, 5.3); null when it signs attributes, or is damaged. */
function signatureValue(message: Uint8Array): Uint8Array | null {
	try {
		const [content] = derElements(message);
		const [, wrapped] = derChildren(content);
		const [signedData] = derChildren(wrapped);
		const [signer] = derChildren(derChildren(signedData).at(-1));
		const fields: DerElement[] = derChildren(signer);
		const hasAttributes = fields.some(({ tag }, index) => index > 1 && tag === 0xa0);
		return hasAttributes ? null : (fields.find(({ tag }) => tag === 4)?.content ?? null);
	} catch (error) {
		if (error instanceof FormatError) return null;
		throw error;
	}
}
