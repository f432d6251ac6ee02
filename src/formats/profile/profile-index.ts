import { FormatError } from "../error.ts";

/** The JSON in front of a profile's parts. */
export interface ProfileIndex {
	/** Facts that are plain values, by their names in TargetFacts. */
	facts: Partial<Record<FactName, string | number>>;
	/** The bootable image that the facts are about; it is not in the profile itself. */
	image: { sha256: string; bytes: number } | null;
	parts: { name: PartName; size: number; packed: number; sha256: string }[];
}

type FactName = keyof typeof FACTS;
type PartName = keyof typeof PARTS;

const MEGABYTE = 1024 * 1024;
const HASH = /^[0-9a-f]{64}$/;
/** Printable ASCII: nothing that a terminal or a header file would take for more than text. */
const TEXT = /^[\x20-\x7e]{1,512}$/;

/** What each fact may look like. What a header file is made of must be harmless in it. */
const FACTS = {
	release: /^\d[\w.+~:@,%-]{0,63}$/,
	version: /^\d{1,3}\.\d{1,3}(?:\.\d{1,6})?$/,
	arch: /^[a-z][a-z0-9]{0,15}$/,
	vermagic: TEXT,
	compiler: TEXT,
	packageVersion: /^\d[\w.+:~-]{0,99}$/,
	randstructHash: HASH,
	moduleLayoutCrc: /^0x[0-9a-f]{8}$/,
	signatureCheck: /^(?:not )?checked$/,
	retpoline: /^(?:yes|no)$/,
	moduleSignature: TEXT,
	enforcement: /^(?:none|signature|lockdown)$/,
	blacklist: /^[\w.,-]{1,4096}$/,
	structModuleSize: (value: number) => Number.isInteger(value) && value > 0 && value <= 65536,
} as const;

/** The parts there are, and the most that each may unpack to, in bytes. Names are looked up here, never used as paths. */
const PARTS = {
	config: 8 * MEGABYTE,
	symvers: 64 * MEGABYTE,
	makefile: 4 * MEGABYTE,
	btf: 64 * MEGABYTE,
	randstructSeed: 4096,
	loader: 8 * MEGABYTE,
} as const;

/** Checks parsed JSON field by field; throws FormatError bad-index, bad-fact, bad-part or too-large. */
export function checkIndex(json: unknown): ProfileIndex {
	const index = record(json, "the index");
	const facts = record(index.facts, "facts");
	for (const [name, value] of Object.entries(facts)) checkFact(name, value);
	if (facts.release === undefined) throw new FormatError("bad-fact", "no release");
	const { vermagic, release } = facts as { vermagic?: string; release: string };
	if (vermagic !== undefined && !vermagic.startsWith(`${release} `))
		throw new FormatError("bad-fact", "the vermagic is of another release");
	return {
		facts: facts as ProfileIndex["facts"],
		image: index.image == null ? null : checkImage(record(index.image, "image")),
		parts: checkParts(index.parts),
	};
}

function checkFact(name: string, value: unknown): void {
	const rule = Object.hasOwn(FACTS, name) ? FACTS[name as FactName] : undefined;
	const good =
		rule instanceof RegExp ? typeof value === "string" && rule.test(value) : rule?.(value as number) === true;
	if (!good)
		throw new FormatError("bad-fact", `${JSON.stringify(name.slice(0, 40))} is not what it should be`);
}

function checkImage({ sha256, bytes }: Record<string, unknown>): ProfileIndex["image"] {
	if (typeof sha256 !== "string" || !HASH.test(sha256) || !isCount(bytes))
		throw new FormatError("bad-index", "image is not a digest");
	return { sha256, bytes };
}

function checkParts(json: unknown): ProfileIndex["parts"] {
	if (!Array.isArray(json) || json.length > Object.keys(PARTS).length)
		throw new FormatError("bad-index", "parts is not a short list");
	const seen = new Set<string>();
	return json.map((entry) => {
		const { name, size, packed, sha256 } = record(entry, "a part");
		if (typeof name !== "string" || !Object.hasOwn(PARTS, name) || seen.has(name))
			throw new FormatError("bad-part", `no part may be called ${JSON.stringify(name)?.slice(0, 40)}`);
		seen.add(name);
		if (!isCount(size) || !isCount(packed) || typeof sha256 !== "string" || !HASH.test(sha256))
			throw new FormatError("bad-part", `${name} has no proper sizes and checksum`);
		if (size > PARTS[name as PartName]) throw new FormatError("too-large", `${name} of ${size} bytes`);
		return { name: name as PartName, size, packed, sha256 };
	});
}

function record(json: unknown, what: string): Record<string, unknown> {
	if (typeof json !== "object" || json === null || Array.isArray(json))
		throw new FormatError("bad-index", `${what} is not an object`);
	return json as Record<string, unknown>;
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}
