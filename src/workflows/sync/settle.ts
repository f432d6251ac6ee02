import { existsSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { parseConfig } from "../../kernel/config/config.ts";
import { parseMakeVariable } from "../../kernel/kbuild/make-variable.ts";
import { quoted } from "../../kernel/shell-word.ts";
import type { Target } from "../../target/target.ts";
import { thisArch } from "../../toolchain/choose.ts";
import type { Toolchain } from "../../toolchain/toolchain.ts";
import { readJournal } from "../../tree/journal/index.ts";
import type { PlanFacts } from "../../tree/plan/action.ts";
import type { Cured, Finding } from "../../tree/plan/cures/cure.ts";
import { curable } from "../../tree/plan/cures/index.ts";
import { seedVariables } from "../../tree/plan/seed.ts";
import { textOf } from "../../tree/read.ts";
import type { Tree } from "../../tree/tree.ts";
import { curedVariables, troublesOf } from "../../tree/troubles.ts";

/** What every make in the tree will be given, and what is cured with it. */
export interface Settled {
	variables: Record<string, string>;
	cures: Cured[];
	warnings: string[];
}

export interface Wishes {
	target: Target;
	/** false: nothing is cured. */
	cures?: boolean | undefined;
	/** The user's own; they win over all but what a cure puts behind a compiler's name. */
	makeVariables?: Record<string, string> | undefined;
}

/**
 * The make variables of a sync: toolchain, seed, what a target without Module.symvers needs, the user's own, cures. Throws
 * "busy" when cures of an earlier sync are in a tree that shall have none.
 */
export function settle(
	{ target, cures: wanted = true, makeVariables: own = {} }: Wishes,
	tree: Tree,
	facts: PlanFacts,
	toolchain: Pick<Toolchain, "variables" | "path">,
): Settled {
	if (!wanted) requireUncured(tree);
	const unlinked = withoutSymvers(tree, facts);
	const variables = {
		...toolchain.variables,
		...seedVariables(facts, tree.path, existsSync),
		...(unlinked?.variables ?? {}),
		...own,
	};
	const troubles = wanted
		? troublesOf({
				...{ tree, variables, path: toolchain.path, config: parseConfig(facts.config.text) },
				arch: target.arch?.value ?? thisArch(),
				target: { vermagic: target.vermagic?.value ?? null, compiler: target.compiler?.value ?? null },
			})
		: [];
	const cures = curable(troubles);
	return {
		variables: curedVariables(variables, cures),
		cures,
		warnings: [...(unlinked === null ? [] : [unlinked.warning]), ...incurable(troubles)],
	};
}

/** The words of `--make-var` as variables, the last of a name winning. Throws KprepError "usage" for one that cannot be kept. */
export function makeVariables(words: readonly string[]): Record<string, string> {
	const variables: Record<string, string> = {};
	for (const word of words) {
		const read = parseMakeVariable(word);
		if ("refused" in read)
			throw new KprepError("usage", "bad-make-var", "--make-var cannot take this", {
				expected: read.refused,
				found: word,
			});
		variables[read.name] = read.value;
	}
	return variables;
}

/**
 * Without the target's Module.symvers no symbol is known to modpost, which stops there unless KBUILD_MODPOST_WARN is set
 * (scripts/Makefile.modpost, 2.6.20 and later); null where there is one, or the tree was built itself.
 */
function withoutSymvers(
	{ path, output }: Tree,
	{ symvers, release }: PlanFacts,
): { variables: Record<string, string>; warning: string } | null {
	if (symvers !== null || existsSync(join(output, "Module.symvers"))) return null;
	const known = (textOf(join(path, "scripts/Makefile.modpost")) ?? "").includes("KBUILD_MODPOST_WARN");
	return {
		variables: known ? { KBUILD_MODPOST_WARN: "1" } : {},
		warning: `no Module.symvers of ${release} is known: modules compile, but nothing says that the kernel has their symbols, and with MODVERSIONS they carry no CRCs and are refused; its headers, image or modules tell them (-t IMAGE, --sysroot DIR)`,
	};
}

/** One sentence for each trouble that has no cure. */
function incurable(troubles: Finding[]): string[] {
	return troubles.flatMap((one) => ("cannot" in one ? [`${one.title}: ${one.cannot}`] : []));
}

function requireUncured({ output, path }: Tree): void {
	const cured = readJournal(output)?.record?.cures ?? [];
	if (cured.length === 0) return;
	throw new KprepError("busy", "cured-already", "an earlier sync cured this tree", {
		expected: "a tree without cures, for --no-cures",
		found: cured.join(", "),
		where: path,
		suggestions: [`kprep undo ${quoted(path)}`, "then the same command again"],
	});
}
