import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isOn } from "../kernel/config.ts";
import type { Check, CheckResult } from "./check.ts";
import { sourcesOf } from "./compare.ts";

const SEEDS = ["scripts/basic/randstruct.seed", "scripts/gcc-plugins/randomize_layout_seed.h"];

/** The RANDSTRUCT seed: with another one every randomised structure lies differently. */
export const randstruct: Check = {
	id: "randstruct",
	async run({ tree, target, targetConfig }): Promise<CheckResult> {
		const used =
			targetConfig !== null &&
			["RANDSTRUCT", "GCC_PLUGIN_RANDSTRUCT"].some((symbol) => isOn(targetConfig, symbol));
		const path = SEEDS.map((seed) => join(tree.output, seed)).find((seed) => existsSync(seed));
		const evidence = [
			...sourcesOf(target.randstructSeed),
			...(path === undefined ? [] : [{ kind: "tree", path }]),
		];
		const result = (
			status: CheckResult["status"],
			expected: string | null,
			actual: string | null,
			remedy: string | null = null,
		) => ({ id: "randstruct", status, expected, actual, evidence, remedy }) as const;
		if (targetConfig === null)
			return result("unknown", null, null, "--config FILE names the target's .config");
		if (!used) return result("skipped", "not used by the target", null);
		if (target.randstructSeed === null) {
			return result(
				"unknown",
				null,
				null,
				"only the seed of the target's own build fits; install its headers package if it ships the seed",
			);
		}
		const wanted = seedOf(await target.randstructSeed.read());
		const present = path === undefined ? null : seedOf(readFileSync(path));
		return result(
			present === wanted ? "match" : "mismatch",
			wanted,
			present,
			present === wanted ? null : "kprep sync copies the target's seed",
		);
	},
};

/** The hex text in a seed file of either kind. */
function seedOf(content: Uint8Array): string {
	return /[0-9a-f]{32,}/.exec(new TextDecoder().decode(content))?.[0] ?? "";
}
