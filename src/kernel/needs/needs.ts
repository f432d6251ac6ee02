import { isOn, stringOf } from "../config/config.ts";
import { compilerNeeds } from "./compiler.ts";
import type { Circumstances, Need } from "./need.ts";
import { RULES, type Rule } from "./rules.ts";

/** Everything that the target's config and the tree need, each tool once, what must be there first. */
export function needsOf(it: Circumstances): Need[] {
	const needs = new Map<string, Need>();
	const add = (need: Need) => {
		const other = needs.get(need.tool);
		if (other === undefined) needs.set(need.tool, need);
		else if (!other.neededFor.includes(need.neededFor)) {
			other.neededFor += `; ${need.neededFor}`;
			other.must ||= need.must;
		}
	};
	for (const need of compilerNeeds(it)) add(need);
	for (const rule of RULES) {
		const reason = reasonOf(rule, it);
		if (reason !== null)
			add({
				tool: rule.tool,
				neededFor: reason,
				required: rule.tool === "pahole" ? it.pahole : (it.minimums.get(rule.tool) ?? null),
				must: rule.must ?? true,
				instead: rule.instead ?? [],
			});
	}
	return [...needs.values()].sort((a, b) => Number(b.must) - Number(a.must));
}

/** What the rule's tool is needed for here; null when it is not. */
function reasonOf(rule: Rule, { config, has, arch, host }: Circumstances): string | null {
	if (rule.tree !== undefined && has !== null && !rule.tree.some((path) => has(path))) return null;
	if (rule.oldTree === true && has === null) return null;
	if (rule.arch !== undefined && rule.arch !== (arch ?? host)) return null;
	if (rule.config === undefined) return rule.why;
	const on = rule.config.filter(
		(symbol) => config !== null && (isOn(config, symbol) || Boolean(stringOf(config, symbol))),
	);
	return on.length === 0 ? null : `CONFIG_${on[0]}: ${rule.why}`;
}
