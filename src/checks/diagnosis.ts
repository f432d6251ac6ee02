import { type Facts, remedyFor, titleOf } from "../kernel/failures/catalogue.ts";
import { vermagicKinds } from "../kernel/failures/loading/vermagic-kinds.ts";
import { parseVermagic } from "../kernel/vermagic/vermagic.ts";
import type { Advice, CheckFinding, CheckResult } from "./check.ts";

/**
 * The finding with the words of its remedy from the failure catalogue, and for a mismatch the entry itself:
 * `kprep explain ID` tells all of it. Throws TypeError when a check names an entry that there is not.
 */
export function withRemedy({ advice, asks: _, marks: _marks, ...finding }: CheckFinding): CheckResult {
	const commands = advice?.commands ?? [];
	const about = advice === null ? null : aboutOf(advice);
	const told = { ...finding, why: finding.why ?? null, effect: finding.effect ?? null };
	if (about === null) return { ...told, remedy: null, commands };
	const { id, facts } = about;
	const diagnosis = finding.status === "mismatch" ? { diagnosis: { id, title: titleOf(id) } } : {};
	return { ...told, remedy: remedyFor(id, facts), commands, ...diagnosis };
}

function aboutOf({ about, facts = {} }: Advice): { id: string; facts: Facts } | null {
	if (about === null) return null;
	if (typeof about === "string") return { id: about, facts };
	const [id] = vermagicKinds(about.ours, about.theirs);
	const releases = {
		release_module: parseVermagic(about.ours).release,
		release_kernel: parseVermagic(about.theirs).release,
	};
	return { id: id ?? "vermagic-flags", facts: { ...releases, ...facts } };
}
