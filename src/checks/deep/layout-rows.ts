import type { LayoutMember } from "../../formats/btf/btf-layout.ts";
import type { LayoutRow, RowSide } from "../../kernel/layout/finding.ts";
import { keyed, type LayoutDifference } from "../../kernel/layout/struct-layout.ts";

/** Rows kept around each difference. */
const CONTEXT = 2;

/** Members of both sides next to each other, as a side-by-side diff of their names; runs that agree are cut. */
export async function layoutRows({ target, tree }: LayoutDifference): Promise<LayoutRow[]> {
	const { diffArrays } = await import("diff");
	const [theirs, ours] = [keyed(target), keyed(tree)];
	const rows: LayoutRow[] = [];
	let [at, here] = [0, 0];
	const parts = diffArrays(
		theirs.map(([key]) => key),
		ours.map(([key]) => key),
	);
	for (const { count = 0, added, removed } of parts) {
		for (let index = 0; index < count; index++) {
			rows.push({
				target: added ? null : side(theirs[at++]?.[1]),
				tree: removed ? null : side(ours[here++]?.[1]),
			});
		}
	}
	return cut(rows);
}

function side(member: LayoutMember | undefined): RowSide | null {
	return member === undefined
		? null
		: { offset: Math.floor(member.bitOffset / 8), name: member.name || "(unnamed)", type: member.type };
}

/** Keeps members of one side only, and the places where a shift begins or ends, with some rows around. */
function cut(rows: LayoutRow[]): LayoutRow[] {
	const shift = (row: LayoutRow | undefined) =>
		row?.target && row.tree ? row.tree.offset - row.target.offset : null;
	const near = new Set<number>();
	let last = 0;
	rows.forEach((row, index) => {
		const now = shift(row);
		if (now === null || now !== last)
			for (let kept = index - CONTEXT; kept <= index + CONTEXT; kept++) near.add(kept);
		if (now !== null) last = now;
	});
	const result: LayoutRow[] = [];
	let gap = 0;
	rows.forEach((row, index) => {
		if (near.has(index)) {
			if (gap > 0) result.push({ target: null, tree: null, gap });
			gap = 0;
			result.push(row);
		} else gap++;
	});
	if (gap > 0 && result.length > 0) result.push({ target: null, tree: null, gap });
	return result;
}
