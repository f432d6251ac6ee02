import { BTF_KIND, type Btf } from "../../formats/btf/btf.ts";
import type { KernelBtf, KernelType, StructModule } from "./knowledge.ts";

const DEEPEST = 32;
const { PTR, ARRAY, TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG, STRUCT } = BTF_KIND;
const REFERENCES = new Set<number>([TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG]);

/** What the loader model asks for of the image's BTF. */
export function kernelBtf(btf: Btf): KernelBtf {
	let byName: Map<string, KernelType[]> | null = null;
	return {
		types: btf.count,
		stringsLength: btf.stringEnd,
		string: (offset) => btf.string(offset),
		named: (name) => {
			byName ??= namedTypes(btf);
			return byName.get(name) ?? [];
		},
	};
}

const { INT, UNION, ENUM, FWD, FLOAT, ENUM64 } = BTF_KIND;
const NAMED = new Set<number>([INT, STRUCT, UNION, ENUM, FWD, FLOAT, ENUM64]);

function namedTypes(btf: Btf): Map<string, KernelType[]> {
	const byName = new Map<string, KernelType[]>();
	for (let id = 1; id < btf.count; id++) {
		const { kind, name, flag, sizeOrType } = btf.type(id);
		if (name === "" || !NAMED.has(kind)) continue;
		const type = { kind, flag, size: kind === FWD ? 0 : sizeOrType };
		const known = byName.get(name);
		if (known === undefined) byName.set(name, [type]);
		else known.push(type);
	}
	return byName;
}

/** The target's struct module from its BTF: size, and members of the first level with offsets and sizes in bytes. null when it is not there. */
export function structModuleFrom(btf: Btf, pointer: 4 | 8): StructModule | null {
	const type = btf.find(STRUCT, "module");
	if (type === null) return null;
	const members = btf.members(type).map(({ name, type: id, bitOffset }) => ({
		name,
		offset: Math.floor(bitOffset / 8),
		size: sizeOf(btf, id, pointer, 0),
	}));
	const offsetOf = (wanted: string) => members.find(({ name }) => name === wanted)?.offset ?? null;
	return { size: type.sizeOrType, init: offsetOf("init"), exit: offsetOf("exit"), members };
}

/** Bytes of a type; 0 for functions, void and what nests too deep to be real. */
function sizeOf(btf: Btf, id: number, pointer: number, depth: number): number {
	const type = btf.type(id);
	if (depth > DEEPEST || id === 0) return 0;
	if (type.kind === PTR) return pointer;
	if (REFERENCES.has(type.kind)) return sizeOf(btf, type.sizeOrType, pointer, depth + 1);
	if (type.kind !== ARRAY) return type.kind === BTF_KIND.FWD ? 0 : type.sizeOrType;
	const { type: element, count } = btf.array(type);
	return count * sizeOf(btf, element, pointer, depth + 1);
}
