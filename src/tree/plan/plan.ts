import { KprepError } from "../../errors.ts";
import { quoted } from "../../kernel/shell-word.ts";
import type { Tree } from "../tree.ts";
import type { Plan, PlanContext, PlanFacts } from "./action.ts";
import { planConfig } from "./config.ts";
import { planCures } from "./cure.ts";
import { planMake } from "./make.ts";
import { planMakefile } from "./makefile.ts";
import { decideRelease, planSettings } from "./release.ts";
import { planReleaseHeaders } from "./release-header.ts";
import { planSeed } from "./seed.ts";
import { planSymvers } from "./symvers.ts";

/**
 * All that a sync will do, as plain values: nothing is written here, and the dry run prints exactly this.
 * Throws `wrong-series` when the tree can never serve the target.
 */
export function makePlan(given: Omit<PlanContext, "release">): Plan {
	const warnings = checkSeries(given.tree, given.facts);
	const context: PlanContext = { ...given, release: decideRelease(given) };
	const own = [planConfig, planMakefile, planSettings, planSymvers]
		.map((plan) => plan(context))
		.filter((action) => action !== null);
	own.push(...planSeed(context), ...planReleaseHeaders(context));
	const writes = planCures(context, own);
	const actions = given.options.make ? [...writes, ...planMake(context, writes)] : writes;
	return { strategy: context.release.strategy, reason: context.release.reason, actions, warnings };
}

/** Another series is refused; another SUBLEVEL only warned about. */
function checkSeries(tree: Tree, { version, release }: PlanFacts): string[] {
	const wanted = (version ?? release).split(/[.-]/);
	const [major, minor] = [tree.block.version, tree.block.patchlevel];
	if (wanted[0] !== major || wanted[1] !== minor) {
		throw new KprepError(
			"missing",
			"wrong-series",
			`a ${tree.base} tree cannot serve the kernel ${release}`,
			{
				expected: `a tree of the ${wanted[0]}.${wanted[1]} series`,
				found: `${tree.base}`,
				where: `${tree.path}/Makefile`,
				suggestions: [`kprep source list -t ${quoted(release)}`, `kprep source get -t ${quoted(release)}`],
			},
		);
	}
	if (version === null)
		return [`the target's V.P.S is not known, so it is not compared with the tree's ${tree.base}`];
	if (sameVersion(version, tree.base)) return [];
	return [
		`the tree is ${tree.base}, the target was built from ${version}: structures may differ between them; \`kprep source list\` finds the exact source`,
	];
}

function sameVersion(one: string, other: string): boolean {
	const full = (version: string) => [...version.split("."), "0"].slice(0, 3).join(".");
	return full(one) === full(other);
}
