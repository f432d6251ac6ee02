import type { LayoutMember, StructLayout } from "../../formats/btf/btf-layout.ts";

/** How one structure differs between the target and the tree. Types are for reading only: they are not compared. */
export interface LayoutDifference {
	name: string;
	target: StructLayout;
	tree: StructLayout;
	/** Members of the target that the tree's structure lacks. */
	missing: LayoutMember[];
	/** Members of the tree's structure that the target's lacks. */
	extra: LayoutMember[];
	/** Members of both that lie elsewhere, or have another number of bits. */
	moved: { name: string; target: number; tree: number }[];
}

/** Compares size, members, offsets and bit fields; null when they are the same. */
export function compareLayouts(target: StructLayout, tree: StructLayout): LayoutDifference | null {
	const ours = new Map(keyed(tree));
	const difference: LayoutDifference = { name: target.name, target, tree, missing: [], extra: [], moved: [] };
	for (const [key, member] of keyed(target)) {
		const other = ours.get(key);
		ours.delete(key);
		if (other === undefined) difference.missing.push(member);
		else if (other.bitOffset !== member.bitOffset || other.bitSize !== member.bitSize)
			difference.moved.push({ name: member.name, target: member.bitOffset, tree: other.bitOffset });
	}
	difference.extra.push(...ours.values());
	const { missing, extra, moved } = difference;
	const same = missing.length + extra.length + moved.length === 0;
	return same && target.size === tree.size ? null : difference;
}

/** Members by name; of several with one name (unnamed paddings, members of unions) each has its own number. */
export function keyed({ members }: StructLayout): [key: string, member: LayoutMember][] {
	const seen = new Map<string, number>();
	return members.map((member) => {
		const count = (seen.get(member.name) ?? 0) + 1;
		seen.set(member.name, count);
		return [`${member.name}\0${count}`, member];
	});
}

/** Structures by name that both sides hold as a member, and that so may be what differs inside: "module_layout" of `struct module_layout core_layout`. */
export function innerStructs({ target, tree }: LayoutDifference): string[] {
	const inTree = new Set(tree.members.map(({ type }) => type));
	const names = target.members.flatMap(({ type }) => {
		const name = /^struct (\w+)(?: \[\d+\])?$/.exec(type)?.[1] ?? /^(\w+_t)$/.exec(type)?.[1];
		return name !== undefined && inTree.has(type) ? [name] : [];
	});
	return [...new Set(names)];
}
