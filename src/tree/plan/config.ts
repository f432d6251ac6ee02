import { join } from "node:path";
import { type Config, editConfig, parseConfig, stringOf } from "../../kernel/config/config.ts";
import type { PlanContext, WriteAction } from "./action.ts";
import { write } from "./write.ts";

/** Key files that a distribution's build had beside the tree, and what an option falls back to without its file. */
const KEY_FILES: Record<string, string> = {
	SYSTEM_TRUSTED_KEYS: '""',
	SYSTEM_REVOCATION_KEYS: '""',
	MODULE_SIG_KEY: '"certs/signing_key.pem"',
};

/** The target's .config in objtree, less options that name key files which this tree lacks (make would stop: no rule to make them). */
export function planConfig(context: PlanContext): WriteAction {
	const { tree, facts, record } = context;
	const changes = missingKeys(context, parseConfig(facts.config.text));
	const content = changes.size === 0 ? facts.config.text : editConfig(facts.config.text, changes);
	const dropped = [...changes.keys()].map((symbol) => `CONFIG_${symbol}`).join(", ");
	const action = write(context, join(tree.output, ".config"), content, {
		id: "config",
		summary: `take the target's .config from ${facts.config.source.path}${dropped ? `, without the missing files of ${dropped}` : ""}`,
		reason: "structures and vermagic follow from it",
	});
	const kept =
		record !== null &&
		record.configGiven === context.digest(content) &&
		tree.config !== null &&
		record.configLeft === context.digest(tree.config.text);
	return kept ? { ...action, changed: false } : action;
}

function missingKeys({ tree, exists }: PlanContext, config: Config): Map<string, string> {
	const changes = new Map<string, string>();
	for (const [symbol, fallback] of Object.entries(KEY_FILES)) {
		const file = stringOf(config, symbol);
		if (file === undefined || file === "" || file.startsWith("pkcs11:") || `"${file}"` === fallback) continue;
		if (
			file.startsWith("/") ? exists(file) : exists(join(tree.path, file)) || exists(join(tree.output, file))
		)
			continue;
		changes.set(symbol, fallback);
	}
	return changes;
}
