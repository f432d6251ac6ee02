import { BTF_KIND, type Btf } from "../../formats/btf/btf.ts";
import type { KernelBtf, KernelType } from "./knowledge.ts";

const { CONST, RESTRICT, VOLATILE, TYPEDEF, TYPE_TAG, ARRAY, STRUCT, UNION, INT, FLOAT, ENUM, ENUM64, FWD } =
	BTF_KIND;
const REFERENCES = new Set<number>([CONST, RESTRICT, VOLATILE, TYPEDEF, TYPE_TAG]);
const SIZED = new Set<number>([INT, FLOAT, ENUM, ENUM64]);
const DISTILLED = new Set<number>([INT, FLOAT, ENUM, STRUCT, UNION, FWD]);
const DEEPEST = 100;

/**
 * Whether each type of a module's .BTF.base finds its one counterpart in the image's BTF: what btf_relocate() asks
 * (tools/lib/bpf/btf_relocate.c, 6.11 to 7.2). `split` is the module's .BTF on top of `base`. null: it does; else the
 * line that the kernel logs ("..." where it prints numbers that are not known here).
 */
export function relocationFault(base: Btf, split: Btf, kernel: KernelBtf): string | null {
	const embedded = embeddedTypes(base, split);
	for (let id = 1; id < base.count; id++) {
		const { kind, name, flag, sizeOrType } = base.type(id);
		if (!DISTILLED.has(kind)) return `type [${id}] in distilled based BTF has unexpected kind [${kind}]`;
		if (name === "") return `type [${id}], kind [${kind}] is invalid for distilled base BTF; it is anonymous`;
		const wanted: KernelType = { kind, flag, size: kind === FWD ? 0 : sizeOrType };
		const found = kernel.named(name).filter((type, _, all) => fits(wanted, type, all, embedded.has(id)));
		if (found.length === 0) return `distilled base BTF type '${name}' [${id}] is not mapped to base BTF id`;
		if (found.length > 1)
			return `distilled base BTF type '${name}' [${id}], size ${found[1]?.size} has multiple candidates of the same size (ids ...) in base BTF`;
	}
	return null;
}

function fits(wanted: KernelType, type: KernelType, all: KernelType[], embedded: boolean): boolean {
	const composite = (kind: number) => kind === STRUCT || kind === UNION;
	const ambiguous = composite(type.kind) && all.filter(({ kind }) => composite(kind)).length > 1;
	if ((SIZED.has(type.kind) || ambiguous) && type.size !== wanted.size) return false;
	switch (wanted.kind) {
		case FWD:
			if (type.kind === FWD) return type.flag === wanted.flag;
			return (type.kind === STRUCT && !type.flag) || (type.kind === UNION && type.flag);
		case INT:
		case FLOAT:
			return type.kind === wanted.kind;
		case ENUM:
			return type.kind === ENUM || type.kind === ENUM64;
		default:
			return !embedded || type.size === wanted.size;
	}
}

/** Structures of the base that lie inside one of the module's own, so that their size counts. */
function embeddedTypes(base: Btf, split: Btf): Set<number> {
	const embedded = new Set<number>();
	for (let id = base.count; id < split.count; id++) {
		for (const member of split.members(split.type(id))) {
			let next = member.type;
			for (let steps = 0; next !== 0 && steps < DEEPEST; steps++) {
				const type = split.type(next);
				if (REFERENCES.has(type.kind)) next = type.sizeOrType;
				else if (type.kind === ARRAY) next = split.array(type).type;
				else {
					if ((type.kind === STRUCT || type.kind === UNION) && next < base.count) embedded.add(next);
					break;
				}
			}
		}
	}
	return embedded;
}
