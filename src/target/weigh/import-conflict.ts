import type { Progress } from "../../host/progress.ts";
import { crcText } from "../../kernel/symvers/symvers.ts";
import { contradictions } from "../facts/rebuilt-symvers.ts";
import { modulesBelow } from "../providers/modules/places.ts";
import { scanModules } from "../providers/modules/scan-modules.ts";
import type { Conflict, Target } from "../target.ts";

/** What was made from the modules themselves cannot contradict them. */
const OWN = new Set(["image", "profile"]);

/**
 * Where the target's Module.symvers and what its installed modules import do not agree, as one conflict; null when
 * they do. Reads every module, so it is for whole reports. The file is kept: a stale module may be what is wrong.
 */
export async function importConflict(
	{ symvers, modules }: Pick<Target, "symvers" | "modules">,
	progress: Progress,
): Promise<Conflict | null> {
	if (symvers === null || modules === null || OWN.has(symvers.source.kind)) return null;
	const scanned = await scanModules(modulesBelow(modules.value), progress);
	const found = contradictions(new TextDecoder().decode(await symvers.read()), scanned);
	const [first] = found;
	if (first === undefined) return null;
	return {
		fact: "symvers",
		values: [
			{ value: `${first.symbol} ${crcText(first.symvers)}`, source: symvers.source },
			{
				value: `${first.symbol} ${crcText(first.modules)}`,
				source: { kind: "module", path: modules.value },
			},
		],
		why: `it is what modules are built with, but ${found.length} of its CRCs are not those that the ${scanned.count} installed modules import`,
	};
}
