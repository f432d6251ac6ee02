import type { LayoutMember } from "../../formats/btf/btf-layout.ts";
import type { Config } from "../config/config.ts";
import { type GuardDifference, layoutCause } from "../layout/cause.ts";
import type { GuardedMember } from "../layout/guards.ts";
import type { LayoutDifference } from "../layout/struct-layout.ts";

/** A member that one side lacks, or that lies elsewhere. Bytes from the start; null: not there. */
export interface MemberChange {
	name: string;
	type: string;
	offsets: [number | null, number | null];
}

/** A structure that the two kernels lay out differently. */
export interface StructChange {
	/** "struct page". */
	name: string;
	/** Bytes. */
	size: [number, number];
	members: MemberChange[];
	/** Config symbols behind members that come or go, where a header of one of the kernels tells. */
	symbols: GuardDifference[];
}

/** `guarded` are the members in the source of one of the kernels; null where no source is at hand. */
export function structChange(
	name: string,
	difference: LayoutDifference,
	guarded: readonly GuardedMember[] | null,
	configs: readonly [Config | null, Config | null],
): StructChange {
	const { target, tree, missing, extra, moved } = difference;
	const [theirs, ours] = configs;
	return {
		name,
		size: [target.size, tree.size],
		members: [
			...missing.map((member) => change(member, [bytes(member.bitOffset), null])),
			...extra.map((member) => change(member, [null, bytes(member.bitOffset)])),
			...moved.map((one) => ({
				name: one.name,
				type: target.members.find((member) => member.name === one.name)?.type ?? "",
				offsets: [bytes(one.target), bytes(one.tree)] as MemberChange["offsets"],
			})),
		],
		symbols:
			guarded === null || theirs === null || ours === null
				? []
				: layoutCause(difference, guarded, theirs, ours).symbols,
	};
}

function change({ name, type }: LayoutMember, offsets: MemberChange["offsets"]): MemberChange {
	return { name, type, offsets };
}

function bytes(bits: number): number {
	return Math.floor(bits / 8);
}
