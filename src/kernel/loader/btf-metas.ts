import { Fields } from "../../formats/bytes.ts";
import { FormatError } from "../../formats/error.ts";
import type { KernelBtf } from "./knowledge.ts";

/** What the kernel says to a module's BTF: null when it takes it; `fault` names what it stumbles over. */
export type BtfAnswer = { errno: "EINVAL" | "ENOTSUPP" | "ELOOP"; fault: string } | null;

/** Faults of the header and its sections, which the verifier logs as they stand; those of types are in several lines. */
const SPOKEN = new Set([
	"Invalid magic",
	"Unsupported version",
	"Unsupported flags",
	"btf_header not found",
	"String section is not at the end",
	"Unsupported section found",
	"Invalid string section",
	"Max chain length or cycle detected",
]);

/** The verifier's own line for a fault, before the loader's (kernel/bpf/log.c: bpf_verifier_vlog()). */
export function verifierLines(fault: string): string[] {
	return SPOKEN.has(fault) ? [`BPF: ${fault}`] : [];
}

const MAGIC = 0xeb9f;
const HEADER = 24;
const TYPE = 12;
const MOST_OFFSET = 0xffffff;
const KSYM_NAME_LEN = 512;
const KIND = {
	INT: 1,
	ARRAY: 3,
	STRUCT: 4,
	UNION: 5,
	ENUM: 6,
	FWD: 7,
	TYPEDEF: 8,
	FUNC: 12,
	FUNC_PROTO: 13,
} as const;
const LATER_KIND = { VAR: 14, DATASEC: 15, FLOAT: 16, DECL_TAG: 17, TYPE_TAG: 18, ENUM64: 19 } as const;
/** Pointer, volatile, const, restrict, typedef and type tags: types that only refer to another. */
const MODIFIERS = new Set([9, 10, 11, LATER_KIND.TYPE_TAG as number]);

/**
 * Walks the checks of btf_parse_module() (kernel/bpf/btf.c, 5.11 to 7.2) over a module's split BTF: header, string
 * section, btf_check_all_metas(). `mostKind` is the last BTF kind that the kernel knows. Types are not resolved: the
 * kernel does not do so for modules either. Names that lie in the image's strings are looked up in `base`.
 */
export function checkModuleBtf(
	bytes: Uint8Array,
	little: boolean,
	base: KernelBtf,
	mostKind: number,
): BtfAnswer {
	try {
		return new Metas(bytes, little, base, mostKind).check();
	} catch (error) {
		// Running over the end of the section is what the kernel's own meta_left checks catch.
		if (error instanceof FormatError) return invalid("meta_left");
		throw error;
	}
}

function invalid(fault: string): BtfAnswer {
	return { errno: "EINVAL", fault };
}

class Metas {
	readonly #fields: Fields;
	readonly #base: KernelBtf;
	readonly #mostKind: number;
	#strings = 0;
	#stringsLength = 0;
	#types: { kind: number; target: number }[] = [];

	constructor(bytes: Uint8Array, little: boolean, base: KernelBtf, mostKind: number) {
		this.#fields = new Fields(bytes, little);
		this.#base = base;
		this.#mostKind = mostKind;
	}

	check(): BtfAnswer {
		const fields = this.#fields;
		if (fields.u16(0) !== MAGIC) return invalid("Invalid magic");
		if (fields.u8(2) !== 1) return { errno: "ENOTSUPP", fault: "Unsupported version" };
		if (fields.u8(3) !== 0) return { errno: "ENOTSUPP", fault: "Unsupported flags" };
		const headerLength = fields.u32(4);
		if (headerLength < HEADER) return invalid("btf_header not found");
		const [typesAt, typesLength] = [headerLength + fields.u32(8), fields.u32(12)];
		this.#strings = headerLength + fields.u32(16);
		this.#stringsLength = fields.u32(20);
		if (this.#strings + this.#stringsLength !== fields.length)
			return invalid("String section is not at the end");
		if (typesAt !== headerLength || typesAt + typesLength !== this.#strings)
			return invalid("Unsupported section found");
		if (this.#stringsLength > 0 && fields.u8(fields.length - 1) !== 0)
			return invalid("Invalid string section");
		const end = typesAt + typesLength;
		for (let at = typesAt; at < end; ) {
			const size = this.#type(at, end);
			if (typeof size !== "number") return size;
			at += TYPE + size;
		}
		return this.#chains();
	}

	/** Bytes behind the common part of the type at `at`, or the fault. */
	#type(at: number, end: number): number | BtfAnswer {
		const fields = this.#fields;
		const [nameAt, info, size] = [fields.u32(at), fields.u32(at + 4), fields.u32(at + 8)];
		const [kind, count, flag] = [(info >>> 24) & 0x1f, info & 0xffff, info >>> 31 === 1];
		if (kind === 0 || kind > this.#mostKind) return invalid(`Invalid kind:${kind}`);
		if (!this.#inside(nameAt)) return invalid(`Invalid name_offset:${nameAt}`);
		this.#types.push({ kind, target: size });
		const rest = at + TYPE;
		const length = lengthOf(kind, count);
		if (rest + length > end) return invalid("meta_left");
		const fault = this.#kindFault({ kind, count, flag, nameAt, size, rest });
		return fault === null ? length : invalid(fault);
	}

	#kindFault(type: TypeHead): string | null {
		const { kind, count, flag, nameAt, size, rest } = type;
		const named = nameAt !== 0;
		const identifier = named && this.#identifier(nameAt);
		switch (kind) {
			case KIND.INT:
				return count || flag ? "vlen != 0" : this.#intFault(rest, size);
			case KIND.ARRAY:
				if (named) return "Invalid name";
				if (count || flag || size) return "size != 0";
				return this.#ids([rest, rest + 4]);
			case KIND.STRUCT:
			case KIND.UNION:
				return named && !identifier ? "Invalid name" : this.#members(type);
			case KIND.ENUM:
			case LATER_KIND.ENUM64:
				return named && !identifier ? "Invalid name" : this.#enumerators(type);
			case KIND.FWD:
				return count || size || !identifier ? "Invalid name" : null;
			case KIND.FUNC:
				return !identifier || count > 2 || flag ? "Invalid name" : null;
			case KIND.FUNC_PROTO:
				return named || flag ? "Invalid name" : null;
			case LATER_KIND.VAR:
				if (count || flag || !identifier) return "Invalid name";
				return size === 0 || size > MOST_OFFSET ? "Invalid type_id" : null;
			case LATER_KIND.DATASEC:
				return size === 0 || flag || !identifier ? "Invalid name" : null;
			case LATER_KIND.FLOAT:
				return count || flag || ![2, 4, 8, 12, 16].includes(size) ? "Invalid type_size" : null;
			case LATER_KIND.DECL_TAG:
				return this.#string(nameAt) === "" || count ? "Invalid value" : null;
			case LATER_KIND.TYPE_TAG:
				return this.#string(nameAt) === "" || count ? "Invalid name" : null;
			default:
				return this.#referenceFault(type, identifier);
		}
	}

	/** btf_ref_type_check_meta(). */
	#referenceFault({ kind, count, flag, nameAt, size }: TypeHead, identifier: boolean): string | null {
		if (count || flag) return "vlen != 0";
		if (size > MOST_OFFSET) return "Invalid type_id";
		if (kind === KIND.TYPEDEF) return identifier ? null : "Invalid name";
		return nameAt === 0 ? null : "Invalid name";
	}

	#intFault(at: number, size: number): string | null {
		const word = this.#fields.u32(at);
		const bits = (word & 0xff) + ((word >>> 16) & 0xff);
		if (bits > 128) return "nr_bits exceeds 128";
		return Math.ceil(bits / 8) > size ? "nr_bits exceeds type_size" : null;
	}

	#members({ kind, count, flag, size, rest }: TypeHead): string | null {
		let last = 0;
		for (let index = 0; index < count; index++) {
			const at = rest + index * 12;
			const nameAt = this.#fields.u32(at);
			if (!this.#inside(nameAt)) return "Invalid member name_offset";
			if (nameAt !== 0 && !this.#identifier(nameAt)) return "Invalid name";
			const fault = this.#ids([at + 4]);
			if (fault !== null) return fault;
			const word = this.#fields.u32(at + 8);
			const offset = flag ? word & 0xffffff : word;
			if ((kind === KIND.UNION && offset !== 0) || last > offset) return "Invalid member bits_offset";
			if (Math.ceil(offset / 8) > size) return "Member bits_offset exceeds its struct size";
			last = offset;
		}
		return null;
	}

	#enumerators({ kind, count, size, rest }: TypeHead): string | null {
		if (![1, 2, 4, 8].includes(size)) return "Unexpected size";
		const step = kind === KIND.ENUM ? 8 : 12;
		for (let index = 0; index < count; index++) {
			const nameAt = this.#fields.u32(rest + index * step);
			if (!this.#inside(nameAt)) return "Invalid name_offset";
			if (nameAt === 0 || !this.#identifier(nameAt)) return "Invalid name";
		}
		return null;
	}

	/** Type ids that must not be void. */
	#ids(places: number[]): string | null {
		for (const at of places) {
			const id = this.#fields.u32(at);
			if (id === 0 || id > MOST_OFFSET) return "Invalid type_id";
		}
		return null;
	}

	/** btf_check_modifier_chain_length(): a chain ends at the image's types, and at types that were looked at before. */
	#chains(): BtfAnswer {
		const first = this.#base.types;
		const count = first + this.#types.length;
		for (let id = first; id < count; id++) {
			let current = id;
			for (let steps = 0; current >= id; steps++) {
				const type = this.#types[current - first];
				if (type === undefined) return invalid("a reference to a type that is not there");
				if (!MODIFIERS.has(type.kind)) break;
				if (steps >= 32) return { errno: "ELOOP", fault: "Max chain length or cycle detected" };
				current = type.target;
			}
		}
		return null;
	}

	#inside(offset: number): boolean {
		if (offset > MOST_OFFSET) return false;
		const { stringsLength } = this.#base;
		return offset < stringsLength || offset - stringsLength < this.#stringsLength;
	}

	#string(offset: number): string {
		const { stringsLength, string } = this.#base;
		if (offset < stringsLength) return string(offset);
		return this.#fields.cstring(this.#strings + offset - stringsLength);
	}

	#identifier(offset: number): boolean {
		const text = this.#string(offset);
		return text.length <= KSYM_NAME_LEN && /^[A-Za-z_.][\w.]*$/.test(text);
	}
}

interface TypeHead {
	kind: number;
	count: number;
	flag: boolean;
	nameAt: number;
	size: number;
	rest: number;
}

/** Bytes behind the 12 common ones. */
function lengthOf(kind: number, count: number): number {
	const each: Record<number, number> = { 4: 12, 5: 12, 6: 8, 13: 8, 15: 12, 19: 12 };
	const fixed: Record<number, number> = { 1: 4, 3: 12, 14: 4, 17: 4 };
	return (each[kind] ?? 0) * count + (fixed[kind] ?? 0);
}
