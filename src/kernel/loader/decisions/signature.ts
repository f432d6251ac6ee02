import { latin1 } from "../../../formats/bytes.ts";
import { readSignature } from "../../../formats/module/signature.ts";
import { has, on } from "../era.ts";
import type { Decision, Loading } from "../loading.ts";
import { type Pkcs7, Pkcs7Fault, Pkcs7Unfollowed, readPkcs7 } from "../pkcs7.ts";
import { type Caveat, type Outcome, type Refusal, refuse, undecided, unforeseeable } from "../verdict.ts";

const MARKER = "~Module signature appended~\n";
const HEADER = 12;
const PKEY_ID_PKCS7 = 2;

/** What mod_verify_sig() returns, with the lines that it logs; `null`: that depends on keys that are not known here. */
interface Verified {
	result: "ok" | Pkcs7Fault["errno"] | "ENOKEY" | "ENODATA" | null;
	lines: string[];
	/** Nothing is missing, and it still cannot be told. */
	unforeseeable?: boolean;
}

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
		const verified: Verified = marked ? verify(loading) : said("ENODATA");
		loading.signatureOk = verified.result === "ok";
		loading.warnings.push(...verified.lines);
		switch (verified.result) {
			case "ok":
				return null;
			case null: {
				const wanted = "whether the signature is good in the eyes of the target's keys";
				return verified.unforeseeable
					? unforeseeable("signing", wanted, "certificates or encodings that kprep does not follow")
					: undecided("signing", wanted);
			}
			case "ENODATA":
			case "ENOPKG":
			case "ENOKEY":
				return policy(loading, verified.result, verified.lines);
			default:
				return rejected(loading, verified.result, verified.lines);
		}
	},
};

/** These are no matter of policy: the loader gives them back as they are. */
function rejected(loading: Loading, errno: string, lines: string[]): Refusal {
	loading.warnings.length = 0;
	const other = errno === "EKEYREJECTED" && lines.length === 0;
	const [expected, actual] = other
		? ["the signature of this file", "a signature of other content"]
		: ["a well-formed signature", "a broken one"];
	return { errno, messages: lines, reasons: [{ id: "signing", expected, actual, remedy: "" }] };
}

const REASONS = {
	ENODATA: "unsigned module",
	ENOPKG: "module with unsupported crypto",
	ENOKEY: "module with unavailable key",
};

function policy(loading: Loading, verified: keyof typeof REASONS, lines: string[]): Outcome {
	const { kernel } = loading;
	const what = REASONS[verified];
	const forced = on(kernel, "MODULE_SIG_FORCE");
	const wanted = "a module signed by a key that the target trusts";
	if (forced === true || kernel.enforces === "signature") {
		const refusal = refuse("EKEYREJECTED", `Loading of ${what} is rejected`, "signing", wanted, `an ${what}`);
		return withLines(loading, lines, refusal);
	}
	if (forced === null)
		return undecided("signing", "the target's config, to know whether unsigned modules are allowed");
	if (kernel.enforces === "lockdown") {
		const refusal = refuse(
			"EPERM",
			"Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7",
			"signing",
			wanted,
			`an ${what}, and the kernel is locked down`,
		);
		return withLines(loading, lines, refusal);
	}
	if (kernel.enforces === null) loading.caveats.push(open(what));
	return null;
}

function withLines(loading: Loading, lines: string[], refusal: Refusal): Refusal {
	loading.warnings.length = 0;
	return { ...refusal, messages: [...lines, ...refusal.messages], decisive: lines.length };
}

function open(what: string): Caveat {
	return {
		id: "enforcement",
		text: `what the target's boot enforces is not known: with module.sig_enforce, or locked down (Secure Boot), it refuses an ${what}`,
		remedy: "--enforce none, signature or lockdown says it",
	};
}

function isMarked(file: Uint8Array): boolean {
	return file.length > MARKER.length && latin1(file, file.length - MARKER.length) === MARKER;
}

function said(result: Verified["result"], ...lines: string[]): Verified {
	return { result, lines };
}

/** mod_verify_sig() and mod_check_sig() (kernel/module_signature.c). */
function verify(loading: Loading): Verified {
	const { file } = loading;
	loading.length = file.length - MARKER.length;
	const length = loading.length;
	if (length <= HEADER) return said("EBADMSG");
	const header = new DataView(file.buffer, file.byteOffset + length - HEADER, HEADER);
	const size = header.getUint32(8);
	if (size >= length - HEADER) return said("EBADMSG");
	if (header.getUint8(2) !== PKEY_ID_PKCS7)
		return said("ENOPKG", "module: not signed with expected PKCS#7 message");
	if ([0, 1, 3, 4, 5, 6, 7].some((at) => header.getUint8(at) !== 0))
		return said("EBADMSG", "module: PKCS#7 signature info has unexpected non-zero params");
	loading.length = length - HEADER - size;
	return byMessage(loading, file.subarray(length - HEADER - size, length - HEADER));
}

function byMessage({ kernel, file, length }: Loading, message: Uint8Array): Verified {
	try {
		const signed = readPkcs7(message, has(kernel, "ecdsa") !== false);
		if (signed.involved) return { ...said(null), unforeseeable: true };
		return { result: keyOf(signed), lines: signed.lines };
	} catch (error) {
		if (error instanceof Pkcs7Fault) return said(error.errno, ...error.lines);
		if (error instanceof Pkcs7Unfollowed) return { ...said(null), unforeseeable: true };
		throw error;
	}

	/** A key that is not in the image's own keyring is not available; whether an enrolled one is, only the machine knows. */
	function keyOf(signed: Pkcs7): Verified["result"] {
		const { trustedKeys } = kernel;
		if (trustedKeys === null) return null;
		if (signed.signer === null || !trustedKeys.has(signed.signer)) return "ENOKEY";
		return kernel.verify?.(file.subarray(0, length), signed) ?? null;
	}
}

function readLength(file: Uint8Array): number {
	try {
		return readSignature(file).length;
	} catch {
		return MARKER.length;
	}
}
