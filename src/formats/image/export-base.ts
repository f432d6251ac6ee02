import { find } from "../bytes.ts";

/** Symbols that every kernel with modules exports: their names give away where the image is linked to run. */
const WELL_KNOWN = ["kfree", "jiffies", "memcpy", "strlen", "msleep", "memset", "strcmp", "schedule"];
const MOST_PLACES = 24;
/** The link address of an image is a multiple of this on every architecture (TEXT_OFFSET of arm is 0x8000). */
const ALIGNMENT = 0x1000;

/**
 * Addresses (modulo 2^32) at which a raw image with absolute export entries may be linked: those from which at least
 * half of the well-known names are pointed to by some word of the image. The most voted first, three at most.
 */
export function absoluteBases(bytes: Uint8Array, little: boolean, width: 4 | 8): number[] {
	const places = new Map<number, { name: number; place: number }[]>();
	let names = 0;
	WELL_KNOWN.forEach((text, name) => {
		const found = placesOf(bytes, text);
		if (found.length > 0) names++;
		for (const place of found) {
			const key = place % ALIGNMENT;
			places.set(key, [...(places.get(key) ?? []), { name, place }]);
		}
	});
	if (names < WELL_KNOWN.length / 2) return [];
	const votes = new Map<number, Set<number>>();
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const low = width === 8 && !little ? 4 : 0;
	for (let at = 0; at + width <= bytes.length; at += width) {
		const word = view.getUint32(at + low, little);
		const candidates = places.get(word % ALIGNMENT);
		if (candidates === undefined || word === 0) continue;
		for (const { name, place } of candidates) {
			const base = (word - place) >>> 0;
			const voters = votes.get(base);
			if (voters === undefined) votes.set(base, new Set([name]));
			else voters.add(name);
		}
	}
	return [...votes]
		.filter(([, voters]) => voters.size >= names / 2)
		.sort(([, a], [, b]) => b.size - a.size)
		.slice(0, 3)
		.map(([base]) => base);
}

/** Where a name may stand: by itself, then as the end of another, since the linker merges strings that way. */
function placesOf(bytes: Uint8Array, text: string): number[] {
	const found = new Set<number>();
	for (const [needle, skip] of [
		[`\0${text}\0`, 1],
		[`${text}\0`, 0],
	] as const) {
		for (let at = find(bytes, needle); at >= 0; at = find(bytes, needle, at + 1)) {
			if (found.size === MOST_PLACES) return [...found];
			found.add(at + skip);
		}
	}
	return [...found];
}
