import type { FileFact, SymversFact } from "../target.ts";
import { once } from "./file-fact.ts";

/** A Module.symvers file as a fact; counts and the layout CRC are searched for in its bytes, without parsing it. */
export function symversFact(file: FileFact | null): SymversFact | null {
	if (file === null) return null;
	const bytes = async () => {
		const content = await file.read();
		return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
	};
	const scan = once(async () => scanSymvers(await bytes()));
	const layout = once(async () => findLayoutCrc(await bytes()));
	return {
		...file,
		counts: async () => {
			const { exports, crcs } = await scan();
			return { exports, crcs };
		},
		layoutCrc: layout,
	};
}

const NEWLINE = 10;
const LAYOUT = "\tmodule_layout\t";
const NO_CRC = "0x00000000";

/** Lines, lines whose first field is a CRC other than zero, and that of module_layout, in a Module.symvers of any era. */
export function scanSymvers(bytes: Uint8Array): { exports: number; crcs: number; layoutCrc: string | null } {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const exports = countLines(text);
	const layoutCrc = findLayoutCrc(text);
	return { exports, crcs: exports === 0 ? 0 : exports - linesWithoutCrc(text), layoutCrc };
}

/** "0x" and 8 hex digits of module_layout; null when it has none or zero. */
function findLayoutCrc(text: Buffer): string | null {
	const at = text.indexOf(LAYOUT);
	const crc = at < NO_CRC.length ? "" : text.toString("latin1", at - NO_CRC.length, at).toLowerCase();
	return /^0x[0-9a-f]{8}$/.test(crc) && crc !== NO_CRC ? crc : null;
}

/** Lines that are not empty. */
function countLines(text: Buffer): number {
	let count = 0;
	for (let start = 0; start < text.length; ) {
		const found = text.indexOf(NEWLINE, start);
		const end = found === -1 ? text.length : found;
		if (end > start) count++;
		start = end + 1;
	}
	return count;
}

/** Zero CRCs are rare where there are CRCs at all, so they are searched for rather than looked at line by line. */
function linesWithoutCrc(text: Buffer): number {
	let count = 0;
	for (let at = text.indexOf(NO_CRC); at !== -1; at = text.indexOf(NO_CRC, at + NO_CRC.length)) {
		if (at === 0 || text[at - 1] === NEWLINE) count++;
	}
	return count;
}
