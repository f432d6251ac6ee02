import { latin1 } from "../bytes.ts";

const LONGEST_NAME = 512;

/** Bytes that may be in the name of an exported symbol: C identifiers, and Rust's and the compiler's "." and "$". */
const NAME_BYTE = Uint8Array.from({ length: 256 }, (_, byte) =>
	/[\w.$]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

/** Length of the NUL-terminated symbol name at `at`; 0 when there is none. */
export function nameLength(bytes: Uint8Array, at: number): number {
	const most = Math.min(bytes.length, at + LONGEST_NAME);
	for (let end = at; end < most; end++) {
		const byte = bytes[end] as number;
		if (byte === 0) return end - at;
		if (NAME_BYTE[byte] === 0) return 0;
	}
	return 0;
}

/** Whether a NUL-terminated namespace (or none: "") is at `at`; from 6.16 on it may be "module:name,name". */
export function isNamespace(bytes: Uint8Array, at: number): boolean {
	const most = Math.min(bytes.length, at + LONGEST_NAME);
	for (let end = at; end < most; end++) {
		const byte = bytes[end] as number;
		if (byte === 0) return true;
		if (byte < 0x20 || byte > 0x7e) return false;
	}
	return false;
}

/** The NUL-terminated text at `at`; "" beyond the end. */
export function textAt(bytes: Uint8Array, at: number): string {
	const end = bytes.indexOf(0, at);
	return at < 0 || end < 0 ? "" : latin1(bytes, at, Math.min(end, at + LONGEST_NAME));
}
