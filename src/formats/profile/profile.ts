import { Fields, inMemory, part as slice } from "../bytes.ts";
import { FormatError } from "../error.ts";
import { checkIndex, type ProfileIndex } from "./profile-index.ts";

/** First bytes of every profile, of any schema. */
export const PROFILE_MAGIC = "kprep-profile\n";
/** The newest layout that this kprep writes and reads; 1 had no part for the loader. */
export const PROFILE_SCHEMA = 2;

/** One file of the target inside a profile: `packed` is its raw deflate stream (RFC 1951). */
export interface PackedPart {
	name: PartName;
	/** Bytes when unpacked. */
	size: number;
	packed: Uint8Array;
}

/** What a profile holds. */
export interface Profile {
	facts: ProfileIndex["facts"];
	image: ProfileIndex["image"];
	parts: PackedPart[];
}

export type PartName = ProfileIndex["parts"][number]["name"];

/** Gives the SHA-256 of bytes as 64 hex digits. */
export type Sha256 = (bytes: Uint8Array) => string;

/** Offsets: magic, schema (u16), length of the index (u32), SHA-256 of the index; then the index, then the parts. */
const AT = { schema: 14, length: 16, digest: 20, index: 52 };
const LONGEST_INDEX = 64 * 1024;

/**
 * A profile as bytes: a header, an index in JSON, and the packed parts back to back, each with its SHA-256 in the
 * index, whose own SHA-256 is in the header. The same profile gives the same bytes.
 */
export function encodeProfile({ facts, image, parts }: Profile, sha256: Sha256): Uint8Array {
	const index: ProfileIndex = {
		facts,
		image,
		parts: parts.map(({ name, size, packed }) => ({
			name,
			size,
			packed: packed.length,
			sha256: sha256(packed),
		})),
	};
	const text = new TextEncoder().encode(JSON.stringify(index));
	const bytes = new Uint8Array(
		AT.index + text.length + parts.reduce((sum, { packed }) => sum + packed.length, 0),
	);
	const view = new DataView(bytes.buffer);
	bytes.set(new TextEncoder().encode(PROFILE_MAGIC));
	view.setUint16(AT.schema, PROFILE_SCHEMA, true);
	view.setUint32(AT.length, text.length, true);
	bytes.set(fromHex(sha256(text)), AT.digest);
	bytes.set(text, AT.index);
	let at = AT.index + text.length;
	for (const { packed } of parts) {
		bytes.set(packed, at);
		at += packed.length;
	}
	return bytes;
}

/**
 * Reads a profile and checks all of it but the content of the parts: nothing is unpacked. Throws FormatError:
 * not-a-profile, newer-schema, truncated, trailing, too-large, bad-checksum, bad-index, bad-fact, bad-part.
 */
export function decodeProfile(bytes: Uint8Array, sha256: Sha256): Profile {
	const fields = new Fields(bytes);
	const magic = new TextEncoder().encode(PROFILE_MAGIC);
	if (!magic.every((byte, at) => bytes[at] === byte))
		throw new FormatError("not-a-profile", "no profile at all");
	const schema = fields.u16(AT.schema);
	if (schema > PROFILE_SCHEMA || schema === 0)
		throw new FormatError(
			"newer-schema",
			`schema ${schema}, and this kprep reads up to ${PROFILE_SCHEMA}`,
			AT.schema,
		);
	const length = fields.u32(AT.length);
	if (length > LONGEST_INDEX) throw new FormatError("too-large", `an index of ${length} bytes`, AT.length);
	const text = fields.slice(AT.index, length);
	if (toHex(fields.slice(AT.digest, 32)) !== sha256(text))
		throw new FormatError("bad-checksum", "the index does not have its checksum", AT.index);
	const { facts, image, parts } = checkIndex(parseJson(text));
	const source = inMemory(bytes);
	let at = AT.index + length;
	const found = parts.map((entry): PackedPart => {
		const packed = slice(source, at, entry.packed);
		if (sha256(packed) !== entry.sha256)
			throw new FormatError("bad-checksum", `${entry.name} does not have its checksum`, at);
		at += entry.packed;
		return { name: entry.name, size: entry.size, packed };
	});
	if (at !== bytes.length) throw new FormatError("trailing", `${bytes.length - at} bytes too many`, at);
	return { facts, image, parts: found };
}

function parseJson(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
	} catch {
		throw new FormatError("bad-index", "the index is not JSON", AT.index);
	}
}

function toHex(bytes: Uint8Array): string {
	return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text: string): Uint8Array {
	return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
