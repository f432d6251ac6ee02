import { latin1 } from "../../formats/bytes.ts";
import { objectIdentifier } from "../../formats/module/der.ts";

/** What the kernel's reading of a module's PKCS#7 message comes to. */
export interface Pkcs7 {
	/** Who signed, as signerId() and signerOfSkid() name keys; null when nothing tells. */
	signer: string | null;
	/** Dotted OID of the digest. */
	digest: string;
	/** Dotted OID of the signature algorithm. */
	algorithm: string;
	/** The signature itself. */
	value: Uint8Array;
	/** It brings certificates along, or has several signers: whom the kernel believes then is not followed here. */
	involved: boolean;
	/** Lines that the kernel logs although it goes on. */
	lines: string[];
}

/** Why the kernel does not read on: errno, and the lines that it logs. */
export class Pkcs7Fault extends Error {
	readonly errno: "EBADMSG" | "EINVAL" | "ENOPKG" | "EKEYREJECTED" | "EMSGSIZE";
	readonly lines: string[];

	constructor(errno: Pkcs7Fault["errno"], lines: string[] = []) {
		super(errno);
		this.errno = errno;
		this.lines = lines;
	}
}

/** Something that asn1_ber_decoder() takes and kprep does not follow: lengths that are not definite. */
export class Pkcs7Unfollowed extends Error {}

const TAG = { INTEGER: 2, OCTETS: 4, OID: 6, SEQUENCE: 0x30, SET: 0x31 } as const;
const CONSTRUCTED = 0x20;
const LONGEST = 65535;

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const DATA = "1.2.840.113549.1.7.1";
const INDIRECT_DATA = "1.3.6.1.4.1.311.2.1.4";
/** SHA-1 and the SHA-2 family: what every kernel of 4.3 and later knows (pkcs7_sig_note_digest_algo()). */
const DIGEST = /^(?:1\.3\.14\.3\.2\.26|2\.16\.840\.1\.101\.3\.4\.2\.[1-4])$/;
const RSA = "1.2.840.113549.1.1.1";
/** id_ecdsa_with_sha1 and ecdsa-with-SHA224 to SHA512: 5.13 and later (pkcs7_sig_note_pkey_algo()). */
const ECDSA = /^1\.2\.840\.10045\.4\.(?:1|3\.[1-4])$/;
/** Registered together with the reading of such signatures (5.13). */
const OF_CURVES = /^1\.2\.840\.10045\.(?:3\.1\.[17]|4\.3\.[1-4])$/;
/** What fits into the buffer of pkcs7_note_OID() beside its NUL. */
const OID_PRINTED = 49;
/** Others that include/linux/oid_registry.h has and names and algorithms use: looked up without a word. */
const REGISTERED =
	/^(?:2\.5\.4\.(?:[34678]|1[0-3]|4[1-4])|1\.2\.840\.113549\.(?:1\.1\.(?:[1-5]|1[1-4])|1\.9\.(?:[1345]|15)|2\.[45])|1\.2\.840\.10045\.(?:2\.1|3\.1\.[17]|4\.1|4\.3\.[1-4])|2\.16\.840\.1\.101\.3\.4\.2\.[1-4]|1\.3\.14\.3\.2\.26)$/;

/** Name of the key with that serial number of that issuer (the content of both DER elements). */
export function signerId(issuer: Uint8Array, serial: Uint8Array): string {
	return `${hex(serial)}/${hash(issuer)}`;
}

/** Name of the key with that subject key identifier. */
export function signerOfSkid(identifier: Uint8Array): string {
	return `skid:${hex(identifier)}`;
}

/**
 * Reads the message as pkcs7_parse_message() and pkcs7_verify() do before any key is looked for
 * (crypto/asymmetric_keys/pkcs7_parser.c, pkcs7.asn1, pkcs7_verify.c; lib/asn1_decoder.c; 4.7 to 7.2). Throws Pkcs7Fault
 * for what the kernel refuses, Pkcs7Unfollowed for what is not followed. `ecdsa`: whether the kernel reads such signatures.
 */
export function readPkcs7(message: Uint8Array, ecdsa: boolean): Pkcs7 {
	if (message.length > LONGEST) throw new Pkcs7Fault("EMSGSIZE");
	const parser = new Parser(message, ecdsa);
	return parser.read();
}

class Parser {
	readonly #bytes: Uint8Array;
	readonly #ecdsa: boolean;
	#at = 0;
	#end: number;
	#oid = "";
	#version = 0;
	#type = "";
	#attached = false;
	#certificates = false;
	#attributes = false;
	#signers = 0;
	#signer: string | null = null;
	#digest = "";
	#algorithm = "";
	#value: Uint8Array = new Uint8Array();
	#lines: string[] = [];

	constructor(bytes: Uint8Array, ecdsa: boolean) {
		this.#bytes = bytes;
		this.#ecdsa = ecdsa;
		this.#end = bytes.length;
	}

	read(): Pkcs7 {
		if (!this.#into(TAG.SEQUENCE, () => this.#contentInfo())) throw this.#fault("EBADMSG");
		if (this.#signers === 0) throw this.#fault("EINVAL", "PKCS7: Inconsistently supplied authAttrs");
		if (this.#attached) throw this.#fault("EBADMSG", "PKCS#7 signature with non-detached data");
		if (this.#type !== DATA) throw this.#fault("EKEYREJECTED", "PKCS7: Invalid module sig (not pkcs7-data)");
		if (this.#attributes) throw this.#fault("EKEYREJECTED", "PKCS7: Invalid module sig (has authattrs)");
		return {
			signer: this.#signer,
			digest: this.#digest,
			algorithm: this.#algorithm,
			value: this.#value,
			involved: this.#certificates || this.#signers > 1,
			lines: this.#lines,
		};
	}

	#contentInfo(): void {
		this.#noteOid();
		if (this.#oid !== SIGNED_DATA) throw this.#fault("EINVAL", "PKCS7: Only support pkcs7_signedData type");
		this.#maybe(0xa0, () => this.#must(TAG.SEQUENCE, () => this.#signedData()));
	}

	#signedData(): void {
		this.#leaf(TAG.INTEGER, (value) => this.#noteVersion(value));
		this.#setOrSequence(() => this.#must(TAG.SEQUENCE, () => this.#algorithmIdentifier()));
		this.#must(TAG.SEQUENCE, () => {
			// Its type has an action, and the reference to the type another: both note it (pkcs7.asn1, ContentInfo).
			this.#noteOid(2);
			this.#maybe(0xa0, () => this.#any(() => (this.#attached = true)));
		});
		if (this.#oid !== DATA && this.#oid !== INDIRECT_DATA)
			throw this.#fault("EINVAL", "PKCS7: Unsupported data type ...");
		this.#type = this.#oid;
		for (const tag of [0xa0, 0xa2])
			if (this.#maybe(tag, () => this.#rest(() => this.#any(() => (this.#certificates = true))))) break;
		for (const tag of [0xa1, 0xa3]) if (this.#maybe(tag, () => this.#rest(() => this.#any(() => {})))) break;
		this.#setOrSequence(() => this.#must(TAG.SEQUENCE, () => this.#signerInfo()));
	}

	#signerInfo(): void {
		this.#signers++;
		this.#leaf(TAG.INTEGER, (value) => this.#noteSignerVersion(value));
		const byIssuer = this.#maybe(TAG.SEQUENCE, () => this.#issuerAndSerial());
		if (!byIssuer) this.#leaf(0x80, (value) => (this.#signer = signerOfSkid(value)));
		this.#must(TAG.SEQUENCE, () => this.#algorithmIdentifier());
		this.#digest = this.#oid;
		if (!DIGEST.test(this.#oid)) throw this.#fault("ENOPKG", "Unsupported digest algo: ...");
		for (const tag of [0xa0, 0xa2])
			if (this.#maybe(tag, () => this.#rest(() => this.#any(() => (this.#attributes = true))))) break;
		this.#must(TAG.SEQUENCE, () => this.#algorithmIdentifier());
		this.#algorithm = this.#oid;
		const known = this.#oid === RSA || (this.#ecdsa && ECDSA.test(this.#oid));
		if (!known) throw this.#fault("ENOPKG", "Unsupported pkey algo: ...");
		this.#leaf(TAG.OCTETS, (value) => (this.#value = value));
		for (const tag of [0xa1, 0xa3]) if (this.#maybe(tag, () => this.#rest(() => this.#any(() => {})))) break;
		if (this.#type === INDIRECT_DATA && !this.#attributes)
			throw this.#fault("EBADMSG", "PKCS7: Authenticode requires AuthAttrs");
	}

	#issuerAndSerial(): void {
		let issuer = this.#bytes.subarray(0, 0);
		this.#must(TAG.SEQUENCE, () => {
			issuer = this.#bytes.subarray(this.#at, this.#end);
			this.#rest(() =>
				this.#must(TAG.SET, () =>
					this.#rest(() =>
						this.#must(TAG.SEQUENCE, () => {
							this.#noteOid();
							this.#any(() => {});
						}),
					),
				),
			);
		});
		this.#leaf(TAG.INTEGER, (serial) => (this.#signer = signerId(issuer, serial)));
	}

	#algorithmIdentifier(): void {
		this.#noteOid();
		if (this.#at < this.#end) this.#any(() => {});
	}

	#noteOid(times = 1): void {
		const at = this.#leaf(TAG.OID, (value) => {
			this.#oid = objectIdentifier(value);
		});
		if (known(this.#oid) && (this.#ecdsa || !OF_CURVES.test(this.#oid))) return;
		const printed = this.#oid.slice(0, OID_PRINTED);
		for (let time = 0; time < times; time++) this.#lines.push(`PKCS7: Unknown OID: [${at}] ${printed}`);
	}

	#noteVersion(value: Uint8Array): void {
		const [version = 0] = value;
		if (value.length !== 1 || (version !== 1 && version !== 3))
			throw this.#fault("EINVAL", "PKCS7: Unsupported SignedData version");
		this.#version = version;
	}

	#noteSignerVersion(value: Uint8Array): void {
		const [version = 0] = value;
		if (value.length !== 1 || (version !== 1 && version !== 3))
			throw this.#fault("EINVAL", "PKCS7: Unsupported SignerInfo version");
		if ((version === 1) !== (this.#version === 1))
			throw this.#fault("EBADMSG", "PKCS7: SignedData-SignerInfo version mismatch");
	}

	#fault(errno: Pkcs7Fault["errno"], ...lines: string[]): Pkcs7Fault {
		return new Pkcs7Fault(errno, [...this.#lines, ...lines]);
	}

	/** A primitive element; gives the offset of its content. */
	#leaf(tag: number, note: (value: Uint8Array) => unknown): number {
		const { start, next } = this.#element(tag);
		this.#at = next;
		note(this.#bytes.subarray(start, next));
		return start;
	}

	#any(note: () => unknown): void {
		this.#at = this.#element(null).next;
		note();
	}

	#must(tag: number, body: () => void): void {
		if (!this.#into(tag, body)) throw this.#fault("EBADMSG");
	}

	#maybe(tag: number, body: () => void): boolean {
		return this.#at < this.#end && this.#into(tag, body);
	}

	#setOrSequence(one: () => void): void {
		const body = () => this.#rest(one);
		if (!this.#into(TAG.SET, body) && !this.#into(TAG.SEQUENCE, body)) throw this.#fault("EBADMSG");
	}

	#rest(one: () => void): void {
		while (this.#at < this.#end) one();
	}

	/** Goes into a constructed element of that tag, which `body` must use up; false when another comes next. */
	#into(tag: number, body: () => void): boolean {
		if (this.#at >= this.#end - 1) throw this.#fault("EBADMSG");
		if (!matches(tag, this.#bytes[this.#at] as number)) return false;
		const { start, next } = this.#element(tag);
		const outer = this.#end;
		this.#at = start;
		this.#end = next;
		body();
		if (this.#at !== next) throw this.#fault("EBADMSG");
		this.#end = outer;
		return true;
	}

	/** One tag and length, in the bounds of asn1_ber_decoder(). */
	#element(wanted: number | null): { start: number; next: number } {
		let at = this.#at;
		if (at >= this.#end - 1) throw this.#fault("EBADMSG");
		const tag = this.#bytes[at++] as number;
		if ((tag & 0x1f) === 0x1f || (wanted !== null && !matches(wanted, tag))) throw this.#fault("EBADMSG");
		let length = this.#bytes[at++] as number;
		if (length === 0x80) throw new Pkcs7Unfollowed();
		if (length > 0x7f) {
			const digits = length - 0x80;
			if (digits > 2 || at >= this.#end - digits) throw this.#fault("EBADMSG");
			length = 0;
			for (let digit = 0; digit < digits; digit++) length = length * 256 + (this.#bytes[at++] as number);
		}
		if (length > this.#end - at) throw this.#fault("EBADMSG");
		return { start: at, next: at + length };
	}
}

/** Where the pattern is constructed, the data may be primitive; the other way round it may not. */
function matches(wanted: number, tag: number): boolean {
	return ((wanted ^ tag) & ~(wanted & CONSTRUCTED)) === 0;
}

function known(oid: string): boolean {
	return oid === DATA || oid === SIGNED_DATA || oid === INDIRECT_DATA || REGISTERED.test(oid);
}

function hex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** FNV-1a over both halves: tells issuers apart without keeping their names. */
function hash(bytes: Uint8Array): string {
	const text = latin1(bytes);
	let [low, high] = [0x811c9dc5, 0x9747b28c];
	for (let at = 0; at < text.length; at++) {
		low = Math.imul(low ^ text.charCodeAt(at), 0x01000193);
		high = Math.imul(high ^ text.charCodeAt(text.length - 1 - at), 0x01000193);
	}
	return [low, high].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
