import { type Banner, parseBanner } from "../banner.ts";
import { Fields, latin1 } from "../bytes.ts";
import { occurrences, type Region } from "./regions.ts";

const START = "Linux version ";
const LONGEST = 512;

/** `linux_banner` in a region; null when it is not there (format strings that begin like it are passed over). */
export function findBanner(region: Region): Banner | null {
	for (const at of occurrences(region, START)) {
		const first = region.bytes[at + START.length] ?? 0;
		const text = first >= 0x30 && first <= 0x39 ? line(region.bytes, at, LONGEST) : null;
		const banner = text === null ? null : parseBanner(text);
		if (banner !== null) return banner;
	}
	return null;
}

/**
 * The vermagic string of the loader (`static const char vermagic[]`): release, then words.
 * null when it is not in the region: CONFIG_MODULES is off, or it lies elsewhere.
 */
export function findVermagic(region: Region, release: string): string | null {
	for (const at of occurrences(region, `\0${release} `)) {
		const end = region.bytes.indexOf(0, at + 1);
		if (end < 0 || end - at > 512) continue;
		const text = latin1(region.bytes, at + 1, end);
		if (/^[\x21-\x7e]+ (?:[\w.-]+ )*[\w.-]*$/.test(text)) return text;
	}
	return null;
}

/** Note of the vDSO (arch/*\/vdso/note.S): owner "Linux", type 0, LINUX_VERSION_CODE. */
const VERSION_NOTE = "\x06\0\0\0\x04\0\0\0\0\0\0\0Linux\0\0\0";
const VERSION_NOTE_BIG = "\0\0\0\x06\0\0\0\x04\0\0\0\0Linux\0\0\0";

/** LINUX_VERSION_CODE out of the vDSO that every kernel carries; null when there is none in the region. */
export function findVersionCode(region: Region, little: boolean): number | null {
	const note = little ? VERSION_NOTE : VERSION_NOTE_BIG;
	for (const at of occurrences(region, note)) {
		if (at + note.length + 4 > region.bytes.length) continue;
		const code = new Fields(region.bytes, little).u32(at + note.length);
		if (code >>> 16 >= 2 && code >>> 16 < 64) return code;
	}
	return null;
}

function line(bytes: Uint8Array, start: number, longest: number): string | null {
	for (let end = start; end < Math.min(bytes.length, start + longest); end++) {
		const byte = bytes[end] as number;
		if (byte === 0 || byte === 10) return latin1(bytes, start, end);
	}
	return null;
}
