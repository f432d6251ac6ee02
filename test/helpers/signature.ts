import { ascii, joined, words } from "./elf.ts";

/** One DER element: its tag, and content from the parts. */
export function der(tag: number, ...parts: Uint8Array[]): Uint8Array {
	const content = joined(parts);
	const { length } = content;
	const size = length < 128 ? words(false, [1, length]) : words(false, [1, 0x82], [2, length]);
	return joined([Uint8Array.of(tag), size, content]);
}

const bytes = (...numbers: number[]) => Uint8Array.from(numbers);
const SEQUENCE = 0x30;
const SET = 0x31;
const CONTEXT = 0xa0;
const oid = (...content: number[]) => der(6, bytes(...content));
const SIGNED_DATA = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2);
const DATA = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1);
const SHA256 = oid(0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1);
const RSA = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1);
const COMMON_NAME = oid(0x55, 4, 3);
const ORGANIZATION = oid(0x55, 4, 10);

/** A CMS SignedData as sign-file writes it (RFC 5652), with issuer and serial number or a bare key identifier. */
export function composeCms(
	signer: { issuer: string; serial: Uint8Array } | { keyId: Uint8Array },
	digest = SHA256,
	algorithm = RSA,
): Uint8Array {
	const version = der(2, bytes("keyId" in signer ? 3 : 1));
	const name = (type: Uint8Array, text: string) => der(SET, der(SEQUENCE, type, der(0x0c, ascii(text))));
	const identifier =
		"keyId" in signer
			? der(0x80, signer.keyId)
			: der(
					SEQUENCE,
					der(SEQUENCE, name(ORGANIZATION, "Example"), name(COMMON_NAME, signer.issuer)),
					der(2, signer.serial),
				);
	const info = der(
		SEQUENCE,
		version,
		identifier,
		der(SEQUENCE, digest),
		der(SEQUENCE, algorithm, der(5)),
		der(4, new Uint8Array(200)),
	);
	const signed = der(SEQUENCE, version, der(SET, der(SEQUENCE, digest)), der(SEQUENCE, DATA), der(SET, info));
	return der(SEQUENCE, SIGNED_DATA, der(CONTEXT, signed));
}

export interface AppendedSpec {
	/** 0 PGP, 1 X509, 2 PKCS#7. */
	idType: number;
	hash?: number;
	signer?: string;
	key?: Uint8Array;
	content: Uint8Array;
}

/** `file` with that signature appended (struct module_signature, include/linux/module_signature.h). */
export function appendSignature(
	file: Uint8Array,
	{ idType, hash = 0, signer = "", key = bytes(), content }: AppendedSpec,
): Uint8Array {
	return joined([
		file,
		ascii(signer),
		key,
		content,
		words(
			false,
			[1, 0],
			[1, hash],
			[1, idType],
			[1, signer.length],
			[1, key.length],
			[3, 0],
			[4, content.length],
		),
		ascii("~Module signature appended~\n"),
	]);
}
