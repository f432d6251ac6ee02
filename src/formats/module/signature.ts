import { type ByteSource, Fields, inMemory, latin1, part } from "../bytes.ts";
import { FormatError } from "../error.ts";
import { derChildren, derElements, objectIdentifier } from "./der.ts";

/** The signature appended to a module (struct module_signature, include/linux/module_signature.h). */
export interface ModuleSignature {
	present: boolean;
	/** All appended bytes, marker included; 0 when there is none. */
	length: number;
	idType: "PGP" | "X509" | "PKCS#7" | "unknown" | null;
	/** Digest, such as "sha256"; null when it could not be read. */
	hash: string | null;
	/** Common name of the signing key's issuer. */
	signer: string | null;
	/** Serial number of the key's certificate, upper-case hex with colons, as modinfo prints it. */
	key: string | null;
}

const MARKER = "~Module signature appended~\n";
const HEADER = 12;
const ID_TYPES = ["PGP", "X509", "PKCS#7"] as const;
/** enum hash_algo of include/uapi/linux/hash_info.h, for signatures of 3.7 to 4.2, which name it by number. */
const HASHES = ["md4", "md5", "sha1", "ripemd160", "sha256", "sha384", "sha512", "sha224"];
const DIGESTS: Readonly<Record<string, string>> = {
	"1.3.14.3.2.26": "sha1",
	"2.16.840.1.101.3.4.2.1": "sha256",
	"2.16.840.1.101.3.4.2.2": "sha384",
	"2.16.840.1.101.3.4.2.3": "sha512",
	"2.16.840.1.101.3.4.2.4": "sha224",
	"2.16.840.1.101.3.4.2.8": "sha3-256",
	"2.16.840.1.101.3.4.2.9": "sha3-384",
	"2.16.840.1.101.3.4.2.10": "sha3-512",
	"1.2.156.10197.1.401": "sm3",
};
const COMMON_NAME = "2.5.4.3";

/** Whether the marker of an appended signature ends the file. */
export function hasSignature(source: ByteSource): boolean {
	const size = MARKER.length;
	return source.size >= size && latin1(part(source, source.size - size, size)) === MARKER;
}

/** Reads the end of a module file. Throws FormatError "bad-signature" when the marker is there and its lengths are impossible. */
export function readSignature(input: Uint8Array | ByteSource): ModuleSignature {
	const source = input instanceof Uint8Array ? inMemory(input) : input;
	const absent: ModuleSignature = {
		present: false,
		length: 0,
		idType: null,
		hash: null,
		signer: null,
		key: null,
	};
	const tail = MARKER.length + HEADER;
	if (source.size < tail) return absent;
	const end = new Fields(part(source, source.size - tail, tail), false);
	if (latin1(end.bytes, HEADER) !== MARKER) return absent;
	const size = end.u32(8);
	const length = tail + end.u8(3) + end.u8(4) + size;
	if (length > source.size)
		throw new FormatError("bad-signature", "the signature is longer than the file", source.size - tail);
	const idType = ID_TYPES[end.u8(2)] ?? "unknown";
	const start = source.size - length;
	const about =
		idType === "PKCS#7"
			? messageFacts(part(source, source.size - tail - size, size))
			: {
					hash: HASHES[end.u8(1)] ?? null,
					signer: latin1(part(source, start, end.u8(3))) || null,
					key: hex(part(source, start + end.u8(3), end.u8(4))) || null,
				};
	return { present: true, length, idType, ...about };
}

/**
 * What stands behind a module that is signed: a PKCS#7 message (DER), then struct module_signature with nothing but its
 * kind and length, big-endian, then the marker (scripts/sign-file.c, 4.3 and later).
 */
export function appendedSignature(message: Uint8Array): Uint8Array {
	const whole = new Uint8Array(message.length + HEADER + MARKER.length);
	whole.set(message);
	whole[message.length + 2] = ID_TYPES.indexOf("PKCS#7");
	new DataView(whole.buffer).setUint32(message.length + 8, message.length);
	whole.set(new TextEncoder().encode(MARKER), message.length + HEADER);
	return whole;
}

type Facts = Pick<ModuleSignature, "hash" | "signer" | "key">;

/** Facts of a CMS SignedData (RFC 5652, 5.1 and 5.3); all null when it is damaged: the kernel will say so, not we. */
function messageFacts(bytes: Uint8Array): Facts {
	try {
		const [contentInfo] = derElements(bytes);
		const [, wrapped] = derChildren(contentInfo);
		const [signedData] = derChildren(wrapped);
		const signerInfos = derChildren(signedData).at(-1);
		const [signerInfo] = derChildren(signerInfos);
		const [, identifier, digest] = derChildren(signerInfo);
		const [algorithm] = derChildren(digest);
		const hash = DIGESTS[objectIdentifier(algorithm?.content ?? new Uint8Array())] ?? null;
		// [0] is a bare subject key identifier; a sequence is issuer and serial number.
		if (identifier?.tag === 0x80) return { hash, signer: null, key: hex(identifier.content) };
		const [issuer, serial] = derChildren(identifier);
		const names = derChildren(issuer).flatMap(derChildren).map(derChildren);
		const common = names.find(([type]) => type && objectIdentifier(type.content) === COMMON_NAME)?.[1];
		return {
			hash,
			signer: common === undefined ? null : new TextDecoder().decode(common.content),
			key: hex(serial?.content ?? new Uint8Array()),
		};
	} catch (error) {
		if (error instanceof FormatError) return { hash: null, signer: null, key: null };
		throw error;
	}
}

function hex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
}
