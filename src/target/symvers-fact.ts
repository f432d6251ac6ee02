import { once } from "./file-fact.ts";
import type { FileFact, SymversFact } from "./target.ts";

/** A Module.symvers file as a fact; counts and the layout CRC come from one scan of its bytes, without parsing it. */
export function symversFact(file: FileFact | null): SymversFact | null {
	if (file === null) return null;
	const scan = once(async () => scanSymvers(await file.read()));
	return {
		...file,
		counts: async () => {
			const { exports, crcs } = await scan();
			return { exports, crcs };
		},
		layoutCrc: async () => (await scan()).layoutCrc,
	};
}

const NEWLINE = 10;
const LAYOUT = "\tmodule_layout\t";
const NO_CRC = "0x00000000";
const NO_CRC_BYTES = Buffer.from(NO_CRC);

/** Lines, lines whose first field is a CRC other than zero, and that of module_layout, in a Module.symvers of any era. */
export function scanSymvers(bytes: Uint8Array): { exports: number; crcs: number; layoutCrc: string | null } {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let exports = 0;
	let crcs = 0;
	for (let start = 0; start < text.length; ) {
		const found = text.indexOf(NEWLINE, start);
		const end = found === -1 ? text.length : found;
		if (end > start) {
			exports++;
			if (!isNoCrc(text, start)) crcs++;
		}
		start = end + 1;
	}
	const at = text.indexOf(LAYOUT);
	const crc = at < NO_CRC.length ? "" : text.toString("latin1", at - NO_CRC.length, at).toLowerCase();
	return { exports, crcs, layoutCrc: /^0x[0-9a-f]{8}$/.test(crc) && crc !== NO_CRC ? crc : null };
}

function isNoCrc(text: Buffer, start: number): boolean {
	const end = start + NO_CRC.length;
	return text.length >= end && text.compare(NO_CRC_BYTES, 0, NO_CRC.length, start, end) === 0;
}
