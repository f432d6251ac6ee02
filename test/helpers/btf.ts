import { ascii, joined, words } from "./elf.ts";

export interface BtfSpec {
	kind: number;
	name?: string;
	/** Size in bytes or id of a type. */
	value?: number;
	flag?: boolean;
	/** Members: name, type, offset word; parameters: name, type. */
	entries?: (readonly [name: string, type: number, offset?: number])[];
	/** Words behind the head: INT, ARRAY, VAR, DECL_TAG. */
	trailer?: number[];
}

/** Bytes of BTF with these types, ids from `first`; strings go on at `firstString` when it stands on a base. */
export function composeBtf(types: BtfSpec[], { little = true, firstString = 0 } = {}): Uint8Array {
	const offsets = new Map<string, number>([["", 0]]);
	let strings = firstString === 0 ? "\0" : "";
	const string = (text: string) => {
		const known = offsets.get(text);
		if (known !== undefined) return known;
		const at = firstString + strings.length;
		offsets.set(text, at);
		strings += `${text}\0`;
		return at;
	};
	const body = joined(
		types.map(({ kind, name = "", value = 0, flag = false, entries = [], trailer = [] }) =>
			words(
				little,
				[4, string(name)],
				[4, ((flag ? 0x80000000 : 0) | (kind << 24) | entries.length) >>> 0],
				[4, value],
				...trailer.map((word) => [4, word] as const),
				...entries.flatMap(([member, type, offset]) => [
					[4, string(member)] as const,
					[4, type] as const,
					...(offset === undefined ? [] : [[4, offset] as const]),
				]),
			),
		),
	);
	const header = words(
		little,
		[2, 0xeb9f],
		[1, 1],
		[1, 0],
		[4, 24],
		[4, 0],
		[4, body.length],
		[4, body.length],
		[4, strings.length],
	);
	return joined([header, body, ascii(strings)]);
}
