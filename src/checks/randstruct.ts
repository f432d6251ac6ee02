import { existsSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "../host/files/regular.ts";
import { isOn } from "../kernel/config/config.ts";
import type { Advice, Check, CheckFinding } from "./check.ts";
import { sourcesOf, unknownOf } from "./compare.ts";

const SEEDS = ["scripts/basic/randstruct.seed", "scripts/gcc-plugins/randomize_layout_seed.h"];

/** The RANDSTRUCT seed: with another one every randomised structure lies differently. */
export const randstruct: Check = {
	id: "randstruct",
	async run({ tree, target, targetConfig, syncCommand }): Promise<CheckFinding> {
		const used =
			targetConfig !== null &&
			["RANDSTRUCT", "GCC_PLUGIN_RANDSTRUCT"].some((symbol) => isOn(targetConfig, symbol));
		const path = SEEDS.map((seed) => join(tree.output, seed)).find((seed) => existsSync(seed));
		const evidence = [
			...sourcesOf(target.randstructSeed),
			...(path === undefined ? [] : [{ kind: "tree", path }]),
		];
		const result = (
			status: CheckFinding["status"],
			expected: string | null,
			actual: string | null,
			advice: Advice | null = null,
		) => ({ id: "randstruct", status, expected, actual, evidence, advice }) as const;
		if (targetConfig === null) return result("unknown", null, null, unknownOf("the target's .config"));
		if (!used) return result("skipped", "not used by the target", null);
		if (target.randstructSeed === null) {
			const release = target.release?.value;
			const facts = release === undefined ? {} : { release_kernel: release };
			return result("unknown", null, null, { about: "vermagic-randstruct", facts, commands: [] });
		}
		const wanted = seedOf(await target.randstructSeed.read());
		const present =
			path === undefined ? null : seedOf(readRegular(path, { within: tree.output, limit: 64 * 1024 }));
		return present === wanted
			? result("match", wanted, present)
			: result("mismatch", wanted, present, { about: "vermagic-randstruct", commands: [syncCommand] });
	},
};

/** The hex text in a seed file of either kind. */
function seedOf(content: Uint8Array): string {
	return /[0-9a-f]{32,}/.exec(new TextDecoder().decode(content))?.[0] ?? "";
}
