import { FormatError } from "../error.ts";
import { BTF_KIND, type Btf, type BtfType } from "./btf.ts";

export interface LayoutMember {
	/** Name, those of anonymous structs and unions around it left out as in C. */
	name: string;
	/** From the beginning of the outermost struct. */
	bitOffset: number;
	/** 0 unless it is a bit field. */
	bitSize: number;
	/** As in C: "struct list_head", "const char *", "u8 [16]", "int (*)(struct module *)". */
	type: string;
}

export interface StructLayout {
	name: string;
	/** In bytes. */
	size: number;
	/** In order of declaration; members of anonymous structs and unions stand in their place. */
	members: LayoutMember[];
}

/** Beyond any struct of a kernel: hostile types could nest, or name each other, without end. */
const MOST_STEPS = 50_000;
const MOST_WORDS = 200;
const DEEPEST = 32;

/** Counts down; what is left decides whether to go on. */
interface Budget {
	left: number;
}

/** Layout of the struct (or union) of that name; null when the kernel has none. Throws FormatError "bad-btf". */
export function structLayout(btf: Btf, name: string): StructLayout | null {
	const type = btf.find(BTF_KIND.STRUCT, name) ?? btf.find(BTF_KIND.UNION, name);
	return type === null ? null : layoutOf(btf, type);
}

/** Layout of a STRUCT or UNION type; without `types` their texts are left empty, which is three times as fast. Throws FormatError "bad-btf". */
export function layoutOf(btf: Btf, type: BtfType, types = true): StructLayout {
	const members: LayoutMember[] = [];
	flatten(btf, type, 0, members, { depth: 0, budget: { left: MOST_STEPS }, types });
	return { name: type.name, size: type.sizeOrType, members };
}

/** The C text of a type, without the name of what has it. Cut with "..." where it nests deeper than C code does. */
export function typeText(btf: Btf, id: number): string {
	return text(btf, id, 0, { left: MOST_WORDS });
}

function text(btf: Btf, id: number, depth: number, budget: Budget): string {
	if (depth > DEEPEST || budget.left-- <= 0) return "...";
	const type = btf.type(id);
	const inner = () => text(btf, type.sizeOrType, depth + 1, budget);
	switch (type.kind) {
		case BTF_KIND.PTR: {
			const target = btf.type(type.sizeOrType);
			return target.kind === BTF_KIND.FUNC_PROTO ? functionText(btf, target, depth, budget) : `${inner()} *`;
		}
		case BTF_KIND.ARRAY: {
			const { type: element, count } = btf.array(type);
			return `${text(btf, element, depth + 1, budget)} [${count}]`;
		}
		case BTF_KIND.STRUCT:
			return `struct ${type.name || "{...}"}`;
		case BTF_KIND.UNION:
			return `union ${type.name || "{...}"}`;
		case BTF_KIND.ENUM:
		case BTF_KIND.ENUM64:
			return `enum ${type.name || "{...}"}`;
		case BTF_KIND.FWD:
			return `${type.flag ? "union" : "struct"} ${type.name}`;
		case BTF_KIND.VOLATILE:
			return `volatile ${inner()}`;
		case BTF_KIND.CONST:
			return `const ${inner()}`;
		case BTF_KIND.RESTRICT:
		case BTF_KIND.TYPE_TAG:
			return inner();
		case BTF_KIND.FUNC_PROTO:
			return functionText(btf, type, depth, budget);
		default:
			return type.name;
	}
}

function functionText(btf: Btf, type: BtfType, depth: number, budget: Budget): string {
	const result = text(btf, type.sizeOrType, depth + 1, budget);
	const parameters: string[] = [];
	for (const id of btf.parameters(type)) {
		parameters.push(id === 0 ? "..." : text(btf, id, depth + 1, budget));
		if (budget.left <= 0) break;
	}
	return `${result} (*)(${parameters.join(", ")})`;
}

function flatten(
	btf: Btf,
	type: BtfType,
	start: number,
	members: LayoutMember[],
	{ depth, budget, types }: { depth: number; budget: Budget; types: boolean },
): void {
	if (depth > DEEPEST) throw new FormatError("bad-btf", `${type.name || "a struct"} nests without end`);
	for (const { name, type: id, bitOffset, bitSize } of btf.members(type)) {
		if (budget.left-- <= 0) throw new FormatError("bad-btf", "a struct with too many members");
		const inner = btf.type(id);
		const nested = inner.kind === BTF_KIND.STRUCT || inner.kind === BTF_KIND.UNION;
		if (name === "" && nested)
			flatten(btf, inner, start + bitOffset, members, { depth: depth + 1, budget, types });
		else members.push({ name, bitOffset: start + bitOffset, bitSize, type: types ? typeText(btf, id) : "" });
	}
}
