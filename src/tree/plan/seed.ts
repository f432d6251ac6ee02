import { basename, join } from "node:path";
import { isOn, parseConfig } from "../../kernel/config.ts";
import type { PlanContext, WriteAction } from "./action.ts";
import { write } from "./write.ts";

/** Where a tree keeps its RANDSTRUCT seed: from 5.19 on, and before (FACTS section 6). */
const PLACES: Record<string, { path: string; probe: string }> = {
	"randstruct.seed": { path: "scripts/basic/randstruct.seed", probe: "scripts/gen-randstruct-seed.sh" },
	"randomize_layout_seed.h": {
		path: "scripts/gcc-plugins/randomize_layout_seed.h",
		probe: "scripts/gcc-plugins/gen-random-seed.sh",
	},
};

/** The target's RANDSTRUCT seed, where the target ships it and this tree keeps one of that kind; else null. A fresh seed never matches. */
export function planSeed(context: PlanContext): WriteAction | null {
	const { tree, facts, exists } = context;
	if (facts.seed === null) return null;
	const config = parseConfig(facts.config.text);
	if (!["RANDSTRUCT", "GCC_PLUGIN_RANDSTRUCT"].some((symbol) => isOn(config, symbol))) return null;
	const place = PLACES[basename(facts.seed.source.path)];
	if (place === undefined || !exists(join(tree.path, place.probe))) return null;
	return write(context, join(tree.output, place.path), facts.seed.content, {
		id: "randstruct",
		summary: `take the target's RANDSTRUCT seed from ${facts.seed.source.path}`,
		reason: "with another seed every randomised structure is laid out differently",
	});
}
