import { join } from "node:path";
import { compareConfigs } from "../kernel/config/drift.ts";
import type { Check, CheckFinding } from "./check.ts";
import { sourcesOf, unknownOf, unpreparedOf } from "./compare.ts";

const SHOWN = 8;

/** Every symbol of the tree's .config against the target's, leaving out what only records the build host. */
export const config: Check = {
	id: "config",
	run({ tree, target, targetConfig, syncCommand }): CheckFinding {
		const evidence = [...sourcesOf(target.config), { kind: "tree", path: join(tree.output, ".config") }];
		if (targetConfig === null || tree.config === null) {
			const [expected, actual] = [
				targetConfig === null ? null : "the target's options",
				tree.config === null ? null : "a .config",
			];
			const advice =
				targetConfig === null ? unknownOf("the target's .config") : unpreparedOf(".config", syncCommand);
			return { id: "config", status: "unknown", expected, actual, evidence, advice };
		}
		const drift = compareConfigs(targetConfig, tree.config.symbols);
		if (drift.length === 0) {
			const count = `${targetConfig.size} symbols`;
			return { id: "config", status: "match", expected: count, actual: count, evidence, advice: null };
		}
		const list = (side: "target" | "tree") =>
			drift
				.slice(0, SHOWN)
				.map((one) => `CONFIG_${one.symbol}=${one[side] ?? "n"}`)
				.join(" ") + (drift.length > SHOWN ? ` and ${drift.length - SHOWN} more` : "");
		return {
			id: "config",
			status: "mismatch",
			expected: list("target"),
			actual: list("tree"),
			evidence,
			advice: { about: "struct-module-layout", commands: [syncCommand] },
		};
	},
};
