import type { Conflict, Fact, SymversFact } from "../target.ts";

/**
 * The first Module.symvers whose module_layout CRC does not contradict that of the target's own modules or image.
 * Each one that does is rejected, with both CRCs and the reason: it belongs to another build, and every module built
 * with it would be refused.
 */
export async function chooseSymvers(
	candidates: readonly SymversFact[],
	layout: Fact | null,
): Promise<{ taken: SymversFact | null; conflicts: Conflict[] }> {
	const conflicts: Conflict[] = [];
	for (const candidate of candidates) {
		const crc = layout === null ? null : await candidate.layoutCrc();
		if (layout === null || crc === null || crc === layout.value) return { taken: candidate, conflicts };
		conflicts.push({
			fact: "symvers",
			values: [
				{ value: `module_layout ${layout.value}`, source: layout.source },
				{ value: `module_layout ${crc}`, source: candidate.source },
			],
			why: `${candidate.value} is rejected: it belongs to another build than ${layout.source.path}`,
		});
	}
	return { taken: null, conflicts };
}
