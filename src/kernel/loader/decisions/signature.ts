import { latin1 } from "../../../formats/bytes.ts";
import { derChildren, derElements } from "../../../formats/module/der.ts";
import { readSignature } from "../../../formats/module/signature.ts";
import { on } from "../era.ts";
import type { Decision, Loading } from "../loading.ts";
import { type Outcome, refuse, undecided } from "../verdict.ts";

const MARKER = "~Module signature appended~\n";
const HEADER = 12;
const PKEY_ID_PKCS7 = 2;

/** What mod_verify_sig() returns, or null when that depends on keys that are not known here. */
type Verified = "ok" | "EBADMSG" | "EKEYREJECTED" | "ENOPKG" | "ENOKEY" | "ENODATA" | null;

/** Comes first of all: it only needs the end of the file. What a policy does not enforce is a taint only. */
export const signature: Decision = {
	id: "signing",
	follows: "kernel/module/signing.c: module_sig_check() (kernel/module.c before 5.19)",
	decide(loading) {
		const { kernel } = loading;
		const signed = on(kernel, "MODULE_SIG");
		const marked = isMarked(loading.file);
		if (signed === false) return null;
		if (signed === null && marked) {
			loading.length = loading.file.length - readLength(loading.file);
			return undecided("signing", "the target's config, to know whether signatures are checked");
		}
		const verified = marked ? verify(loading) : "ENODATA";
		loading.signatureOk = verified === "ok";
		if (verified === "ok") return null;
		if (verified === null)
			return undecided("signing", "whether the signature is good in the eyes of the target's keys");
		if (verified === "EBADMSG")
			return refuse("EBADMSG", null, "signing", "a well-formed signature", "a broken one");
		if (verified === "EKEYREJECTED")
			return refuse(
				"EKEYREJECTED",
				null,
				"signing",
				"the signature of this file",
				"a signature of other content",
			);
		return policy(loading, verified);
	},
};

const REASONS = {
	ENODATA: "unsigned module",
	ENOPKG: "module with unsupported crypto",
	ENOKEY: "module with unavailable key",
};

function policy({ kernel }: Loading, verified: "ENODATA" | "ENOPKG" | "ENOKEY"): Outcome {
	const what = REASONS[verified];
	const forced = on(kernel, "MODULE_SIG_FORCE");
	if (forced === true || kernel.enforces === "sig_enforce") {
		const message = `Loading of ${what} is rejected`;
		return refuse(
			"EKEYREJECTED",
			message,
			"signing",
			"a module signed by a key that the target trusts",
			`an ${what}`,
		);
	}
	if (forced === null)
		return undecided("signing", "the target's config, to know whether unsigned modules are allowed");
	if (kernel.enforces === "lockdown")
		return refuse(
			"EPERM",
			"Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7",
			"signing",
			"a module signed by a key that the target trusts",
			`an ${what}, and the kernel is locked down`,
		);
	return null;
}

function isMarked(file: Uint8Array): boolean {
	return file.length > MARKER.length && latin1(file, file.length - MARKER.length) === MARKER;
}

function verify(loading: Loading): Verified {
	const { file } = loading;
	loading.length = file.length - MARKER.length;
	const length = loading.length;
	if (length <= HEADER) return "EBADMSG";
	const header = new DataView(file.buffer, file.byteOffset + length - HEADER, HEADER);
	const size = header.getUint32(8);
	if (size >= length - HEADER) return "EBADMSG";
	if (header.getUint8(2) !== PKEY_ID_PKCS7) return "ENOPKG";
	if ([0, 1, 3, 4, 5, 6, 7].some((at) => header.getUint8(at) !== 0)) return "EBADMSG";
	loading.length = length - HEADER - size;
	return keyOf(loading, file.subarray(length - HEADER - size, length - HEADER));
}

/** Who signed, as far as it can be known: a key that none of the target's own modules was signed with is not available. */
function keyOf({ kernel, file }: Loading, message: Uint8Array): Verified {
	if (!isSignedData(message)) return "EBADMSG";
	const { key } = readSignature(file);
	if (key === null) return "EBADMSG";
	if (kernel.trustedKeys === null) return null;
	return kernel.trustedKeys.has(key) ? (kernel.verify?.(file) ?? null) : "ENOKEY";
}

/** The outer shape that pkcs7_parse_message() insists on: one SEQUENCE with an OID and a wrapped SignedData. */
function isSignedData(message: Uint8Array): boolean {
	try {
		const [content, ...more] = derElements(message);
		const [type, wrapped] = derChildren(content);
		const [signedData] = derChildren(wrapped);
		return more.length === 0 && type?.tag === 6 && derChildren(signedData).length >= 4;
	} catch {
		return false;
	}
}

function readLength(file: Uint8Array): number {
	try {
		return readSignature(file).length;
	} catch {
		return MARKER.length;
	}
}
