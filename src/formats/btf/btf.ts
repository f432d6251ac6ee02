import { Fields } from "../bytes.ts";
import { FormatError } from "../error.ts";

/** Kinds of BTF types (include/uapi/linux/btf.h, 7.2). */
export const BTF_KIND = {
	VOID: 0,
	INT: 1,
	PTR: 2,
	ARRAY: 3,
	STRUCT: 4,
	UNION: 5,
	ENUM: 6,
	FWD: 7,
	TYPEDEF: 8,
	VOLATILE: 9,
	CONST: 10,
	RESTRICT: 11,
	FUNC: 12,
	FUNC_PROTO: 13,
	VAR: 14,
	DATASEC: 15,
	FLOAT: 16,
	DECL_TAG: 17,
	TYPE_TAG: 18,
	ENUM64: 19,
} as const;

/** Bytes behind the 12 bytes of struct btf_type: fixed, and for each of `vlen` entries; by kind. */
const TRAILERS: readonly (readonly [fixed: number, each: number])[] = [
	[0, 0],
	[4, 0],
	[0, 0],
	[12, 0],
	[0, 12],
	[0, 12],
	[0, 8],
	[0, 0],
	[0, 0],
	[0, 0],
	[0, 0],
	[0, 0],
	[0, 0],
	[0, 8],
	[4, 0],
	[0, 12],
	[0, 0],
	[4, 0],
	[0, 0],
	[0, 12],
];

export interface BtfType {
	id: number;
	kind: number;
	name: string;
	/** Number of members, parameters or values. */
	length: number;
	/** Members hold a bit size beside their offset; for FWD: a union. */
	flag: boolean;
	/** Size in bytes (INT, STRUCT, UNION, ENUM, FLOAT, DATASEC) or id of a type (the others). */
	sizeOrType: number;
	/** Offset in the type section of what follows the type's head. */
	trailer: number;
}

export interface BtfMember {
	name: string;
	type: number;
	/** From the beginning of the struct. */
	bitOffset: number;
	/** 0 unless it is a bit field. */
	bitSize: number;
}

/**
 * The types of a kernel (.BTF of vmlinux, /sys/kernel/btf/vmlinux) or of a module, whose ids and strings go on where
 * those of `base` end. Types are decoded when they are asked for. Throws FormatError.
 */
export class Btf {
	/** One more than the highest id; id 0 is void. */
	readonly count: number;
	readonly base: Btf | null;
	readonly #types: Fields;
	readonly #strings: Fields;
	readonly #first: number;
	readonly #firstString: number;
	readonly #offsets: number[];

	constructor(bytes: Uint8Array, base: Btf | null = null) {
		const little = bytes[0] === 0x9f;
		const header = new Fields(bytes, little);
		if (header.u16(0) !== 0xeb9f || header.u8(2) !== 1)
			throw new FormatError("not-btf", "no BTF of a known version");
		const start = header.u32(4);
		const section = (at: number) =>
			new Fields(header.slice(start + header.u32(at), header.u32(at + 4)), little, start);
		this.base = base;
		this.#types = section(8);
		this.#strings = section(16);
		this.#first = base?.count ?? 1;
		this.#firstString = base?.stringEnd ?? 0;
		this.#offsets = typeOffsets(this.#types);
		this.count = this.#first + this.#offsets.length;
	}

	/** One more than the highest offset of a string. */
	get stringEnd(): number {
		return this.#firstString + this.#strings.length;
	}

	/** Throws FormatError "bad-btf" for an id that is not there. */
	type(id: number): BtfType {
		if (id === 0) return { id, kind: 0, name: "void", length: 0, flag: false, sizeOrType: 0, trailer: 0 };
		if (id < this.#first && this.base !== null) return this.base.type(id);
		const at = this.#offsets[id - this.#first];
		if (at === undefined) throw new FormatError("bad-btf", `no type ${id} of ${this.count}`);
		const info = this.#types.u32(at + 4);
		return {
			id,
			kind: (info >>> 24) & 0x1f,
			name: this.string(this.#types.u32(at)),
			length: info & 0xffff,
			flag: info >>> 31 === 1,
			sizeOrType: this.#types.u32(at + 8),
			trailer: at + 12,
		};
	}

	/** The string at that offset of the string section, a base's strings first. */
	string(offset: number): string {
		if (offset < this.#firstString && this.base !== null) return this.base.string(offset);
		return this.#strings.cstring(offset - this.#firstString);
	}

	/** Members of a struct or union, in order; empty for other kinds. */
	members(type: BtfType): BtfMember[] {
		if (type.kind !== BTF_KIND.STRUCT && type.kind !== BTF_KIND.UNION) return [];
		const fields = this.#home(type);
		return places(type, 12).map((at) => {
			const offset = fields.u32(at + 8);
			return {
				name: this.string(fields.u32(at)),
				type: fields.u32(at + 4),
				bitOffset: type.flag ? offset & 0xffffff : offset,
				bitSize: type.flag ? offset >>> 24 : 0,
			};
		});
	}

	/** Ids of the parameters' types of a FUNC_PROTO; 0 last for "...". */
	parameters(type: BtfType): number[] {
		if (type.kind !== BTF_KIND.FUNC_PROTO) return [];
		const fields = this.#home(type);
		return places(type, 8).map((at) => fields.u32(at + 4));
	}

	/** Element type and count of an ARRAY. */
	array(type: BtfType): { type: number; count: number } {
		const fields = this.#home(type);
		return { type: fields.u32(type.trailer), count: fields.u32(type.trailer + 8) };
	}

	/** The first type of that kind and name; null when there is none. Own types come before those of the base. */
	find(kind: number, name: string): BtfType | null {
		for (let index = 0; index < this.#offsets.length; index++) {
			const at = this.#offsets[index] as number;
			if (((this.#types.u32(at + 4) >>> 24) & 0x1f) !== kind) continue;
			const type = this.type(this.#first + index);
			if (type.name === name) return type;
		}
		return this.base?.find(kind, name) ?? null;
	}

	/** The type section that a type was read from. */
	#home(type: BtfType): Fields {
		return type.id < this.#first && this.base !== null ? this.base.#home(type) : this.#types;
	}
}

function places(type: BtfType, each: number): number[] {
	return Array.from({ length: type.length }, (_, index) => type.trailer + index * each);
}

function typeOffsets(types: Fields): number[] {
	const offsets: number[] = [];
	for (let at = 0; at < types.length; ) {
		const info = types.u32(at + 4);
		const trailer = TRAILERS[(info >>> 24) & 0x1f];
		if (trailer === undefined)
			throw new FormatError("bad-btf", `a type of unknown kind ${(info >>> 24) & 0x1f}`, types.base + at);
		offsets.push(at);
		at += 12 + trailer[0] + (info & 0xffff) * trailer[1];
		if (at > types.length) throw new FormatError("truncated", "a BTF type is cut", types.base + at);
	}
	return offsets;
}
