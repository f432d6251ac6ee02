import type { Progress } from "../../host/progress.ts";
import type { Config } from "../../kernel/config/config.ts";
import { quoted } from "../../kernel/shell-word.ts";
import type { TreeTrouble } from "../../report/doctor.ts";
import type { Target } from "../../target/target.ts";
import { chooseToolchain, thisArch } from "../../toolchain/choose.ts";
import { keptParts } from "../../toolchain/keep/kept.ts";
import { type UnsetVariable, unsetVariables } from "../../tree/kconfig-environment.ts";
import { readTree } from "../../tree/read.ts";
import { troublesOf } from "../../tree/troubles.ts";

/**
 * What this machine does to the tree, and whether a sync cures it: the compilers are those that a sync would take. None
 * where no compiler is here, which the tools' list says.
 */
export async function treeTroubles(
	path: string,
	output: string | undefined,
	target: Target | null,
	config: Config | null,
	progress: Progress,
): Promise<TreeTrouble[]> {
	const facts = {
		compiler: target?.compiler?.value ?? null,
		arch: target?.arch?.value ?? null,
		config: config ?? new Map<string, string>(),
	};
	try {
		const tree = readTree(path, output);
		const toolchain = chooseToolchain({ ...facts, makefile: tree.makefile, kept: await keptParts() });
		const unset = unsetVariables(tree.path, toolchain.variables, facts.arch ?? thisArch());
		const found = troublesOf({
			...{ tree, config: facts.config, variables: toolchain.variables, path: toolchain.path },
			arch: facts.arch ?? thisArch(),
			target: { vermagic: target?.vermagic?.value ?? null, compiler: facts.compiler },
		}).map((one) => ({
			...{ id: one.id, title: one.title, code: one.code },
			cured: !("cannot" in one),
			reason: "cannot" in one ? one.cannot : one.reason,
			remedy: ("cannot" in one ? one.remedy : null) ?? null,
		}));
		return [...found, ...unset.map(unsetTrouble)];
	} catch (error) {
		progress.verbose(`what this machine does to the tree cannot be told: ${(error as Error).message}`);
		return [];
	}
}

function unsetTrouble({ name, where, text, values }: UnsetVariable): TreeTrouble {
	const [first] = values;
	return {
		...{
			id: "kconfig-environment",
			title: "Kconfig reads a variable of its vendor's build",
			code: null,
			cured: false,
		},
		reason: `${name} is set by nothing: ${where}: ${text.slice(0, 100)}`,
		remedy: `kprep sync --make-var ${quoted(`${name}=${first?.value ?? "VALUE"}`)}${first === undefined ? "" : ` # as ${quoted(first.where)} has it`}`,
	};
}
