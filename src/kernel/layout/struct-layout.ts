/** A structure as a compiler laid it out. */
export interface StructLayout {
	/** Name without "struct". */
	name: string;
	/** Bytes. */
	size: number;
	/** In order of offset; an anonymous union or struct is one member with an empty name. */
	members: LayoutMember[];
}

export interface LayoutMember {
	name: string;
	/** Bits from the start. */
	bitOffset: number;
	/** Bytes; null when not known (bit fields). */
	size: number | null;
	/** As in C, without the member's name: "struct list_head", "u32 [4]". */
	type: string;
}

/** How one structure differs between the target and the tree. */
export interface LayoutDifference {
	name: string;
	target: StructLayout;
	tree: StructLayout;
	/** Members of the target that the tree's structure lacks. */
	missing: LayoutMember[];
	/** Members of the tree's structure that the target's lacks. */
	extra: LayoutMember[];
	/** Members of both with another type or size; offsets are not looked at. */
	changed: { target: LayoutMember; tree: LayoutMember }[];
	/** Members of both that only lie elsewhere. */
	moved: { name: string; target: number; tree: number }[];
}

/** Compares member by member; null when size, names, offsets and types are the same. */
export function compareLayouts(target: StructLayout, tree: StructLayout): LayoutDifference | null {
	const key = keyed(target);
	const ours = new Map(keyed(tree));
	const difference: LayoutDifference = {
		name: target.name,
		target,
		tree,
		missing: [],
		extra: [],
		changed: [],
		moved: [],
	};
	for (const [name, member] of key) {
		const other = ours.get(name);
		ours.delete(name);
		if (other === undefined) difference.missing.push(member);
		else if (other.size !== member.size || other.type !== member.type)
			difference.changed.push({ target: member, tree: other });
		else if (other.bitOffset !== member.bitOffset)
			difference.moved.push({ name: member.name, target: member.bitOffset, tree: other.bitOffset });
	}
	difference.extra.push(...ours.values());
	const { missing, extra, changed, moved } = difference;
	const same = [missing, extra, changed, moved].every((list) => list.length === 0);
	return same && target.size === tree.size ? null : difference;
}

/** Members by name; unnamed ones by the number of unnamed ones before them. */
function keyed({ members }: StructLayout): [key: string, member: LayoutMember][] {
	let unnamed = 0;
	return members.map((member) => [member.name === "" ? `(unnamed ${unnamed++})` : member.name, member]);
}
