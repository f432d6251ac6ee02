import { BTF_KIND, type Btf } from "../../formats/btf/btf.ts";

/**
 * Structures of the kernel ("struct page") whose inside a module knows: those that its own BTF (on top of `kernel`)
 * names as the type of a member, variable, parameter or result, pointers and typedefs followed. Throws FormatError.
 */
export function usedStructs(module: Btf, kernel: Btf): Set<string> {
	const names = new Set<string>();
	for (let id = kernel.count; id < module.count; id++) {
		const type = module.type(id);
		const named = [
			...module.members(type).map((member) => member.type),
			...module.parameters(type),
			...(REFERS.has(type.kind) ? [type.sizeOrType] : []),
			...(type.kind === BTF_KIND.ARRAY ? [module.array(type).type] : []),
		];
		for (const one of named) note(module, one, kernel.count, names);
	}
	return names;
}

/** Kinds whose third word is the id of a type. */
const REFERS = new Set<number>([
	BTF_KIND.PTR,
	BTF_KIND.TYPEDEF,
	BTF_KIND.VOLATILE,
	BTF_KIND.CONST,
	BTF_KIND.RESTRICT,
	BTF_KIND.FUNC_PROTO,
	BTF_KIND.VAR,
	BTF_KIND.TYPE_TAG,
]);

/** Typedefs and pointers nest no deeper than this in C that people write. */
const DEEPEST = 16;

function note(btf: Btf, start: number, first: number, names: Set<string>): void {
	let id = start;
	for (let steps = 0; steps < DEEPEST && id !== 0; steps++) {
		const type = btf.type(id);
		if (type.kind === BTF_KIND.STRUCT || type.kind === BTF_KIND.UNION) {
			if (id < first && type.name !== "")
				names.add(`${type.kind === BTF_KIND.STRUCT ? "struct" : "union"} ${type.name}`);
			return;
		}
		if (type.kind === BTF_KIND.ARRAY) id = btf.array(type).type;
		else if (REFERS.has(type.kind)) id = type.sizeOrType;
		else return;
	}
}
